//! Epson's ePOS-Print: a document in XML is posted to the printer, and its answer says what became
//! of it (`POST /cgi-bin/epos/service.cgi`).
//!
//! A document with anything that is not known here is refused whole, as one that breaks the schema.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::condition::{Condition, Roll};
use super::escpos::command::{Align, Buzz, Command, Cut, Font, Pulse, Qr};
use super::escpos::mechanism::Mechanism;
use super::escpos::{self, Profile};
use super::http::{Message, Reply};
use super::over_http::{Printer, State, Trouble};
use super::picture::Picture;
use super::xml::{Element, escaped};

pub const PATH: &str = "/cgi-bin/epos/service.cgi";
pub const DOCUMENT: &str = "http://www.epson-pos.com/schemas/2011/03/epos-print";
const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// The printer itself; others may hang on it by cables.
pub const DEVICE: &str = "local_printer";
/// In status: it is printed.
const PRINTED: u32 = 0x02;
/// In status: nothing answers.
const NO_RESPONSE: u32 = 0x01;

pub fn start(profile: Profile) -> Printer {
    Printer::start(profile, serve)
}

fn serve(state: &mut State, request: &Message, trouble: Option<Trouble>) -> Reply {
    if request.path() != PATH {
        return Reply::status(404);
    }
    if request.method() != "POST" {
        return Reply::status(405);
    }
    let envelope = match parse(request) {
        Ok(envelope) => envelope,
        Err(why) => {
            state.refused.push(why);
            return Reply::xml(answer(None, &outcome_of("SchemaError", NO_RESPONSE)));
        }
    };
    let job = envelope.job.clone();
    let device = request.query("devid").or(envelope.device);
    let outcome = if device.as_deref() != Some(DEVICE) {
        outcome_of("DeviceNotFound", NO_RESPONSE)
    } else if trouble == Some(Trouble::Busy) {
        outcome_of("TooManyRequests", NO_RESPONSE)
    } else if trouble == Some(Trouble::TimesOut) {
        outcome_of("EX_TIMEOUT", status(state.condition))
    } else {
        print(state, &envelope.document, job.as_deref())
    };
    Reply::xml(answer(job.as_deref(), &outcome))
}

/// What stands in a request.
struct Envelope {
    device: Option<String>,
    job: Option<String>,
    document: Element,
}

fn parse(request: &Message) -> Result<Envelope, String> {
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.starts_with("text/xml") {
        return Err(format!("the content is said to be {kind:?}"));
    }
    let envelope = Element::parse(&request.body)?;
    if envelope.name != "Envelope" || envelope.namespace() != Some(SOAP) {
        return Err("no SOAP envelope".into());
    }
    let body = envelope.child("Body").ok_or("no SOAP body")?;
    let [document] = body.children.as_slice() else { return Err("not one document".into()) };
    let parameter = envelope.child("Header").and_then(|header| header.child("parameter"));
    let said = |name| parameter?.text_of(name).map(str::to_owned);
    Ok(Envelope { device: said("devid"), job: said("printjobid"), document: document.clone() })
}

/// An answer's attributes.
pub fn outcome_of(code: &str, status: u32) -> String {
    let success = code.is_empty();
    format!(r#"success="{success}" code="{code}" status="{status}" battery="0""#)
}

fn answer(job: Option<&str>, outcome: &str) -> String {
    let header = job.map(|job| {
        format!(
            r#"<soapenv:Header><parameter xmlns="{DOCUMENT}"><devid>{DEVICE}</devid><printjobid>{}</printjobid></parameter></soapenv:Header>"#,
            escaped(job),
        )
    });
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{SOAP}">{}<soapenv:Body><response xmlns="{DOCUMENT}" {outcome}/></soapenv:Body></soapenv:Envelope>"#,
        header.unwrap_or_default(),
    )
}

/// The four bytes of the automatic status as a number.
pub fn status(condition: Condition) -> u32 {
    u32::from_le_bytes(condition.epson_asb())
}

/// Why it does not print; empty when it does.
pub fn trouble_of(condition: Condition) -> &'static str {
    match condition {
        Condition { is_cover_open: true, .. } => "EPTR_COVER_OPEN",
        Condition { roll: Roll::Out, .. } => "EPTR_REC_EMPTY",
        Condition { is_cutter_jammed: true, .. } => "EPTR_CUTTER",
        Condition { is_switched_off_line: true, .. } => "EX_TIMEOUT",
        _ => "",
    }
}

/// Prints a document and says how it went; one without content asks only how the printer is.
pub fn print(state: &mut State, document: &Element, job: Option<&str>) -> String {
    let now = status(state.condition);
    let code = trouble_of(state.condition);
    let is_printed = code.is_empty();
    if let Err(why) = check(document) {
        state.refused.push(why);
        return outcome_of("SchemaError", NO_RESPONSE);
    }
    if document.children.is_empty() {
        let known = job.map(|job| state.jobs.iter().rev().find(|(known, _)| known == job));
        return match known {
            Some(None) => outcome_of("JobNotFound", now),
            Some(Some((_, true))) | None if is_printed => outcome_of("", now | PRINTED),
            _ => outcome_of(if is_printed { "PrintSystemError" } else { code }, now),
        };
    }
    if is_printed && state.print(|mechanism| draw(document, mechanism)).is_err() {
        return outcome_of("SchemaError", NO_RESPONSE);
    }
    state.jobs.extend(job.map(|job| (job.to_owned(), is_printed)));
    outcome_of(code, if is_printed { now | PRINTED } else { now })
}

fn check(document: &Element) -> Result<(), String> {
    if document.name == "epos-print" && document.namespace() == Some(DOCUMENT) {
        Ok(())
    } else {
        Err(format!("<{}> of {:?} is no document", document.name, document.namespace()))
    }
}

/// Obeys the elements of a document one after the other.
fn draw(document: &Element, mechanism: &mut Mechanism) -> Result<(), String> {
    let mut page = Drawing { mechanism, line: 30 };
    for element in &document.children {
        page.element(element).map_err(|why| format!("<{}>: {why}", element.name))?;
    }
    Ok(())
}

struct Drawing<'a> {
    mechanism: &'a mut Mechanism,
    /// Rows of a line.
    line: usize,
}

impl Drawing<'_> {
    fn run(&mut self, command: Command) -> Result<(), String> {
        self.mechanism.run(0, command).map_err(|why| format!("{why:?}"))
    }

    fn element(&mut self, element: &Element) -> Result<(), String> {
        match element.name.as_str() {
            "text" => self.text(element),
            "feed" => self.feed(element),
            "image" => self.image(element),
            "symbol" => self.symbol(element),
            "cut" => {
                let fed = match element.attribute("type") {
                    None | Some("feed") => Some(0),
                    Some("no_feed") => None,
                    Some(other) => return Err(format!("type={other:?}")),
                };
                self.run(Command::Cut(Cut { is_full: false, fed }))
            }
            "pulse" => self.pulse(element),
            "sound" => {
                let times = number(element, "repeat", 1, 255)?;
                let cycle_ms = number(element, "cycle", 1000, 25500)?;
                let times = u8::try_from(times).map_err(|error| error.to_string())?;
                let cycle_ms = u32::try_from(cycle_ms).map_err(|error| error.to_string())?;
                self.run(Command::Buzz(Buzz { times, cycle_ms }))
            }
            "command" => self.raw(&element.text),
            "layout" | "recovery" | "reset" => Ok(()),
            _ => Err("is not known here".into()),
        }
    }

    fn text(&mut self, element: &Element) -> Result<(), String> {
        for (name, value) in &element.attributes {
            let is_on = matches!(value.as_str(), "true" | "1");
            match (name.as_str(), value.as_str()) {
                ("align", value) => self.align(value)?,
                ("font", "font_a") => self.run(Command::Font(Font::A))?,
                ("font", "font_b") => self.run(Command::Font(Font::B))?,
                ("em", _) => self.run(Command::Bold(is_on))?,
                ("ul", _) => self.run(Command::Underline(u8::from(is_on)))?,
                ("reverse", _) => self.run(Command::Inverse(is_on))?,
                ("linespc", _) => self.line = number(element, "linespc", 30, 255)?,
                ("x", _) => self.mechanism.line.x = number(element, "x", 0, 65535)?,
                ("width" | "height" | "dw" | "dh" | "lang" | "smooth", _)
                | ("color", "color_1")
                | ("rotate", "false" | "0") => {}
                (name, value) => return Err(format!("{name}={value:?}")),
            }
        }
        self.size(element)?;
        let mut lines = element.text.split('\n');
        self.mechanism.put(0, lines.next().unwrap_or_default());
        for line in lines {
            self.mechanism.end_line(0, self.line);
            self.mechanism.put(0, line);
        }
        Ok(())
    }

    fn size(&mut self, element: &Element) -> Result<(), String> {
        let double = |name| element.attribute(name).map(|on| if on == "true" { 2 } else { 1 });
        let is_said =
            ["width", "height", "dw", "dh"].iter().any(|name| element.attribute(name).is_some());
        if !is_said {
            return Ok(());
        }
        let style = self.mechanism.style();
        let across = number(element, "width", double("dw").unwrap_or(style.across), 8)?;
        let down = number(element, "height", double("dh").unwrap_or(style.down), 8)?;
        self.run(Command::Size { across, down })
    }

    fn align(&mut self, value: &str) -> Result<(), String> {
        let align = match value {
            "left" => Align::Left,
            "center" => Align::Center,
            "right" => Align::Right,
            other => return Err(format!("align={other:?}")),
        };
        self.run(Command::Align(align))
    }

    fn feed(&mut self, element: &Element) -> Result<(), String> {
        only(element, &["unit", "line", "linespc"])?;
        self.line = number(element, "linespc", self.line, 255)?;
        let rows = if element.attribute("unit").is_some() {
            number(element, "unit", 0, 255)?
        } else {
            number(element, "line", 1, 255)? * self.line
        };
        self.mechanism.end_line(0, rows);
        Ok(())
    }

    fn image(&mut self, element: &Element) -> Result<(), String> {
        only(element, &["width", "height", "align", "color", "mode"])?;
        for (name, only) in [("color", "color_1"), ("mode", "mono")] {
            if element.attribute(name).is_some_and(|value| value != only) {
                return Err(format!("{name} is not {only}"));
            }
        }
        if let Some(align) = element.attribute("align") {
            self.align(align)?;
        }
        let picture = picture(element)?;
        self.run(Command::Raster(picture))
    }

    fn symbol(&mut self, element: &Element) -> Result<(), String> {
        only(element, &["type", "level", "width", "height", "size", "align"])?;
        if element.attribute("type") != Some("qrcode_model_2") {
            return Err("not a QR code of model 2".into());
        }
        if let Some(align) = element.attribute("align") {
            self.align(align)?;
        }
        let level = match element.attribute("level") {
            None | Some("default" | "level_l") => 'L',
            Some("level_m") => 'M',
            Some("level_q") => 'Q',
            Some("level_h") => 'H',
            Some(other) => return Err(format!("level={other:?}")),
        };
        let module = number(element, "width", 3, 16)?;
        let module = u8::try_from(module).map_err(|error| error.to_string())?;
        self.run(Command::Qr(Qr::Module(module)))?;
        self.run(Command::Qr(Qr::Level(level)))?;
        self.run(Command::Qr(Qr::Data(element.text.clone().into_bytes())))?;
        self.run(Command::Qr(Qr::Print))
    }

    fn pulse(&mut self, element: &Element) -> Result<(), String> {
        only(element, &["drawer", "time"])?;
        let pin = match element.attribute("drawer") {
            None | Some("drawer_1") => 2,
            Some("drawer_2") => 5,
            Some(other) => return Err(format!("drawer={other:?}")),
        };
        let time = element.attribute("time").unwrap_or("pulse_100");
        let ms = time.strip_prefix("pulse_").and_then(|ms| ms.parse::<u32>().ok());
        let ms = ms.filter(|ms| (100..=500).contains(ms) && ms.is_multiple_of(100));
        let ms = ms.ok_or(format!("time={time:?}"))?;
        self.run(Command::Pulse(Pulse { pin, on_ms: ms, off_ms: ms }))
    }

    /// Bytes of ESC/POS as hexadecimal digits.
    fn raw(&mut self, digits: &str) -> Result<(), String> {
        let digits = digits.trim();
        let byte = |at| u8::from_str_radix(digits.get(at..at + 2).unwrap_or(""), 16);
        let bytes: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(byte)
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        raw(self.mechanism, &bytes)
    }
}

/// Obeys bytes of ESC/POS that come in a document.
pub fn raw(mechanism: &mut Mechanism, bytes: &[u8]) -> Result<(), String> {
    let mut at = 0;
    while at < bytes.len() {
        let next = escpos::next(&bytes[at..]).map_err(|why| format!("byte {at}: {why:?}"))?;
        let (command, length) = next.ok_or(format!("byte {at}: it ends too early"))?;
        mechanism.run(at, command).map_err(|why| format!("byte {at}: {why:?}"))?;
        at += length;
    }
    Ok(())
}

/// An element's rows of dots.
pub fn picture(element: &Element) -> Result<Picture, String> {
    let (width, height) =
        (number(element, "width", 0, 65535)?, number(element, "height", 0, 65535)?);
    if width == 0 || height == 0 {
        return Err("without a size".into());
    }
    let text: String = element.text.split_ascii_whitespace().collect();
    let bytes = BASE64_STANDARD.decode(text).map_err(|error| error.to_string())?;
    let needed = width.div_ceil(8) * height;
    if bytes.len() != needed {
        return Err(format!("{width} x {height} dots are {needed} bytes, not {}", bytes.len()));
    }
    Ok(Picture::from_rows(width, bytes))
}

pub fn number(element: &Element, name: &str, usual: usize, most: usize) -> Result<usize, String> {
    let Some(value) = element.attribute(name) else { return Ok(usual) };
    let number = value.parse().ok().filter(|number| *number <= most);
    number.ok_or(format!("{name}={value:?}"))
}

pub fn only(element: &Element, known: &[&str]) -> Result<(), String> {
    let unknown = element.attributes.iter().find(|(name, _)| !known.contains(&name.as_str()));
    unknown.map_or(Ok(()), |(name, value)| Err(format!("{name}={value:?}")))
}
