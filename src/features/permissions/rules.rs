//! What follows from a rule and a sum. No SQL, no clock.

use crate::words;

words! {
    /// What somebody may do by themselves.
    pub enum Decision as PermissionDecision {
        /// It is theirs to do.
        Allow = "ALLOW",
        /// With the word of somebody to whom it is allowed, each time anew.
        Ask = "ASK",
        /// Not at all.
        Deny = "DENY",
    }
}

words! {
    /// What a permission's limit is counted in.
    pub enum Limit as PermissionLimit {
        /// It has none.
        None = "NONE",
        /// Money.
        Money = "MONEY",
        /// Percent.
        Percent = "PERCENT",
    }
}

/// What one role or one person may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Up to the limit.
    pub decision: Decision,
    /// In minor units, or in hundredths of a percent; none where it does not matter how much.
    pub at_most: Option<i64>,
}

impl Rule {
    /// A rule without a limit.
    pub const fn of(decision: Decision) -> Self {
        Self { decision, at_most: None }
    }

    /// What holds for so much of it. What is above a limit needs more than the rule gives: what is
    /// allowed below is to be asked for, and what may be asked for below is denied.
    pub fn at(self, amount: i64) -> Decision {
        if self.at_most.is_none_or(|most| amount <= most) {
            return self.decision;
        }
        match self.decision {
            Decision::Allow => Decision::Ask,
            Decision::Ask | Decision::Deny => Decision::Deny,
        }
    }
}

/// Reads a percentage such as `10`, `12.5` or `12.50` as hundredths.
///
/// # Errors
/// A sentence that says what is wrong with the text.
pub fn parse_percent(text: &str) -> Result<i64, String> {
    let wrong = || "must be a percentage from 0 to 100, such as 10 or 12.5".to_owned();
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || fraction.len() > 2 || whole.len() > 3 {
        return Err(wrong());
    }
    let hundredths = format!("{whole}{fraction:0<2}").parse::<i64>().map_err(|_| wrong())?;
    if hundredths <= 10_000 { Ok(hundredths) } else { Err(wrong()) }
}

/// A percentage of so many hundredths, as it is written.
pub fn percent_text(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn a_limit_makes_a_rule_one_step_harder() {
        use Decision::*;
        for (decision, at_most, amount, expected) in [
            (Allow, None, i64::MAX, Allow),
            (Allow, Some(500), 500, Allow),
            (Allow, Some(500), 501, Ask),
            (Ask, Some(500), 500, Ask),
            (Ask, Some(500), 501, Deny),
            (Deny, Some(500), 1, Deny),
            (Deny, None, 0, Deny),
        ] {
            assert_eq!(Rule { decision, at_most }.at(amount), expected, "{decision} {at_most:?}");
        }
    }

    #[test]
    fn percentages_are_read_exactly() {
        for (text, hundredths) in [("0", 0), ("10", 1000), ("12.5", 1250), (" 99.99 ", 9999)] {
            assert_eq!(parse_percent(text), Ok(hundredths), "{text}");
        }
        for wrong in ["", "-1", "100.01", "1.234", "ten", "1e2", "1.", "99999999999999999999"] {
            assert!(parse_percent(wrong).is_err(), "{wrong}");
        }
    }

    fn rule() -> impl Strategy<Value = Rule> {
        (select(Decision::ALL), proptest::option::of(0_i64..1000))
            .prop_map(|(decision, at_most)| Rule { decision, at_most })
    }

    fn weight(decision: Decision) -> u8 {
        match decision {
            Decision::Allow => 0,
            Decision::Ask => 1,
            Decision::Deny => 2,
        }
    }

    proptest! {
        /// More money never needs less.
        #[test]
        fn a_larger_sum_is_never_easier(rule in rule(), less in 0_i64..2000, more in 0_i64..2000) {
            let (less, more) = (less.min(more), less.max(more));
            prop_assert!(weight(rule.at(less)) <= weight(rule.at(more)));
            prop_assert!(weight(rule.at(less)) >= weight(rule.decision));
        }

        #[test]
        fn a_percentage_is_read_as_it_is_written(hundredths in 0_i64..=10_000) {
            prop_assert_eq!(parse_percent(&percent_text(hundredths)), Ok(hundredths));
        }
    }
}
