//! What is taken off a check and put on it, as a person says it and as it is kept. No SQL, no clock.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Percent};
use crate::features::checks::{
    Adjustment, AdjustmentKind, Bound, Charge, ChargeKind, ChargeTax, Draft, DraftLine, StoredTax,
    Tax,
};

/// What kind of adjustment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CheckAdjustmentKind)]
pub enum RuleKind {
    /// So many percent off.
    Percent,
    /// A sum off.
    Amount,
    /// On the house.
    Comp,
    /// A service charge of so many percent.
    ServicePercent,
    /// The check is freed of its tax.
    TaxExempt,
}

impl RuleKind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Percent, "percent"),
        (Self::Amount, "amount"),
        (Self::Comp, "comp"),
        (Self::ServicePercent, "service_percent"),
        (Self::TaxExempt, "tax_exempt"),
    ];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }

    /// The value that a person wrote: hundredths of a percent, or minor units.
    ///
    /// # Errors
    /// 422 where it is none, or is missing.
    pub fn value(self, text: Option<&str>) -> Result<i64> {
        let wrong = |message: String| Error::invalid("value", message);
        let value = match (self, text) {
            (Self::Comp | Self::TaxExempt, None) => return Ok(0),
            (Self::Comp | Self::TaxExempt, Some(_)) => {
                return Err(wrong("is not for this kind: all of it goes; leave it out".into()));
            }
            (_, None) => return Err(wrong("is missing".into())),
            (Self::Amount, Some(text)) => Money::parse(text).map_err(wrong)?.0,
            (Self::Percent | Self::ServicePercent, Some(text)) => {
                Percent::parse(text).map_err(wrong)?.hundredths()
            }
        };
        if value > 0 { Ok(value) } else { Err(wrong("must be above 0".into())) }
    }

    /// The value as a person reads it.
    pub fn text(self, value: i64) -> Option<String> {
        match self {
            Self::Comp | Self::TaxExempt => None,
            Self::Amount => Some(Money(value).to_string()),
            Self::Percent | Self::ServicePercent => Some(Percent::new(value).to_string()),
        }
    }
}

/// What holds for a check, or for one of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: i64,
    /// What kind.
    pub kind: RuleKind,
    /// How much: hundredths of a percent, or minor units.
    pub value: i64,
    /// The line of which it is; none of the check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<i64>,
    /// From how many guests on it is taken.
    #[serde(default)]
    pub least_guests: u32,
    /// Whether it holds for the lines alone that bear a share of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_spent: bool,
    /// Of a charge: its own tax; none where it is taxed like the lines that it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<StoredTax>,
    /// What was agreed about what was there holds for that, and for nothing that comes later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<RuleBound>,
}

/// What a rule is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleBound {
    /// The lines that were there.
    pub items: Vec<i64>,
    /// What it took off them, in minor units.
    pub most: i64,
}

impl Rule {
    /// A rule that holds for a whole check, or for one of its lines, from now on.
    pub fn new(id: i64, kind: RuleKind, value: i64, item: Option<i64>) -> Self {
        Self { id, kind, value, item, least_guests: 0, is_spent: false, bound: None, tax: None }
    }

    /// What it takes off; none where it puts something on.
    pub fn adjustment(&self) -> Option<Adjustment> {
        let kind = match self.kind {
            RuleKind::Percent => AdjustmentKind::Percent(Percent::new(self.value)),
            RuleKind::Amount => AdjustmentKind::Amount(Money(self.value)),
            RuleKind::Comp => AdjustmentKind::Comp,
            RuleKind::TaxExempt => AdjustmentKind::Tax,
            RuleKind::ServicePercent => return None,
        };
        Some(Adjustment { id: self.id, kind })
    }

    /// Whether it holds for what is there, and for nothing that comes later: what is on the house, and
    /// what somebody had to approve of. A part off that is the giver's own to give holds on.
    pub fn is_of_what_is_there(&self, standing: &[Self], is_approved: bool) -> bool {
        match self.kind {
            RuleKind::Comp => true,
            RuleKind::Percent => {
                is_approved || self.taken_with(standing) == Percent::WHOLE.hundredths()
            }
            RuleKind::Amount | RuleKind::ServicePercent | RuleKind::TaxExempt => false,
        }
    }

    /// How many hundredths are taken off by this and by those of its kind that stand already on the
    /// same: on its line and on the whole check; no more than all.
    pub fn taken_with(&self, standing: &[Self]) -> i64 {
        let alike = |rule: &&Self| rule.kind == self.kind;
        let of = |item: Option<i64>| -> i64 {
            standing
                .iter()
                .filter(alike)
                .filter(|rule| rule.item == item)
                .map(|rule| rule.value)
                .sum()
        };
        // What is taken off the whole comes on top of what was taken off some line: the largest.
        let largest = standing.iter().filter_map(|rule| rule.item).map(|item| of(Some(item))).max();
        let on_lines = self.item.map_or(largest.unwrap_or(0), |item| of(Some(item)));
        let sum = self.value.saturating_add(of(None)).saturating_add(on_lines);
        sum.min(Percent::WHOLE.hundredths())
    }

    fn bound(&self) -> Option<Bound> {
        let bound = self.bound.as_ref()?;
        Some(Bound { id: self.id, items: bound.items.clone(), most: Money(bound.most) })
    }

    fn of_adjustment(adjustment: &Adjustment, item: Option<i64>) -> Self {
        let (kind, value) = match adjustment.kind {
            AdjustmentKind::Percent(percent) => (RuleKind::Percent, percent.hundredths()),
            AdjustmentKind::Amount(amount) => (RuleKind::Amount, amount.0),
            AdjustmentKind::Comp => (RuleKind::Comp, 0),
            AdjustmentKind::Tax => (RuleKind::TaxExempt, 0),
        };
        Self::new(adjustment.id, kind, value, item)
    }
}

/// Lays rules on a draft; those of lines that are not on it wait.
pub fn lay(draft: &mut Draft, rules: &[Rule]) {
    draft.spent.extend(rules.iter().filter(|rule| rule.is_spent).map(|rule| rule.id));
    draft.bounds.extend(rules.iter().filter_map(Rule::bound));
    for rule in rules {
        let Some(adjustment) = rule.adjustment() else {
            draft.charges.push(Charge {
                id: rule.id,
                kind: ChargeKind::Percent(Percent::new(rule.value)),
                tax: rule
                    .tax
                    .map_or(ChargeTax::LikeLines, |tax| ChargeTax::Own(Tax::of_stored(tax))),
                least_guests: rule.least_guests,
            });
            continue;
        };
        match rule.item {
            None => draft.adjustments.push(adjustment),
            Some(item) => {
                let line: Option<&mut DraftLine> =
                    draft.lines.iter_mut().find(|line| line.item == item);
                if let Some(line) = line {
                    line.adjustments.push(adjustment);
                }
            }
        }
    }
}

/// What a rule of a draft is bound to.
pub fn bound_of(draft: &Draft, id: i64) -> Option<RuleBound> {
    let bound = draft.bound(id)?;
    Some(RuleBound { items: bound.items.clone(), most: bound.most.0 })
}

/// The rules that a draft holds.
pub fn rules_of(draft: &Draft) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        draft.adjustments.iter().map(|one| Rule::of_adjustment(one, None)).collect();
    for line in &draft.lines {
        let of_line = line.adjustments.iter();
        rules.extend(of_line.map(|one| Rule::of_adjustment(one, Some(line.item))));
    }
    for charge in &draft.charges {
        if let ChargeKind::Percent(percent) = charge.kind {
            let kind = RuleKind::ServicePercent;
            let rule = Rule::new(charge.id, kind, percent.hundredths(), None);
            let tax = match charge.tax {
                ChargeTax::Own(tax) => Some(tax.stored()),
                ChargeTax::LikeLines => None,
            };
            rules.push(Rule { least_guests: charge.least_guests, tax, ..rule });
        }
    }
    for rule in &mut rules {
        rule.is_spent = draft.spent.contains(&rule.id);
        rule.bound = bound_of(draft, rule.id);
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Quantity;

    #[test]
    fn what_was_taken_off_before_counts_with_what_is_taken_now() {
        let percent = |value, item| Rule::new(0, RuleKind::Percent, value, item);
        let amount = Rule { kind: RuleKind::Amount, ..percent(99, None) };
        let standing = [percent(500, None), percent(300, Some(1)), percent(200, Some(2)), amount];
        for (new, together) in [
            (percent(100, None), 900),
            (percent(100, Some(1)), 900),
            (percent(100, Some(2)), 800),
            (percent(100, Some(3)), 600),
            (percent(9_900, None), 10_000),
        ] {
            assert_eq!(new.taken_with(&standing), together, "{new:?}");
        }
    }

    #[test]
    fn rules_are_kept_as_they_were_said() {
        assert_eq!(RuleKind::Percent.value(Some("7.5")).unwrap(), 750);
        assert_eq!(RuleKind::Amount.value(Some("100")).unwrap(), 10_000);
        assert_eq!(RuleKind::Comp.value(None).unwrap(), 0);
        for (kind, wrong) in [
            (RuleKind::Percent, Some("101")),
            (RuleKind::Amount, Some("-5")),
            (RuleKind::Amount, Some("0")),
            (RuleKind::ServicePercent, None),
        ] {
            assert_eq!(kind.value(wrong).unwrap_err().status(), 422, "{wrong:?}");
        }
        let bound = Some(RuleBound { items: vec![7], most: 100 });
        let rules = [
            Rule::new(1, RuleKind::Percent, 500, None),
            Rule { bound, ..Rule::new(2, RuleKind::Comp, 0, Some(7)) },
            Rule::new(3, RuleKind::ServicePercent, 1000, None),
        ];
        let line = DraftLine::new(7, Quantity::pieces(1), Money(100), Tax::Exempt);
        let mut draft = Draft { lines: vec![line], ..Draft::default() };
        lay(&mut draft, &rules);
        assert_eq!(rules_of(&draft), rules);
        let text = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Rule>>(&text).unwrap(), rules);
        for (kind, word) in RuleKind::ALL {
            assert_eq!(RuleKind::parse(word), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), word);
        }
    }
}
