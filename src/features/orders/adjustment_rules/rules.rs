//! Which rules of the house hold for a check, and what they put on it or take off. No SQL, no clock.

use super::{AdjustmentRule, AdjustmentRuleBody, AdjustmentRuleKind, Conditions};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, Int, Money, Percent, TimeOfDay, Timestamp, Zone};
use crate::features::orders::check_adjustments::RuleKind;
use crate::features::orders::states::OrderType;

/// What rules ask of a check.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Where it is eaten.
    pub order_type: OrderType,
    /// How many guests it is for; 0 where nobody said.
    pub guests: i64,
    /// The table, and its room.
    pub table_id: Option<i64>,
    pub location_id: Option<i64>,
    /// When the order was placed.
    pub placed_at: Timestamp,
    /// Its lines, and when each was ordered.
    pub lines: Vec<(i64, Timestamp)>,
}

/// What a rule puts on a check or takes off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The rule.
    pub rule_id: i64,
    pub kind: RuleKind,
    /// Hundredths of a percent, or minor units.
    pub value: i64,
    /// The lines alone for which it holds; the whole check where none is named.
    pub lines: Vec<i64>,
    /// The lines that a person took it off: they bear no share of it.
    pub spared: Vec<i64>,
}

impl Conditions {
    /// Whether it asks for the time.
    pub fn is_timed(&self) -> bool {
        let dates = self.date_from.or(self.date_to);
        !self.weekdays.is_empty() || self.time_from.is_some() || dates.is_some()
    }

    fn fit(&self, facts: &Facts) -> bool {
        let is = |wanted: Option<Int<1, { crate::core::kernel::fields::MAX_SAFE }>>, there| {
            wanted.is_none_or(|id| there == Some(id.get()))
        };
        self.least_guests.is_none_or(|least| facts.guests >= least.get())
            && self.order_type.is_none_or(|wanted| facts.order_type == wanted)
            && is(self.location_id, facts.location_id)
            && is(self.table_id, facts.table_id)
    }

    /// Whether a moment is one of those that are meant. Hours that end after midnight belong to the
    /// day on which they begin; where no hours are named a day is the restaurant's own.
    fn hold_at(&self, zone: &Zone, moment: Timestamp) -> bool {
        let day = match (self.time_from, self.time_to) {
            (Some(from), Some(to)) => day_of_hours(zone, moment, (from, to)),
            _ => Some(zone.day_of(moment)),
        };
        day.is_some_and(|day| {
            (self.weekdays.is_empty()
                || self.weekdays.iter().any(|wanted| wanted.get() == day.weekday()))
                && self.date_from.is_none_or(|from| from <= day)
                && self.date_to.is_none_or(|to| day <= to)
        })
    }

    fn check(&self) -> Result<()> {
        let wrong = |field: &str, message: &str| Err(Error::invalid(field, message));
        match (self.time_from, self.time_to) {
            (Some(from), Some(to)) if from == to => {
                return wrong("conditions.time_to", "must be another time than time_from");
            }
            (Some(_), None) => return wrong("conditions.time_to", "is missing beside time_from"),
            (None, Some(_)) => return wrong("conditions.time_from", "is missing beside time_to"),
            _ => {}
        }
        if self.date_from.zip(self.date_to).is_some_and(|(from, to)| to < from) {
            return wrong("conditions.date_to", "must not be earlier than date_from");
        }
        if self.weekdays.len() > 7 {
            return wrong("conditions.weekdays", "must name each day once");
        }
        Ok(())
    }
}

/// The day to which a moment's hours belong; none where it is not within them.
fn day_of_hours(zone: &Zone, moment: Timestamp, (from, to): (TimeOfDay, TimeOfDay)) -> Option<Day> {
    let (minute, date) = (zone.minute_of_day(moment), zone.date_of(moment));
    let is_of_evening = minute >= from.minute();
    match (from < to, is_of_evening, minute < to.minute()) {
        (true, true, true) | (false, true, _) => Some(date),
        (false, false, true) => Some(date.plus_days(-1)),
        _ => None,
    }
}

impl AdjustmentRule {
    fn kind_and_value(&self, guests: i64) -> Option<(RuleKind, i64)> {
        use AdjustmentRuleKind as K;
        if let Some(percent) = self.percent {
            let kind = match self.kind {
                K::Service => RuleKind::ServicePercent,
                K::Fee => RuleKind::FeePercent,
                K::Discount => RuleKind::Percent,
            };
            return Some((kind, percent.hundredths()));
        }
        let kind = match self.kind {
            K::Service => RuleKind::ServiceAmount,
            K::Fee => RuleKind::FeeAmount,
            K::Discount => RuleKind::Amount,
        };
        let Money(amount) = self.amount?;
        let times = if self.per_guest { guests } else { 1 };
        Some((kind, amount.checked_mul(times)?)).filter(|(_, value)| *value > 0)
    }

    /// What it does to a check. A discount in percent looks at when each line was ordered: who came
    /// in a happy hour does not drink for its price all night. All else goes by when the order was
    /// placed.
    fn effect(&self, facts: &Facts, zone: &Zone) -> Option<Effect> {
        let (kind, value) = self.kind_and_value(facts.guests)?;
        if !self.conditions.fit(facts) {
            return None;
        }
        let (lines, spared) = (Vec::new(), Vec::new());
        let effect = Effect { rule_id: self.id, kind, value, lines, spared };
        if !self.conditions.is_timed() {
            return Some(effect);
        }
        if kind != RuleKind::Percent {
            return self.conditions.hold_at(zone, facts.placed_at).then_some(effect);
        }
        let meant = facts.lines.iter().filter(|(_, at)| self.conditions.hold_at(zone, *at));
        let lines: Vec<i64> = meant.map(|(id, _)| *id).collect();
        (!lines.is_empty()).then_some(Effect { lines, ..effect })
    }
}

/// Whether what is ordered at two moments has the same discounts by the hour.
pub fn are_alike(
    rules: &[AdjustmentRule],
    zone: &Zone,
    (was, now): (Timestamp, Timestamp),
) -> bool {
    let by_the_hour = rules.iter().filter(|rule| {
        let is_share = rule.kind == AdjustmentRuleKind::Discount && rule.percent.is_some();
        is_share && rule.conditions.is_timed()
    });
    by_the_hour
        .map(|rule| &rule.conditions)
        .all(|conditions| conditions.hold_at(zone, was) == conditions.hold_at(zone, now))
}

/// What the rules of the house put on a check and take off.
pub fn effects(rules: &[AdjustmentRule], facts: &Facts, zone: &Zone) -> Vec<Effect> {
    rules.iter().filter_map(|rule| rule.effect(facts, zone)).collect()
}

impl AdjustmentRuleBody {
    /// Whether it can be a rule.
    ///
    /// # Errors
    /// 422 that names the field.
    pub fn check(&self) -> Result<()> {
        let wrong = |field: &str, message: &str| Err(Error::invalid(field, message));
        match (self.percent, self.amount) {
            (None, None) => return wrong("percent", "is missing; name a percentage or an amount"),
            (Some(_), Some(_)) => return wrong("amount", "cannot stand beside a percentage"),
            (Some(percent), None) if percent == Percent::default() => {
                return wrong("percent", "must be above 0");
            }
            (None, Some(amount)) if amount <= Money::ZERO => {
                return wrong("amount", "must be above 0");
            }
            _ => {}
        }
        if self.per_guest && self.amount.is_none() {
            return wrong("per_guest", "is for a sum only");
        }
        self.conditions.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::{DayHour, Translations};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    fn moscow() -> Zone {
        Zone::named("Europe/Moscow").unwrap().with_day_from(DayHour::new(4).unwrap())
    }

    fn facts(guests: i64) -> Facts {
        Facts {
            order_type: OrderType::DineIn,
            guests,
            table_id: Some(7),
            location_id: Some(2),
            // A Friday, 15:30 in Moscow.
            placed_at: at("2026-11-27T12:30:00Z"),
            lines: vec![(1, at("2026-11-27T12:30:00Z")), (2, at("2026-11-27T14:10:00Z"))],
        }
    }

    fn rule(
        kind: AdjustmentRuleKind,
        much: (Option<&str>, Option<i64>),
        conditions: Value,
    ) -> AdjustmentRule {
        AdjustmentRule {
            id: 3,
            kind,
            name: "Rule".into(),
            translations: Translations::default(),
            percent: much.0.map(|text| Percent::parse(text).unwrap()),
            amount: much.1.map(Money),
            per_guest: false,
            conditions: serde_json::from_value(conditions).unwrap(),
            is_active: true,
        }
    }

    const PERCENT: (Option<&str>, Option<i64>) = (Some("10"), None);

    #[test]
    fn a_rule_holds_where_all_that_it_asks_is_so() {
        use AdjustmentRuleKind::Service;
        for (conditions, guests, holds) in [
            (json!({}), 0, true),
            (json!({"least_guests": 6}), 5, false),
            (json!({"least_guests": 6}), 6, true),
            (json!({"order_type": "DINE_IN"}), 1, true),
            (json!({"order_type": "TAKEAWAY"}), 1, false),
            (json!({"table_id": 7, "location_id": 2}), 1, true),
            (json!({"table_id": 8}), 1, false),
            (json!({"location_id": 3}), 1, false),
            (json!({"weekdays": [5]}), 1, true),
            (json!({"weekdays": [1, 6]}), 1, false),
            (json!({"time_from": "15:00", "time_to": "17:00"}), 1, true),
            (json!({"time_from": "15:31", "time_to": "17:00"}), 1, false),
            (json!({"time_from": "15:00", "time_to": "15:30"}), 1, false),
            (json!({"date_from": "2026-11-27", "date_to": "2026-11-27"}), 1, true),
            (json!({"date_from": "2026-11-28"}), 1, false),
            (json!({"date_to": "2026-11-26"}), 1, false),
        ] {
            let rule = rule(Service, PERCENT, conditions.clone());
            let effects = effects(&[rule], &facts(guests), &moscow());
            assert_eq!(!effects.is_empty(), holds, "{conditions} for {guests}");
        }
    }

    #[test]
    fn hours_after_midnight_belong_to_the_evening() {
        let friday: Conditions = serde_json::from_value(
            json!({"weekdays": [5], "time_from": "22:00", "time_to": "03:00"}),
        )
        .unwrap();
        for (moment, holds) in [
            ("2026-11-27T18:59:00Z", false),
            ("2026-11-27T19:00:00Z", true),
            ("2026-11-27T23:59:00Z", true),
            ("2026-11-28T00:00:00Z", false),
            // Saturday's evening, and the night that belongs to Thursday.
            ("2026-11-28T19:00:00Z", false),
            ("2026-11-26T22:00:00Z", false),
        ] {
            assert_eq!(friday.hold_at(&moscow(), at(moment)), holds, "{moment}");
        }
        // Without hours a bar's night is of its evening: its day begins at four.
        let all_friday: Conditions = serde_json::from_value(json!({"weekdays": [5]})).unwrap();
        assert!(all_friday.hold_at(&moscow(), at("2026-11-28T00:30:00Z")));
    }

    #[test]
    fn a_happy_hour_is_of_the_lines_that_were_ordered_in_it() {
        let hours = json!({"time_from": "15:00", "time_to": "17:00"});
        let happy = rule(AdjustmentRuleKind::Discount, (Some("20"), None), hours);
        let [effect] = effects(&[happy], &facts(1), &moscow()).try_into().unwrap();
        assert_eq!((effect.kind, effect.value, effect.lines), (RuleKind::Percent, 2000, vec![1]));
    }

    #[test]
    fn a_sum_for_each_guest_asks_for_guests() {
        let per_guest = AdjustmentRule {
            per_guest: true,
            ..rule(AdjustmentRuleKind::Fee, (None, Some(5000)), json!({}))
        };
        assert_eq!(effects(std::slice::from_ref(&per_guest), &facts(0), &moscow()), []);
        let [effect] = effects(&[per_guest], &facts(3), &moscow()).try_into().unwrap();
        assert_eq!((effect.kind, effect.value), (RuleKind::FeeAmount, 15_000));
    }

    #[test]
    fn what_can_be_no_rule_is_refused_by_its_field() {
        for (body, field) in [
            (json!({}), "percent"),
            (json!({"percent": "10", "amount": "5.00"}), "amount"),
            (json!({"percent": "0"}), "percent"),
            (json!({"amount": "0.00"}), "amount"),
            (json!({"percent": "10", "per_guest": true}), "per_guest"),
            (json!({"percent": "10", "conditions": {"time_from": "15:00"}}), "conditions.time_to"),
            (
                json!({"percent": "1", "conditions": {"time_from": "15:00", "time_to": "15:00"}}),
                "conditions.time_to",
            ),
            (
                json!({"percent": "1", "conditions": {"date_from": "2026-02-02", "date_to": "2026-02-01"}}),
                "conditions.date_to",
            ),
        ] {
            let mut whole = json!({"kind": "FEE", "name": "Packing"});
            whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
            let body: AdjustmentRuleBody = serde_json::from_value(whole.clone()).unwrap();
            let error = body.check().unwrap_err();
            assert!(error.to_string().contains(field), "{whole}: {error}");
        }
    }

    proptest! {
        /// Hours and the hours beside them part each day: no moment is in both, none in neither.
        #[test]
        fn every_moment_is_within_hours_or_within_the_others(
            from in 0..1440_u16,
            to in 0..1440_u16,
            moment in 1_700_000_000_000_i64..1_900_000_000_000,
        ) {
            prop_assume!(from != to);
            let text = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
            let hours = |from, to| -> Conditions {
                serde_json::from_value(json!({"time_from": text(from), "time_to": text(to)})).unwrap()
            };
            let (these, others) = (hours(from, to), hours(to, from));
            let moment = Timestamp(moment);
            prop_assert_ne!(these.hold_at(&moscow(), moment), others.hold_at(&moscow(), moment));
        }
    }
}
