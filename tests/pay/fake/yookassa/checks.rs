//! What the documents demand of a request, whatever it asks for.

use serde_json::Value;

use super::super::server::Reply;
use super::error;

/// A reply that is a refusal.
pub struct Refused {
    status: u16,
    code: &'static str,
    parameter: String,
    sentence: String,
    /// Whether a document says otherwise than the request; else it is how things stand.
    is_complaint: bool,
}

pub type Checked<T> = Result<T, Refused>;

impl Refused {
    /// Nothing in the request is wrong: so things stand.
    pub fn plain<T>(
        status: u16,
        code: &'static str,
        parameter: &str,
        sentence: &str,
    ) -> Checked<T> {
        let (parameter, sentence) = (parameter.to_owned(), sentence.to_owned());
        Err(Self { status, code, parameter, sentence, is_complaint: false })
    }

    /// The request breaks a rule of the documents.
    pub fn complaint<T>(
        status: u16,
        code: &'static str,
        parameter: &str,
        sentence: &str,
    ) -> Checked<T> {
        let (parameter, sentence) = (parameter.to_owned(), sentence.to_owned());
        Err(Self { status, code, parameter, sentence, is_complaint: true })
    }

    pub fn reply(&self) -> Reply {
        error(self.status, self.code, &self.parameter, &self.sentence)
    }

    /// For [`Ledger::complaints`](super::super::Ledger::complaints).
    pub fn told(&self) -> Option<String> {
        self.is_complaint.then(|| format!("{}: {}", self.parameter, self.sentence))
    }
}

/// The parameter breaks a rule of the documents.
pub fn wrong<T>(parameter: &str, sentence: &str) -> Checked<T> {
    Refused::complaint(400, "invalid_request", parameter, sentence)
}

pub fn demand(holds: bool, parameter: &str, sentence: &str) -> Checked<()> {
    if holds { Ok(()) } else { wrong(parameter, sentence) }
}

pub fn not_found<T>(parameter: &str) -> Checked<T> {
    Refused::plain(404, "not_found", parameter, "It doesn't exist, or access is denied")
}

pub fn known(asked: &Value, names: &[&str], whole: &str) -> Checked<()> {
    let Some(fields) = asked.as_object() else { return wrong(whole, "It is an object") };
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        Some(unknown) => wrong(unknown, "The documents have no such parameter"),
        None => Ok(()),
    }
}

/// `{"value": "1000.00", "currency": "RUB"}`, in kopecks; it may be nothing.
pub fn amount(asked: &Value, parameter: &str) -> Checked<i64> {
    known(asked, &["value", "currency"], parameter)?;
    demand(asked["currency"] == "RUB", parameter, "The currency is RUB, in capitals")?;
    let text = asked["value"].as_str().unwrap_or_default();
    let (roubles, kopecks) = text.split_once('.').unwrap_or_default();
    let are_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_amount = are_digits(roubles) && are_digits(kopecks) && kopecks.len() == 2;
    let value = format!("{roubles}{kopecks}").parse::<i64>().ok();
    match value.filter(|_| is_amount) {
        Some(value) => Ok(value),
        None => {
            wrong(&format!("{parameter}.value"), "A string with two digits behind a point: 1000.00")
        }
    }
}

/// The description and the metadata.
pub fn texts(asked: &Value) -> Checked<()> {
    let length = |value: &Value| value.as_str().map_or(usize::MAX, |text| text.chars().count());
    let is_short = |value: &Value, most| value.is_null() || length(value) <= most;
    demand(
        is_short(&asked["description"], 128),
        "description",
        "A string of up to 128 characters",
    )?;
    let Some(metadata) = asked.get("metadata") else { return Ok(()) };
    let Some(pairs) = metadata.as_object() else { return wrong("metadata", "It is an object") };
    let fits =
        |(name, value): (&String, &Value)| name.chars().count() <= 32 && length(value) <= 512;
    let holds = pairs.len() <= 16 && pairs.iter().all(fits);
    demand(holds, "metadata", "16 strings of 512 characters, with names of 32, at most")
}
