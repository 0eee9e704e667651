//! What was refused for want of an approval, and to whom: nothing else is asked for. It stands in memory,
//! since a refused deed leaves nothing in the database; after a start it is tried again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::catalog::Permission;
use crate::core::kernel::Money;
use crate::features::checks::PaymentState;

/// How long a refusal may be asked about, in milliseconds: until somebody was fetched.
const KEPT_FOR: i64 = 15 * 60_000;
/// How many of one sign-in are kept.
const MOST: usize = 8;

/// What of an order a deed is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// All of it.
    Order,
    /// One of its checks, by its number.
    Check(i64),
    /// A dish.
    Dish(String),
    /// A payment of one of its checks, and what somebody says became of it.
    Payment {
        /// The check's number.
        check: i64,
        /// What is said.
        state: PaymentState,
    },
    /// All of it, or lines, that go to this table.
    ToTable {
        /// The table.
        id: i64,
        /// What people call it.
        name: String,
    },
}

impl What {
    /// The dish, where it is one.
    pub fn dish(&self) -> Option<&str> {
        match self {
            Self::Dish(name) => Some(name),
            _ => None,
        }
    }

    /// The check's number, where it is one.
    pub fn check(&self) -> Option<i64> {
        match self {
            Self::Check(number) | Self::Payment { check: number, .. } => Some(*number),
            _ => None,
        }
    }

    /// What is said of a payment, where it is one.
    pub fn payment_state(&self) -> Option<PaymentState> {
        match self {
            Self::Payment { state, .. } => Some(*state),
            _ => None,
        }
    }

    /// The table to which it goes, where it does: its id and what people call it.
    pub fn to_table(&self) -> Option<(i64, &str)> {
        match self {
            Self::ToTable { id, name } => Some((*id, name)),
            _ => None,
        }
    }
}

/// By which way money goes, and whose account it is about: an approval is of this one and no other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoneyWay {
    /// The way to pay: its id and its name.
    pub method: Option<(i64, String)>,
    /// The house account: its id and its name. One that is to be opened has the id 0.
    pub account: Option<(i64, String)>,
}

impl MoneyWay {
    /// No money goes.
    pub const NONE: Self = Self { method: None, account: None };

    /// The way to pay, by its id.
    pub fn method_id(&self) -> Option<i64> {
        self.method.as_ref().map(|(id, _)| *id)
    }

    /// The account, where there is one already.
    pub fn account_id(&self) -> Option<i64> {
        self.account.as_ref().map(|(id, _)| *id).filter(|id| *id != 0)
    }

    /// What the way to pay is called.
    pub fn method_name(&self) -> Option<&str> {
        self.method.as_ref().map(|(_, name)| &**name)
    }

    /// Whose account it is.
    pub fn account_name(&self) -> Option<&str> {
        self.account.as_ref().map(|(_, name)| &**name)
    }
}

/// A deed that waits for somebody's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The weightiest that it needs.
    pub permission: Permission,
    /// What it is done to.
    pub subject: (&'static str, i64),
    /// How much is at stake, in minor units or hundredths of a percent.
    pub amount: i64,
    /// Of a percentage: what it comes to, in minor units.
    pub worth: Option<i64>,
    /// The order it is about, where it is of one.
    pub order: Option<i64>,
    /// What of the order.
    pub what: What,
    /// By which way money goes.
    pub way: MoneyWay,
}

/// A refused deed as who asks describes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Described<'a> {
    pub permission: Permission,
    pub subject: (&'a str, i64),
    pub amount: i64,
    /// Where they name it.
    pub method_id: Option<i64>,
    pub account_id: Option<i64>,
    pub payment_state: Option<PaymentState>,
    pub to_table_id: Option<i64>,
}

impl Wish {
    fn is(&self, described: &Described<'_>) -> bool {
        let Described { permission, subject, amount, method_id, account_id, .. } = *described;
        let Described { payment_state, to_table_id, .. } = *described;
        (self.permission, self.subject, self.amount) == (permission, subject, amount)
            && payment_state.is_none_or(|state| self.what.payment_state() == Some(state))
            && to_table_id.is_none_or(|id| self.what.to_table().is_some_and(|(to, _)| to == id))
            && method_id.is_none_or(|id| self.way.method_id() == Some(id))
            && account_id.is_none_or(|id| self.way.account_id() == Some(id))
    }

    /// What a percentage comes to, as it is written.
    pub fn worth_text(&self) -> Option<String> {
        self.worth.map(|worth| Money(worth).to_string())
    }
}

/// The refusals of each sign-in, the newest last.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<Mutex<HashMap<Uuid, Vec<Refused>>>>);

/// When, and what.
type Refused = (i64, Wish);

impl Refusals {
    /// Remembers that a deed was refused now, in milliseconds since the start.
    pub fn note(&self, session: Uuid, wish: Wish, now: i64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, of_one| {
            of_one.retain(|(at, _)| now - at <= KEPT_FOR);
            !of_one.is_empty()
        });
        let of_one = all.entry(session).or_default();
        of_one.retain(|(_, other)| *other != wish);
        if of_one.len() >= MOST {
            of_one.remove(0);
        }
        of_one.push((now, wish));
    }

    /// What was refused to a sign-in, as it describes it.
    pub(super) fn find(&self, session: Uuid, described: Described<'_>, now: i64) -> Option<Wish> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |(at, wish): &&Refused| now - at <= KEPT_FOR && wish.is(&described);
        all.get(&session)?.iter().rev().find(is_it).map(|(_, wish)| wish.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(subject_id: i64) -> Wish {
        Wish {
            permission: Permission::Comp,
            subject: ("check", subject_id),
            amount: 100,
            worth: None,
            order: Some(1),
            what: What::Check(1),
            way: MoneyWay::NONE,
        }
    }

    #[test]
    fn a_sign_in_asks_for_what_was_refused_to_it_lately() {
        let (refusals, anna, ivan) = (Refusals::default(), Uuid::now_v7(), Uuid::now_v7());
        let find = |who, id, amount, now| {
            let (permission, subject) = (Permission::Comp, ("check", id));
            let (method_id, account_id, payment_state, to_table_id) = (None, None, None, None);
            let named = Described {
                permission,
                subject,
                amount,
                method_id,
                account_id,
                payment_state,
                to_table_id,
            };
            refusals.find(who, named, now)
        };
        for id in 0..20 {
            refusals.note(anna, wish(id), id);
        }
        assert_eq!(find(anna, 19, 100, 20), Some(wish(19)));
        assert_eq!(find(anna, 12, 100, 20), Some(wish(12)));
        assert_eq!(find(anna, 11, 100, 20), None, "so many are kept");
        assert_eq!(find(anna, 19, 99, 20), None, "another sum");
        assert_eq!(find(ivan, 19, 100, 20), None, "another's");
        assert_eq!(find(anna, 19, 100, 20 + KEPT_FOR), None, "too long ago");
        refusals.note(ivan, wish(1), 20 + KEPT_FOR);
        assert_eq!(refusals.0.lock().unwrap().len(), 1, "who is gone is forgotten");
    }
}
