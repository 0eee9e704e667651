//! What kind of register is played.

use std::time::Duration;

use jiff::tz::TimeZone;

/// The version of the format of fiscal documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ffd {
    /// 1.05.
    V105,
    /// 1.2.
    V12,
}

impl Ffd {
    /// Digits of a quantity after its point.
    pub(super) fn digits(self) -> u32 {
        match self {
            Self::V105 => 3,
            Self::V12 => 6,
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::V105 => "1.05",
            Self::V12 => "1.2",
        }
    }

    /// Tag 1209.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::V105 => 2,
            Self::V12 => 4,
        }
    }
}

/// Who may speak with the server of the register.
#[derive(Debug, Clone)]
pub struct Account {
    /// The name.
    pub name: String,
    /// And its password.
    pub password: String,
}

/// What kind of register is played.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The format of its documents.
    pub ffd: Ffd,
    /// Where it stands: its clock shows the time there.
    pub zone: TimeZone,
    /// Who may speak with it; None: everybody.
    pub account: Option<Account>,
    /// Whether the queue stands while there is no paper (`blockQueueOnPrintErrors`).
    pub waits_for_paper: bool,
    /// How often a queue that stands is looked after.
    pub looks_after: Duration,
    /// The number of its storage. Another one is another register, or the same after its storage was
    /// exchanged; 9999 at its beginning says that it is one for trying out.
    pub storage: String,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            ffd: Ffd::V12,
            zone: TimeZone::get("Europe/Moscow").unwrap_or(TimeZone::UTC),
            account: None,
            waits_for_paper: true,
            looks_after: Duration::from_secs(3),
            storage: STORAGE.to_owned(),
        }
    }
}

/// The number of the storage where none is named.
const STORAGE: &str = "9999078900000001";
/// The number at which the tax office would have it.
pub(super) const REGISTRATION: &str = "0000000001000001";
/// The number of the register itself.
pub(super) const SERIAL: &str = "00106900000001";
/// The owner's tax number.
pub(super) const OWNER_VATIN: &str = "7700000000";
/// The owner.
pub(super) const OWNER: &str = "ООО «Симулятор»";
/// Where receipts can be checked.
pub(super) const TAX_OFFICE: &str = "www.nalog.gov.ru";
