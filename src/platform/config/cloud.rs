//! How a box is set up for its cloud: a table `[cloud]` in `qres.toml`, or only the enrolment string.

use serde::{Deserialize, Serialize};

use super::Enrolment;

/// The cloud of a box.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Form")]
pub struct CloudSettings {
    /// What `qres cloud add-site` printed; none for a box without a cloud. A secret.
    pub enrolment: Option<String>,
    /// CloudHours of the day, in the restaurant's zone, in which the copy may run, such as `02:00-06:00`:
    /// for a network that costs by the byte. Always, when not set.
    pub hours: Option<String>,
    /// After how many minutes without a copy staff screens say so; 0 for never.
    pub warn_after_minutes: u32,
    /// What tells this machine from others; its serial number when not set.
    pub hardware: Option<String>,
}

/// Two days: a long weekend without internet is no reason to worry a waiter.
const WARN_AFTER_MINUTES: u32 = 2 * 24 * 60;

impl Default for CloudSettings {
    fn default() -> Self {
        Form::Enrolment(String::new()).into()
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Enrolment(String),
    Table(Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    enrolment: Option<String>,
    hours: Option<String>,
    warn_after_minutes: Option<u32>,
    hardware: Option<String>,
}

impl From<Form> for CloudSettings {
    fn from(form: Form) -> Self {
        let table = match form {
            Form::Table(table) => table,
            Form::Enrolment(text) => {
                let enrolment = Some(text).filter(|text| !text.trim().is_empty());
                Table { enrolment, hours: None, warn_after_minutes: None, hardware: None }
            }
        };
        Self {
            enrolment: table.enrolment,
            hours: table.hours,
            warn_after_minutes: table.warn_after_minutes.unwrap_or(WARN_AFTER_MINUTES),
            hardware: table.hardware,
        }
    }
}

impl CloudSettings {
    /// The enrolment, if the box has one.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it or with the hours.
    pub fn check(&self) -> Result<Option<Enrolment>, String> {
        if let Some(hours) = &self.hours {
            CloudHours::parse(hours)?;
        }
        self.enrolment.as_deref().map(Enrolment::parse).transpose()
    }
}

/// A part of the day, in minutes since midnight; may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloudHours {
    from: u16,
    to: u16,
}

impl CloudHours {
    /// Reads `02:00-06:00`.
    ///
    /// # Errors
    /// A sentence that says how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let minute = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)
        };
        text.split_once('-')
            .and_then(|(from, to)| Some(Self { from: minute(from)?, to: minute(to)? }))
            .ok_or_else(|| format!("cloud.hours is written as 02:00-06:00, not “{text}”"))
    }

    /// Whether a minute of the day is in it.
    pub fn has(self, minute: u16) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_may_go_over_midnight() {
        let night = CloudHours::parse("23:30-06:00").unwrap();
        assert!(night.has(23 * 60 + 40) && night.has(0) && !night.has(6 * 60) && !night.has(720));
        let noon = CloudHours::parse("12:00-13:00").unwrap();
        assert!(noon.has(720) && !noon.has(780));
        for wrong in ["", "2-6", "25:00-26:00", "02:00"] {
            assert!(CloudHours::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_string_alone_is_the_enrolment() {
        let settings: CloudSettings = serde_json::from_str("\"qres1.abc\"").unwrap();
        assert_eq!(settings.enrolment.as_deref(), Some("qres1.abc"));
        assert!(settings.check().is_err());
        assert_eq!(settings.warn_after_minutes, 2880);
    }
}
