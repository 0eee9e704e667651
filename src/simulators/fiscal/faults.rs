//! What can go wrong, on demand: once, so many times, or by chance with a seed.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// `POST /requests` is cut off before the server takes the request: nothing happens.
    ReplyLostBefore,
    /// It is cut off after the server took the request: the document is made, nobody is told.
    ReplyLostAfter,
    /// The document is made, then the server starts anew and has forgotten its queue.
    RestartForgets,
    /// The server loses its link to the register before the document is made.
    LinkLostBefore,
    /// And after it was made.
    LinkLostAfter,
    /// The storage of documents does not answer.
    StorageSilent,
    /// The paper is out before the document.
    PaperOut,
    /// The paper ends in the middle of the document.
    PaperOutMid,
    /// The shift turns out to be older than 24 hours.
    ShiftExpired,
    /// The register's clock is off, by `seconds`.
    ClockOff,
    /// The storage is full.
    MemoryFull,
    /// A task takes `seconds`.
    Slow,
    /// A reply takes `seconds`.
    SlowReply,
    /// A request is never answered; the connection is held for `seconds`.
    Silent,
    /// Connections are refused for `seconds`.
    Refuses,
    /// A result is forgotten when it was read once.
    ReadOnce,
}

impl FaultKind {
    /// The seconds that are meant when none are said.
    fn seconds(self) -> i64 {
        match self {
            Self::ClockOff => -7200,
            Self::Slow | Self::SlowReply => 3,
            Self::Silent => 60,
            _ => 1,
        }
    }

    /// By its name.
    fn named(name: &str) -> Result<Self, String> {
        let json = serde_json::Value::String(name.replace('_', "-"));
        serde_json::from_value(json).map_err(|error| error.to_string())
    }
}

/// A fault, and how often it is to happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub fault: FaultKind,
    /// So many times more; without `times` and `chance`, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// By chance, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// What chance begins with: the same seed, the same faults.
    #[serde(default)]
    pub seed: u64,
    /// How long it takes; of a clock, how far it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

/// As on the command line: `reply-lost-after`, `slow=3` times, `paper-out=10%`.
impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, often) = text.split_once('=').unwrap_or((text, "1"));
        let mut fault = Self {
            fault: FaultKind::named(name)?,
            times: None,
            chance: None,
            seed: 0,
            seconds: None,
        };
        let wrong = || format!("{often:?} is neither a number of times nor a chance such as 10%");
        match often.strip_suffix('%') {
            Some(percent) => {
                let percent: f64 = percent.parse().map_err(|_| wrong())?;
                fault.chance = Some(percent / 100.0);
            }
            None if often == "once" => fault.times = Some(1),
            None => fault.times = Some(often.parse().map_err(|_| wrong())?),
        }
        fault.check()
    }
}

impl Fault {
    /// A fault that happens once.
    pub fn once(fault: FaultKind) -> Self {
        Self { fault, times: Some(1), chance: None, seed: 0, seconds: None }
    }

    /// It, when its numbers make sense.
    pub(super) fn check(self) -> Result<Self, String> {
        if self.chance.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            return Err("a chance is from 0 to 1 (0% to 100%)".into());
        }
        let most = 31.0 * 86_400.0;
        if self.seconds.is_some_and(|seconds| !(-most..=most).contains(&seconds)) {
            return Err("seconds are at most those of 31 days".into());
        }
        Ok(self)
    }
}

/// A fault that happens now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Happens {
    seconds: f64,
}

impl Happens {
    /// How long.
    pub(super) fn pause(self) -> Duration {
        Duration::try_from_secs_f64(self.seconds).unwrap_or_default()
    }

    /// By how much, in milliseconds.
    pub(super) fn milliseconds(self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "checked: at most 31 days")]
        let milliseconds = (self.seconds * 1000.0) as i64;
        milliseconds
    }
}

/// The faults that are to come.
#[derive(Debug, Default)]
pub(super) struct Faults {
    armed: Vec<(Fault, Dice)>,
}

impl Faults {
    pub(super) fn arm(&mut self, mut fault: Fault) {
        if fault.times.is_none() && fault.chance.is_none() {
            fault.times = Some(1);
        }
        let dice = Dice(fault.seed ^ 0x9e37_79b9_7f4a_7c15);
        self.armed.push((fault, dice));
    }

    pub(super) fn disarm(&mut self) {
        self.armed.clear();
    }

    /// What is still to come.
    pub(super) fn armed(&self) -> Vec<&Fault> {
        self.armed.iter().map(|(fault, _)| fault).collect()
    }

    /// Whether a fault happens now.
    pub(super) fn draw(&mut self, kind: FaultKind) -> Option<Happens> {
        let of_kind = self.armed.iter_mut().filter(|(fault, _)| fault.fault == kind);
        let mut happens = None;
        for (fault, dice) in of_kind {
            if fault.times == Some(0) || !fault.chance.is_none_or(|chance| dice.roll() < chance) {
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            let seconds = fault.seconds.unwrap_or(kind.seconds() as f64);
            happens = Some(Happens { seconds });
            break;
        }
        self.armed.retain(|(fault, _)| fault.times != Some(0));
        happens
    }
}

/// Chance that can be repeated (splitmix64).
#[derive(Debug)]
pub(super) struct Dice(pub u64);

impl Dice {
    /// From 0 up to 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_as_people_write_them() {
        let fault = |text: &str| text.parse::<Fault>();
        assert_eq!(fault("reply-lost-after").unwrap().times, Some(1));
        assert_eq!(fault("paper_out=3").unwrap().times, Some(3));
        assert_eq!(fault("slow=25%").unwrap().chance, Some(0.25));
        for wrong in ["flood", "slow=often", "slow=200%", "slow=-1"] {
            assert!(fault(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_fault_happens_as_often_as_it_was_told() {
        let mut faults = Faults::default();
        faults.arm("slow=2".parse().unwrap());
        let drawn = |faults: &mut Faults| faults.draw(FaultKind::Slow).is_some();
        assert_eq!(
            [drawn(&mut faults), drawn(&mut faults), drawn(&mut faults)],
            [true, true, false]
        );
        assert!(faults.armed().is_empty() && faults.draw(FaultKind::Silent).is_none());
    }

    #[test]
    fn chance_follows_from_its_seed() {
        let drawn = |seed| {
            let mut faults = Faults::default();
            faults.arm(Fault {
                seed,
                ..Fault { chance: Some(0.3), times: None, ..Fault::once(FaultKind::Slow) }
            });
            (0..1000).map(|_| faults.draw(FaultKind::Slow).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        let hits = drawn(7).into_iter().filter(|hit| *hit).count();
        assert!((250..350).contains(&hits), "{hits}");
    }
}
