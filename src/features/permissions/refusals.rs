//! What was refused for want of an approval, and to whom: nothing else is asked for. It stands in memory,
//! since a refused deed leaves nothing in the database; after a start it is tried again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::catalog::Permission;
use crate::core::kernel::Money;

/// How long a refusal may be asked about, in milliseconds: till somebody was fetched.
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
    /// No order, but a house account, by its name.
    Account(String),
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
            Self::Check(number) => Some(*number),
            _ => None,
        }
    }

    /// The account's name, where it is one.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Account(name) => Some(name),
            _ => None,
        }
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
}

impl Wish {
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
    pub fn find(
        &self,
        session: Uuid,
        (permission, subject, amount): (Permission, (&str, i64), i64),
        now: i64,
    ) -> Option<Wish> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |(at, wish): &&Refused| {
            now - at <= KEPT_FOR
                && (wish.permission, wish.subject, wish.amount) == (permission, subject, amount)
        };
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
        }
    }

    #[test]
    fn a_sign_in_asks_for_what_was_refused_to_it_lately() {
        let (refusals, anna, ivan) = (Refusals::default(), Uuid::now_v7(), Uuid::now_v7());
        let find = |who, id, amount, now| {
            refusals.find(who, (Permission::Comp, ("check", id), amount), now)
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
