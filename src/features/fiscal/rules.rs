//! What documents a sale needs, and what follows from what a register says.

use super::body::{Form, Receipt};
use super::register::{Kept, Proof, Refusal};
use super::states::DocumentKind;
use crate::core::kernel::Money;

/// What of a receipt was paid so.
pub fn paid(receipt: &Receipt, form: Form) -> Money {
    receipt.payments.iter().filter(|(of, _)| *of == form).map(|(_, sum)| *sum).sum()
}

/// Whether a receipt says what another says of the money. Its lines follow from the check, which is
/// stored and does not change.
pub fn says_the_same(one: &Receipt, other: &Receipt) -> bool {
    one.total == other.total && Form::ALL.iter().all(|form| paid(one, *form) == paid(other, *form))
}

/// Refusals of the moment: the same document is made when what is wrong was put right.
const PASSES: [i64; 32] = [
    1, 2, 3, 4, 11, 12, 44, 45, 46, 55, 68, 73, 83, 94, 96, 114, 115, 116, 120, 121, 136, 137, 140,
    141, 159, 165, 166, 177, 189, 241, 502, 503,
];

/// Whether a document that was refused is made when it is sent again, as it is.
pub fn passes(refusal: &Refusal) -> bool {
    PASSES.contains(&refusal.code)
}

/// What is looked for among a register's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// What it is.
    pub kind: DocumentKind,
    /// What it comes to.
    pub total: Money,
    /// What of that is cash.
    pub cash: Money,
    /// And what is paid without.
    pub electronic: Money,
}

impl Wanted {
    /// What a document would look like.
    pub fn of(kind: DocumentKind, receipt: Option<&Receipt>) -> Self {
        let of = |form| receipt.map_or(Money::ZERO, |receipt| paid(receipt, form));
        let total = receipt.map_or(Money::ZERO, |receipt| receipt.total);
        Self { kind, total, cash: of(Form::Cash), electronic: of(Form::Electronic) }
    }

    fn is(&self, kept: &Kept) -> bool {
        let sums = (kept.total, kept.cash, kept.electronic);
        kept.kind == Some(self.kind)
            && (!self.kind.is_owed() || sums == (self.total, self.cash, self.electronic))
    }
}

/// Which of a register's documents is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This one.
    One(Proof),
    /// None: it was not made.
    None,
    /// Several could be.
    Several,
}

/// Looks for a document among those that the register made since. `ours` are the numbers that are known
/// to be others of ours.
pub fn find(wanted: Wanted, made_since: &[Kept], ours: &[i64]) -> Found {
    let is_free = |kept: &&Kept| kept.proof.number.is_none_or(|number| !ours.contains(&number));
    let mut found = made_since.iter().filter(|kept| wanted.is(kept)).filter(is_free);
    match (found.next(), found.next()) {
        (None, _) => Found::None,
        (Some(one), None) => Found::One(one.proof.clone()),
        (Some(_), Some(_)) => Found::Several,
    }
}

/// A shift is closed when so little of its day is left: in minutes.
const CLOSES_AHEAD: i64 = 60;

/// Whether a shift is to be closed by itself: its day is nearly over, and nothing waits.
pub fn is_to_close(minutes_left: Option<i64>, open_documents: i64) -> bool {
    open_documents == 0 && minutes_left.is_some_and(|left| left <= CLOSES_AHEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(kind: DocumentKind, number: i64, total: i64, cash: i64) -> Kept {
        Kept {
            kind: Some(kind),
            total: Money(total),
            cash: Money(cash),
            electronic: Money(total - cash),
            proof: Proof { number: Some(number), ..Proof::default() },
        }
    }

    #[test]
    fn a_document_is_found_among_those_that_were_made_since() {
        use DocumentKind::{OpenShift, Sell, SellReturn};
        let wanted =
            Wanted { kind: Sell, total: Money(500), cash: Money(500), electronic: Money::ZERO };
        let number = |found: Found| match found {
            Found::One(proof) => proof.number,
            Found::None => Some(0),
            Found::Several => None,
        };
        let alike = || kept(Sell, 7, 500, 500);
        for (made, ours, expected) in [
            (vec![], vec![], Some(0)),
            (vec![alike()], vec![], Some(7)),
            // Another of ours that looks the same is not taken for this one.
            (vec![alike()], vec![7], Some(0)),
            (vec![kept(OpenShift, 6, 0, 0), alike()], vec![], Some(7)),
            (vec![kept(Sell, 6, 500, 0), alike()], vec![], Some(7)),
            (vec![kept(SellReturn, 6, 500, 500)], vec![], Some(0)),
            // Somebody else's till on the same register: only a person tells them apart.
            (vec![alike(), kept(Sell, 8, 500, 500)], vec![], None),
            (vec![alike(), kept(Sell, 8, 500, 500)], vec![8], Some(7)),
        ] {
            assert_eq!(number(find(wanted, &made, &ours)), expected, "{made:?} {ours:?}");
        }
    }

    #[test]
    fn a_shift_is_found_whatever_it_came_to() {
        let wanted = Wanted::of(DocumentKind::CloseShift, None);
        let made = [kept(DocumentKind::CloseShift, 9, 120_000, 0)];
        assert!(matches!(find(wanted, &made, &[]), Found::One(_)));
    }

    #[test]
    fn what_passes_is_sent_again_and_what_does_not_waits_for_a_person() {
        for (code, again) in [(44, true), (68, true), (121, true), (16, false), (144, false)] {
            let refusal = Refusal { code, words: String::new() };
            assert_eq!(passes(&refusal), again, "{code}");
        }
    }

    #[test]
    fn a_shift_is_closed_ahead_of_its_day_and_never_with_a_receipt_under_way() {
        for (left, open, closes) in
            [(None, 0, false), (Some(61), 0, false), (Some(60), 0, true), (Some(-5), 2, false)]
        {
            assert_eq!(is_to_close(left, open), closes, "{left:?} {open}");
        }
    }
}
