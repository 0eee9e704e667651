//! A time on the clock on the wall, to the minute.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

const MINUTES_OF_HOUR: u16 = 60;

/// A minute of the day, 0 to 1439. On the wire `15:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// When a date begins.
    pub const MIDNIGHT: Self = Self(0);

    /// The time at a minute of the day; none of what is no such minute.
    pub fn of_minute(minute: i64) -> Option<Self> {
        u16::try_from(minute).ok().filter(|minute| *minute < 24 * MINUTES_OF_HOUR).map(Self)
    }

    /// The minute of the day.
    pub fn minute(self) -> u16 {
        self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(hour) || !digits(minute) {
            return None;
        }
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < MINUTES_OF_HOUR).then_some(Self(hour * MINUTES_OF_HOUR + minute))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / MINUTES_OF_HOUR, self.0 % MINUTES_OF_HOUR)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("must be a time such as 15:00"))
    }
}

impl PartialSchema for TimeOfDay {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .pattern(Some(r"^([01]\d|2[0-3]):[0-5]\d$"))
            .description(Some("A time on the restaurant's clock, such as \"15:00\""))
            .into()
    }
}

impl ToSchema for TimeOfDay {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("TimeOfDay")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_and_written_alike() {
        for (text, minute) in [("00:00", 0), ("15:05", 905), ("23:59", 1439)] {
            let time = TimeOfDay::parse(text).unwrap();
            assert_eq!((time.minute(), time.to_string().as_str()), (minute, text));
        }
        for wrong in ["24:00", "5:00", "15:60", "15", "", "ab:cd", "+1:00"] {
            assert_eq!(TimeOfDay::parse(wrong), None, "{wrong}");
        }
    }
}
