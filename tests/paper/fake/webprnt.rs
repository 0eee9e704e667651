//! Star's WebPRNT: a request in XML is posted to the printer (`POST /StarWebPRNT/SendMessage`). The
//! document stands in it as text, and so does the answer in the answer.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::epos::{number, only, picture, raw};
use super::escpos::Profile;
use super::escpos::command::{Align, Buzz, Command, Cut, Font, Pulse, Qr};
use super::escpos::mechanism::Mechanism;
use super::http::{Message, Reply};
use super::over_http::{Printer, State, Trouble};
use super::xml::{Element, escaped};

pub const PATH: &str = "/StarWebPRNT/SendMessage";
const NAMESPACE: &str = "http://www.star-m.jp";
/// Rows of a line: 3 mm at 203 dots an inch.
const LINE: usize = 24;

/// What an answer's code says.
const DONE: u32 = 0;
const OFF_LINE: u32 = 1100;
const BUSY: u32 = 2001;

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
    let document = match parse(request) {
        Ok(document) => document,
        Err(why) => {
            state.refused.push(why);
            return Reply::status(400);
        }
    };
    let is_off_line = state.condition.is_off_line();
    let code = match trouble {
        Some(Trouble::Busy) => BUSY,
        Some(Trouble::TimesOut) => OFF_LINE,
        _ if is_off_line => OFF_LINE,
        _ => DONE,
    };
    if code == DONE && state.print(|mechanism| draw(&document, mechanism)).is_err() {
        return Reply::status(400);
    }
    Reply::xml(answer(code, &state.condition.star_asb()))
}

/// The document that stands in a request as text.
fn parse(request: &Message) -> Result<Element, String> {
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.starts_with("text/xml") {
        return Err(format!("the content is said to be {kind:?}"));
    }
    let outer = Element::parse(&request.body)?;
    if outer.name != "StarWebPrint" || outer.namespace() != Some(NAMESPACE) {
        return Err("no <StarWebPrint>".into());
    }
    let text = outer.child("Request").ok_or("no <Request>")?.text.trim();
    let document = Element::parse(text.as_bytes())?;
    if document.name != "root" {
        return Err(format!("<{}> is no <root>", document.name));
    }
    only(&document, &["checkedblock", "papertype", "holdprint_timeout"])?;
    Ok(document)
}

fn answer(code: u32, status: &[u8]) -> String {
    let status: Vec<_> = status.iter().map(|byte| format!("{byte:02X}")).collect();
    let status = status.concat();
    let success = code == DONE;
    let root = format!(
        "<root><success>{success}</success><code>{code}</code><status>{status}0000</status></root>"
    );
    let root = escaped(&root);
    format!(
        r#"<?xml version="1.0"?><StarWebPrint xmlns="{NAMESPACE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Response>{root}</Response></StarWebPrint>"#
    )
}

fn draw(document: &Element, mechanism: &mut Mechanism) -> Result<(), String> {
    for element in &document.children {
        draw_element(element, mechanism).map_err(|why| format!("<{}>: {why}", element.name))?;
    }
    Ok(())
}

fn run(mechanism: &mut Mechanism, command: Command) -> Result<(), String> {
    mechanism.run(0, command).map_err(|why| format!("{why:?}"))
}

fn draw_element(element: &Element, mechanism: &mut Mechanism) -> Result<(), String> {
    match element.name.as_str() {
        "initialization" => run(mechanism, Command::Initialise),
        "alignment" => {
            let align = match element.attribute("position") {
                None | Some("left") => Align::Left,
                Some("center") => Align::Center,
                Some("right") => Align::Right,
                Some(other) => return Err(format!("position={other:?}")),
            };
            run(mechanism, Command::Align(align))
        }
        "text" => text(element, mechanism),
        "feed" => {
            only(element, &["line", "unit"])?;
            let rows = if element.attribute("unit").is_some() {
                number(element, "unit", LINE, 255)?
            } else {
                number(element, "line", 1, 255)? * LINE
            };
            mechanism.end_line(0, rows);
            Ok(())
        }
        "bitimage" => {
            only(element, &["width", "height"])?;
            run(mechanism, Command::Raster(picture(element)?))
        }
        "qrcode" => qr(element, mechanism),
        "cutpaper" => {
            only(element, &["feed", "type"])?;
            let fed = (element.attribute("feed") != Some("false")).then_some(0);
            let is_full = element.attribute("type") != Some("partial");
            run(mechanism, Command::Cut(Cut { is_full, fed }))
        }
        "peripheral" => {
            only(element, &["channel", "on", "off"])?;
            let pin = if number(element, "channel", 1, 2)? == 1 { 2 } else { 5 };
            let ms = |name| {
                let ms = number(element, name, 200, 5000)?;
                u32::try_from(ms).map_err(|error| error.to_string())
            };
            let pulse = Pulse { pin, on_ms: ms("on")?, off_ms: ms("off")? };
            run(mechanism, Command::Pulse(pulse))
        }
        "sound" => {
            only(element, &["channel", "repeat", "on", "off"])?;
            let times = number(element, "repeat", 1, 20)?;
            let times = u8::try_from(times).map_err(|error| error.to_string())?;
            run(mechanism, Command::Buzz(Buzz { times, cycle_ms: 1000 }))
        }
        "rawdata" => {
            let bytes = BASE64_STANDARD.decode(element.text.trim());
            raw(mechanism, &bytes.map_err(|error| error.to_string())?)
        }
        _ => Err("is not known here".into()),
    }
}

fn text(element: &Element, mechanism: &mut Mechanism) -> Result<(), String> {
    for (name, value) in &element.attributes {
        let is_on = value == "true";
        match (name.as_str(), value.as_str()) {
            ("emphasis", _) => run(mechanism, Command::Bold(is_on))?,
            ("underline", _) => run(mechanism, Command::Underline(u8::from(is_on)))?,
            ("invert", _) => run(mechanism, Command::Inverse(is_on))?,
            ("font", "font_a") => run(mechanism, Command::Font(Font::A))?,
            ("font", "font_b") => run(mechanism, Command::Font(Font::B))?,
            (
                "width" | "height" | "linespace" | "characterspace" | "codepage" | "international",
                _,
            ) => {}
            (name, value) => return Err(format!("{name}={value:?}")),
        }
    }
    let style = mechanism.style();
    let across = number(element, "width", style.across, 6)?.max(1);
    let down = number(element, "height", style.down, 6)?.max(1);
    run(mechanism, Command::Size { across, down })?;
    let mut lines = element.text.split('\n');
    mechanism.put(0, lines.next().unwrap_or_default());
    for line in lines {
        mechanism.end_line(0, number(element, "linespace", LINE, 255)?);
        mechanism.put(0, line);
    }
    Ok(())
}

fn qr(element: &Element, mechanism: &mut Mechanism) -> Result<(), String> {
    only(element, &["model", "level", "cell"])?;
    if element.attribute("model").is_some_and(|model| model != "model2") {
        return Err("not of model 2".into());
    }
    let level = match element.attribute("level") {
        None | Some("level_l") => 'L',
        Some("level_m") => 'M',
        Some("level_q") => 'Q',
        Some("level_h") => 'H',
        Some(other) => return Err(format!("level={other:?}")),
    };
    let module = u8::try_from(number(element, "cell", 3, 8)?).map_err(|error| error.to_string())?;
    run(mechanism, Command::Qr(Qr::Module(module)))?;
    run(mechanism, Command::Qr(Qr::Level(level)))?;
    run(mechanism, Command::Qr(Qr::Data(element.text.clone().into_bytes())))?;
    run(mechanism, Command::Qr(Qr::Print))
}
