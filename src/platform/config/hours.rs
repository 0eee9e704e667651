//! Hours of the day, as a setting names them.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Hours of the day: from one to before another, also over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The first, 0 to 23.
    pub from: u8,
    /// The first that is outside, 0 to 24.
    pub until: u8,
}

impl Hours {
    /// Whether the hour is one of them.
    pub fn hold(self, hour: u8) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&hour)
        } else {
            hour >= self.from || hour < self.until
        }
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}-{}", self.from, self.until))
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let hours = text.split_once('-').and_then(|(from, until)| {
            let hours = Self { from: from.trim().parse().ok()?, until: until.trim().parse().ok()? };
            (hours.from < 24 && hours.until <= 24 && hours.from != hours.until).then_some(hours)
        });
        hours.ok_or_else(|| D::Error::custom("must be hours such as 3-6 or 22-5"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_may_go_over_midnight() {
        let hold = |text: &str, hour| {
            let hours: Hours = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            hours.hold(hour)
        };
        assert!(hold("3-6", 3) && hold("3-6", 5) && !hold("3-6", 6) && !hold("3-6", 2));
        assert!(hold("22-5", 23) && hold("22-5", 4) && !hold("22-5", 5) && !hold("22-5", 21));
    }
}
