//! Epson's Server Direct Print: the printer posts a form, and gets documents of ePOS-Print; it posts
//! another form with what became of them.

use std::io;

use super::super::epos::{self, outcome_of};
use super::super::escpos::Profile;
use super::super::http::{self, Message};
use super::super::over_http::State;
use super::super::xml::{Element, escaped};
use super::{Misdeed, Puller, Visit};

/// The largest answer that it takes.
const MOST: usize = 2 * 1024 * 1024;
/// Prints in one answer.
const MOST_WORKS: usize = 5000;

pub struct Printer {
    pub puller: Puller,
    /// By what the server knows it.
    pub id: String,
    /// What was printed under which name.
    jobs: Vec<(String, bool)>,
}

/// Works, as the server gave them.
struct Given {
    version: String,
    works: Vec<Work>,
}

struct Work {
    device: String,
    job: Option<String>,
    document: Element,
}

impl Printer {
    pub fn new(server: std::net::SocketAddr, target: &str, id: &str, profile: Profile) -> Self {
        Self { puller: Puller::new(server, target, profile), id: id.into(), jobs: Vec::new() }
    }

    /// One round: asks, prints what it is given, and tells how it went.
    pub fn visit(&mut self) -> io::Result<Visit> {
        let mut visit = Visit::default();
        let answer = self.fetch()?;
        if answer.body.is_empty() {
            return Ok(visit);
        }
        let misdeed = self.puller.misdeeds.pop_front();
        let mut answers = vec![answer];
        match misdeed {
            Some(Misdeed::LosesAnswer) => answers = vec![self.fetch()?],
            Some(Misdeed::FetchesTwice) => answers.push(self.fetch()?),
            _ => {}
        }
        for answer in answers.iter().filter(|answer| !answer.body.is_empty()) {
            self.work(answer, misdeed, &mut visit)?;
        }
        Ok(visit)
    }

    fn work(
        &mut self,
        answer: &Message,
        misdeed: Option<Misdeed>,
        visit: &mut Visit,
    ) -> io::Result<()> {
        let result = match read(answer) {
            Ok(given) => {
                visit.given += given.works.len();
                if misdeed == Some(Misdeed::LosesPower) {
                    return Ok(());
                }
                if let Some(Misdeed::BreaksDown(condition)) = misdeed {
                    self.puller.condition = condition;
                }
                let outcomes: Vec<_> =
                    given.works.iter().map(|work| self.print(work, visit)).collect();
                result(&given, &outcomes)
            }
            Err((summary, detail)) => {
                let said = refusal(summary, &detail);
                self.puller.faults.push(detail);
                said
            }
        };
        let times = match misdeed {
            Some(Misdeed::NeverConfirms) => 0,
            Some(Misdeed::ConfirmsTwice) => 2,
            _ => 1,
        };
        for _ in 0..times {
            let form = format!(
                "ConnectionType=SetResponse&ID={}&ResponseFile={}",
                http::encoded(&self.id),
                http::encoded(&result),
            );
            visit.confirmed.push(self.post(&form)?.status());
        }
        Ok(())
    }

    fn fetch(&self) -> io::Result<Message> {
        let form = format!("ConnectionType=GetRequest&ID={}", http::encoded(&self.id));
        let answer = self.post(&form)?;
        if answer.status() == 200 { Ok(answer) } else { Err(io::Error::other(answer.first_line)) }
    }

    fn post(&self, form: &str) -> io::Result<Message> {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        http::ask(self.puller.server, "POST", &self.puller.target, &headers, form.as_bytes())
    }

    /// By the same hands as a printer to which documents are posted.
    fn print(&mut self, work: &Work, visit: &mut Visit) -> String {
        if work.device != epos::DEVICE {
            return outcome_of("DeviceNotFound", 1);
        }
        let profile = self.puller.mechanism.profile.clone();
        let mut state = State::new(profile);
        std::mem::swap(&mut state.mechanism, &mut self.puller.mechanism);
        std::mem::swap(&mut state.jobs, &mut self.jobs);
        state.condition = self.puller.condition;
        let outcome = epos::print(&mut state, &work.document, work.job.as_deref());
        std::mem::swap(&mut state.mechanism, &mut self.puller.mechanism);
        std::mem::swap(&mut state.jobs, &mut self.jobs);
        self.puller.faults.append(&mut state.refused);
        visit.printed += usize::from(outcome.starts_with(r#"success="true""#));
        outcome
    }
}

/// What the server gave, or why that is nothing: in short, and in detail.
fn read(answer: &Message) -> Result<Given, (&'static str, String)> {
    if answer.body.len() > MOST {
        return Err(("Data size is exceeded", "Too big print request".into()));
    }
    let given = parse(answer).map_err(|why| ("Invalid XML format", why))?;
    if given.works.len() > MOST_WORKS {
        return Err(("Data size is exceeded", "Too many job requests".into()));
    }
    Ok(given)
}

fn parse(answer: &Message) -> Result<Given, String> {
    let kind = answer.header("content-type").unwrap_or_default();
    if !kind.starts_with("text/xml") {
        return Err(format!("the content is said to be {kind:?}"));
    }
    let info = Element::parse(&answer.body)?;
    if info.name != "PrintRequestInfo" {
        return Err(format!("<{}> is no <PrintRequestInfo>", info.name));
    }
    let version = info.attribute("Version").unwrap_or("1.00").to_owned();
    if !["1.00", "2.00", "3.00"].contains(&version.as_str()) {
        return Err(format!("Version={version:?}"));
    }
    let names_jobs = version != "1.00";
    let works = info.children.iter().map(|child| work(child, names_jobs));
    Ok(Given { version, works: works.collect::<Result<_, _>>()? })
}

fn work(element: &Element, names_jobs: bool) -> Result<Work, String> {
    if element.name != "ePOSPrint" {
        return Err(format!("<{}> is no <ePOSPrint>", element.name));
    }
    let parameter = element.child("Parameter").ok_or("no <Parameter>")?;
    let device = parameter.text_of("devid").ok_or("no <devid>")?.to_owned();
    let timeout = parameter.text_of("timeout").and_then(|ms| ms.parse::<u32>().ok());
    timeout.filter(|ms| (1..=300_000).contains(ms)).ok_or("no <timeout>, or a wrong one")?;
    let job = parameter.text_of("printjobid").map(str::to_owned);
    let is_name = |job: &String| {
        let is_sign = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        (1..=30).contains(&job.len()) && job.chars().all(is_sign)
    };
    if !names_jobs && job.is_some() {
        return Err("<printjobid> is of version 2.00".into());
    }
    if job.as_ref().is_some_and(|job| !is_name(job)) {
        return Err(format!("<printjobid> is {job:?}"));
    }
    let data = element.child("PrintData").ok_or("no <PrintData>")?;
    let [document] = data.children.as_slice() else { return Err("not one document".into()) };
    Ok(Work { device, job, document: document.clone() })
}

/// What became of the works, in the form of the version in which they came.
fn result(given: &Given, outcomes: &[String]) -> String {
    let mut body = String::new();
    if given.version == "3.00" {
        body.push_str(r#"<ServerDirectPrint><Response Success="true"/></ServerDirectPrint>"#);
    }
    for (work, outcome) in given.works.iter().zip(outcomes) {
        let response = format!(r#"<response xmlns="{}" {outcome}/>"#, epos::DOCUMENT);
        if given.version == "1.00" {
            body.push_str(&response);
        } else {
            body.push_str(&format!(
                "<ePOSPrint><Parameter><devid>{}</devid><printjobid>{}</printjobid></Parameter>\
                 <PrintResponse>{response}</PrintResponse></ePOSPrint>",
                escaped(&work.device),
                escaped(work.job.as_deref().unwrap_or_default()),
            ));
        }
    }
    whole(&given.version, &body)
}

fn refusal(summary: &str, detail: &str) -> String {
    let body = format!(
        r#"<ServerDirectPrint><Response Success="false"><ErrorSummary>{summary}</ErrorSummary><ErrorDetail>{}</ErrorDetail></Response></ServerDirectPrint>"#,
        escaped(detail),
    );
    whole("3.00", &body)
}

fn whole(version: &str, body: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><PrintResponseInfo Version="{version}">{body}</PrintResponseInfo>"#
    )
}
