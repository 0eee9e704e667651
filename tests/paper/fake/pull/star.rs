//! Star's CloudPRNT over HTTP: the printer posts how it is, fetches work in a form that it reads,
//! and takes it off the server's list with what became of it.

use std::io;
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::super::condition::{Condition, Roll};
use super::super::escpos::Profile;
use super::super::escpos::command::{Buzz, Command, Cut, Pulse};
use super::super::http::{self, Message};
use super::super::picture::Picture;
use super::{Misdeed, Puller, Visit};

/// What it reads, the best first.
const READS: [&str; 2] = ["image/png", "text/plain"];

pub struct Printer {
    pub puller: Puller,
    pub mac: String,
    /// What the server asked it to call itself.
    pub uid: Option<String>,
    /// What it says when all is well. Newer ones say `200 OK`, the first ones `OK`.
    pub done: &'static str,
}

/// What the server says of work that waits.
struct Offer {
    kinds: Vec<String>,
    token: Option<String>,
    /// Whether it is told of the end by `DELETE`, or by `GET`.
    by_get: bool,
}

impl Printer {
    pub fn new(server: SocketAddr, target: &str, mac: &str, profile: Profile) -> Self {
        let puller = Puller::new(server, target, profile);
        Self { puller, mac: mac.into(), uid: None, done: "200 OK" }
    }

    /// One round: tells how it is, fetches work where there is any, prints it, and tells its end.
    pub fn visit(&mut self) -> io::Result<Visit> {
        let mut visit = Visit::default();
        let Some(offer) = self.poll(&Value::Null)? else { return Ok(visit) };
        if self.puller.condition.is_off_line() {
            return Ok(visit);
        }
        let Some(kind) = READS.into_iter().find(|kind| offer.has(kind)) else {
            self.puller.faults.push(format!("none of {:?} is read", offer.kinds));
            visit.confirmed.push(self.confirm(&offer, "510")?);
            return Ok(visit);
        };
        let work = self.fetch(&offer, kind)?;
        if work.status() != 200 {
            self.puller.faults.push(format!("the work: {}", work.first_line));
            visit.confirmed.push(self.confirm(&offer, "520")?);
            return Ok(visit);
        }
        visit.given = 1;
        self.work(&offer, kind, work, &mut visit)?;
        Ok(visit)
    }

    fn work(
        &mut self,
        offer: &Offer,
        kind: &str,
        work: Message,
        visit: &mut Visit,
    ) -> io::Result<()> {
        let misdeed = self.puller.misdeeds.pop_front();
        let mut works = vec![work];
        match misdeed {
            Some(Misdeed::LosesAnswer) => works = vec![self.fetch(offer, kind)?],
            Some(Misdeed::FetchesTwice) => works.push(self.fetch(offer, kind)?),
            Some(Misdeed::LosesPower) => return Ok(()),
            Some(Misdeed::BreaksDown(condition)) => {
                // It says so, and asks for the work again when it is well.
                self.puller.condition = condition;
                self.poll(&Value::Null)?;
                return Ok(());
            }
            _ => {}
        }
        let mut code = self.done.to_owned();
        for work in works {
            match self.print(kind, &work) {
                Ok(()) => visit.printed += 1,
                Err(why) => {
                    self.puller.faults.push(why);
                    code = "511".into();
                }
            }
        }
        let times = match misdeed {
            Some(Misdeed::NeverConfirms) => 0,
            Some(Misdeed::ConfirmsTwice) => 2,
            _ => 1,
        };
        for _ in 0..times {
            visit.confirmed.push(self.confirm(offer, &code)?);
        }
        Ok(())
    }

    /// Tells how it is; hears whether there is work.
    fn poll(&mut self, results: &Value) -> io::Result<Option<Offer>> {
        let asb = self.puller.condition.star_asb().map(|byte| format!("{byte:02x}")).join(" ");
        let body = json!({
            "status": asb,
            "printerMAC": self.mac,
            "uniqueID": self.uid,
            "statusCode": http::encoded(status_code(self.puller.condition)),
            "printingInProgress": false,
            "clientAction": results,
        });
        let headers = [("Content-Type", "application/json"), ("X-Star-Mac", &self.mac)];
        let target = &self.puller.target;
        let body = body.to_string();
        let answer = http::ask(self.puller.server, "POST", target, &headers, body.as_bytes())?;
        if answer.status() != 200 {
            return Err(io::Error::other(answer.first_line));
        }
        let said: Value = serde_json::from_slice(&answer.body).map_err(io::Error::other)?;
        let actions = said["clientAction"].as_array().filter(|actions| !actions.is_empty());
        // What is asked of itself comes before work, and only once in a round.
        if let Some(actions) = actions.filter(|_| results.is_null()) {
            let results: Vec<_> = actions.iter().map(|action| self.act(action)).collect();
            return self.poll(&results.into());
        }
        if said["jobReady"] != json!(true) {
            return Ok(None);
        }
        let kinds = said["mediaTypes"].as_array().into_iter().flatten();
        Ok(Some(Offer {
            kinds: kinds.filter_map(|kind| kind.as_str().map(str::to_owned)).collect(),
            token: said["jobToken"].as_str().map(str::to_owned),
            by_get: said["deleteMethod"] == json!("GET"),
        }))
    }

    fn act(&mut self, action: &Value) -> Value {
        let request = action["request"].as_str().unwrap_or_default();
        let result = match request {
            "ClientType" => json!("Star mC-Print3"),
            "ClientVersion" => json!("1.0.0"),
            "Encodings" => json!(READS.join("; ")),
            "GetPollInterval" => json!("5"),
            "PageInfo" => json!({
                "paperWidth": "79.5",
                "printWidth": "72",
                "horizontalResolution": "8",
                "verticalResolution": "8",
            }),
            "SetID" => {
                self.uid = action["options"].as_str().map(str::to_owned);
                json!("true")
            }
            _ => Value::Null,
        };
        json!({ "request": request, "result": result })
    }

    fn who(&self, offer: &Offer) -> String {
        let mut query = format!("mac={}", http::encoded(&self.mac));
        for (name, value) in [("uid", &self.uid), ("token", &offer.token)] {
            if let Some(value) = value {
                query.push_str(&format!("&{name}={}", http::encoded(value)));
            }
        }
        query
    }

    fn fetch(&self, offer: &Offer, kind: &str) -> io::Result<Message> {
        let query = format!("{}&type={}", self.who(offer), http::encoded(kind));
        let dots = self.puller.mechanism.profile.dots;
        let width = (dots / 8).to_string();
        let headers = [("Accept", kind), ("X-Star-Mac", &self.mac), ("X-Star-Print-Width", &width)];
        http::ask(self.puller.server, "GET", &self.puller.target_with(&query), &headers, &[])
    }

    fn confirm(&self, offer: &Offer, code: &str) -> io::Result<u16> {
        let mut query = format!("{}&code={}", self.who(offer), http::encoded(code));
        if offer.by_get {
            query.push_str("&delete");
        }
        let method = if offer.by_get { "GET" } else { "DELETE" };
        let headers = [("X-Star-Mac", self.mac.as_str())];
        let target = self.puller.target_with(&query);
        Ok(http::ask(self.puller.server, method, &target, &headers, &[])?.status())
    }

    fn print(&mut self, kind: &str, work: &Message) -> Result<(), String> {
        let said = work.header("content-type").unwrap_or_default();
        if said.split(';').next().map(str::trim) != Some(kind) {
            return Err(format!("{kind} was asked for, and {said:?} came"));
        }
        self.beside(work, "start", "X-Star-Buzzerstartpattern")?;
        self.puller.mechanism.initialise(0);
        if kind == "image/png" {
            let picture = Picture::from_png(&work.body)?;
            let is_gray = !Picture::is_png_of_two_colors(&work.body)?;
            if is_gray && work.header("x-star-imageditherpattern") != Some("none") {
                self.puller.faults.push("gray in the picture becomes a pattern of dots".into());
            }
            self.puller
                .mechanism
                .print_picture(0, &picture)
                .unwrap_or_else(|why| self.puller.faults.push(format!("{why:?}")));
        } else {
            for line in work.text().lines() {
                self.puller.mechanism.put(0, line);
                self.puller.mechanism.end_line(0, 24);
            }
        }
        let cut = cut(work.header("x-star-cut").unwrap_or("full; feed=true"))?;
        if let Some(cut) = cut {
            self.run(Command::Cut(cut))?;
        }
        self.beside(work, "end", "X-Star-Buzzerendpattern")
    }

    /// The drawer and the buzzer, before or behind the paper.
    fn beside(&mut self, work: &Message, when: &str, buzzer: &str) -> Result<(), String> {
        match work.header("x-star-cashdrawer") {
            Some(said) if said == when => {
                self.run(Command::Pulse(Pulse { pin: 2, on_ms: 200, off_ms: 200 }))?;
            }
            None | Some("none" | "start" | "end") => {}
            Some(other) => return Err(format!("X-Star-CashDrawer: {other}")),
        }
        if let Some(times) = work.header(buzzer) {
            let times = times.parse().ok().filter(|times| (1..=3).contains(times));
            let times = times.ok_or(format!("{buzzer} is not 1 to 3"))?;
            self.run(Command::Buzz(Buzz { times, cycle_ms: 1000 }))?;
        }
        Ok(())
    }

    fn run(&mut self, command: Command) -> Result<(), String> {
        self.puller.mechanism.run(0, command).map_err(|why| format!("{why:?}"))
    }
}

impl Offer {
    fn has(&self, kind: &str) -> bool {
        self.kinds.iter().any(|known| known.split(';').next().map(str::trim) == Some(kind))
    }
}

/// Its state as the server reads it.
fn status_code(condition: Condition) -> &'static str {
    match condition {
        Condition { is_cover_open: true, .. } => "420 Cover open",
        Condition { roll: Roll::Out, .. } => "410 Out of paper",
        Condition { is_cutter_jammed: true, .. } => "411 Paper jam",
        Condition { is_switched_off_line: true, .. } => "400 Offline",
        Condition { roll: Roll::NearEnd, .. } => "211 Paper low",
        _ => "200 OK",
    }
}

/// `full`, `partial` or `none`, and whether the paper is fed to the knife.
fn cut(said: &str) -> Result<Option<Cut>, String> {
    let mut parts = said.split(';').map(str::trim);
    let is_full = match parts.next() {
        Some("full") => true,
        Some("partial") => false,
        Some("none") => return Ok(None),
        _ => return Err(format!("X-Star-Cut: {said}")),
    };
    match parts.next() {
        None | Some("feed=true") => Ok(Some(Cut { is_full, fed: Some(0) })),
        Some("feed=false") => Ok(Some(Cut { is_full, fed: None })),
        Some(_) => Err(format!("X-Star-Cut: {said}")),
    }
}
