//! How far an account goes, and what money that comes in is.

use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::words;

words! {
    /// What moved an account.
    pub enum MoveKind as AccountMoveKind {
        /// Money came in before anything is paid by it.
        Deposit = "DEPOSIT",
        /// Money came in for what the account owed.
        Settlement = "SETTLEMENT",
        /// A check was paid by it.
        Charge = "CHARGE",
        /// What a check was paid by went back to it.
        Returned = "RETURNED",
        /// Money went out, to whose account it is.
        GivenBack = "GIVEN_BACK",
    }
}

/// What an account holds, owes, moves or may owe is at most so many of the largest prices: a slip of
/// the hand is caught, and no sum overflows.
const MOST_PRICES: i64 = 100;

/// The most that an account may hold or owe.
pub fn most() -> Money {
    Money::max_price().times(MOST_PRICES)
}

/// How an account stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Whose it is.
    pub name: &'a str,
    /// What it holds; below 0 what it owes.
    pub balance: Money,
    /// How far it may fall below 0.
    pub credit_limit: Money,
    /// Whether it may be used.
    pub is_active: bool,
}

impl Standing<'_> {
    /// How much can be paid by it.
    pub fn available(&self) -> Money {
        (self.balance + self.credit_limit).max(Money::ZERO)
    }

    /// What it owes.
    pub fn owed(&self) -> Money {
        (Money::ZERO - self.balance).max(Money::ZERO)
    }

    /// Whether so much of a check may be paid by it.
    ///
    /// # Errors
    /// 409 when it is closed, or does not hold so much and may not owe the rest.
    pub fn check_charge(&self, amount: Money) -> Result<()> {
        self.check_open()?;
        let (name, available) = (self.name, self.available());
        if amount <= available {
            return Ok(());
        }
        let detail = format!(
            "“{name}” can pay {available} and {amount} is needed. Take a part from it, have money paid \
             in, or choose another way to pay."
        );
        let error = Error::conflict("account_limit", detail).with("name", name);
        Err(error.with("available", available.to_string()).with("needed", amount.to_string()))
    }

    /// What money is that comes in: first it settles what is owed, the rest is a deposit.
    ///
    /// # Errors
    /// When it is nothing or too much, another balance was seen, or a closed account would get a
    /// deposit.
    pub fn pay_in(&self, amount: Money, seen: Money) -> Result<Vec<(MoveKind, Money)>> {
        check_amount(amount)?;
        self.check_seen(seen)?;
        let settled = amount.min(self.owed());
        let deposit = amount - settled;
        if deposit > Money::ZERO {
            self.check_open()?;
        }
        if self.balance + amount > most() {
            let most = most();
            let detail = format!("An account holds {most} at most. Look whether the sum is right.");
            return Err(Error::rule("account_too_large", detail).with("most", most.to_string()));
        }
        let parts = [(MoveKind::Settlement, settled), (MoveKind::Deposit, deposit)];
        Ok(parts.into_iter().filter(|(_, part)| *part > Money::ZERO).collect())
    }

    /// Whether so much may be given back.
    ///
    /// # Errors
    /// When it is nothing, another balance was seen, or the account does not hold so much.
    pub fn check_give_back(&self, amount: Money, seen: Money) -> Result<()> {
        check_amount(amount)?;
        self.check_seen(seen)?;
        let held = self.balance.max(Money::ZERO);
        if amount <= held {
            return Ok(());
        }
        let name = self.name;
        let detail = format!("“{name}” holds {held}. No more can be given back.");
        let error = Error::rule("above_balance", detail).with("name", name);
        Err(error.with("balance", held.to_string()))
    }

    /// Whether nobody has anything to get: the name may be forgotten.
    ///
    /// # Errors
    /// 409 when it holds or owes something.
    pub fn check_even(&self) -> Result<()> {
        if self.balance == Money::ZERO {
            return Ok(());
        }
        let (name, balance) = (self.name, self.balance);
        let detail = format!(
            "“{name}” stands at {balance}. Give the money back, or have it settled, before its name is \
             erased."
        );
        let error = Error::conflict("account_not_even", detail).with("name", name);
        Err(error.with("balance", balance.to_string()))
    }

    fn check_open(&self) -> Result<()> {
        if self.is_active {
            return Ok(());
        }
        let name = self.name;
        let detail = format!("The account “{name}” is closed. Open it again, or choose another.");
        Err(Error::conflict("account_closed", detail).with("name", name))
    }

    fn check_seen(&self, seen: Money) -> Result<()> {
        if seen == self.balance {
            return Ok(());
        }
        let (name, balance) = (self.name, self.balance);
        let detail = format!("“{name}” stands at {balance} now. Look again.");
        let error = Error::conflict("balance_changed", detail).with("name", name);
        Err(error.with("balance", balance.to_string()))
    }
}

fn check_amount(amount: Money) -> Result<()> {
    let most = most();
    if amount > Money::ZERO && amount <= most {
        return Ok(());
    }
    Err(Error::invalid("amount", format!("must be more than nothing and at most {most}")))
}

/// Whether an account may owe so much.
///
/// # Errors
/// 422 when it is below nothing, or more than anybody means.
pub fn check_limit(limit: Money) -> Result<()> {
    let most = most();
    if limit >= Money::ZERO && limit <= most {
        return Ok(());
    }
    Err(Error::invalid("credit_limit", format!("must be from 0 to {most}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standing(balance: i64, limit: i64) -> Standing<'static> {
        Standing {
            name: "Dacha",
            balance: Money(balance),
            credit_limit: Money(limit),
            is_active: true,
        }
    }

    #[test]
    fn an_account_pays_what_it_holds_and_what_it_may_owe() {
        for (balance, limit, amount, is_right) in [
            (100, 0, 100, true),
            (100, 0, 101, false),
            (0, 0, 1, false),
            (0, 50, 50, true),
            (-20, 50, 30, true),
            (-20, 50, 31, false),
            // The limit was lowered since.
            (-80, 50, 1, false),
        ] {
            let result = standing(balance, limit).check_charge(Money(amount));
            assert_eq!(result.is_ok(), is_right, "{balance} {limit} {amount}");
        }
        let closed = Standing { is_active: false, ..standing(100, 0) };
        assert_eq!(closed.check_charge(Money(1)).unwrap_err().problem().code, "account_closed");
    }

    #[test]
    fn money_settles_what_is_owed_first() {
        use MoveKind::{Deposit, Settlement};
        for (balance, amount, parts) in [
            (0, 70, vec![(Deposit, 70)]),
            (30, 70, vec![(Deposit, 70)]),
            (-30, 70, vec![(Settlement, 30), (Deposit, 40)]),
            (-70, 70, vec![(Settlement, 70)]),
            (-90, 70, vec![(Settlement, 70)]),
        ] {
            let found = standing(balance, 0).pay_in(Money(amount), Money(balance)).unwrap();
            let parts: Vec<_> = parts.into_iter().map(|(kind, sum)| (kind, Money(sum))).collect();
            assert_eq!(found, parts, "{balance} {amount}");
        }
        // What is owed is settled of a closed account too; it gets no deposit.
        let closed = Standing { is_active: false, ..standing(-30, 0) };
        assert!(closed.pay_in(Money(30), Money(-30)).is_ok());
        assert_eq!(
            closed.pay_in(Money(31), Money(-30)).unwrap_err().problem().code,
            "account_closed"
        );
    }

    #[test]
    fn what_is_not_there_is_not_given_back() {
        let code = |balance: i64, amount: i64, seen: i64| {
            let result = standing(balance, 500).check_give_back(Money(amount), Money(seen));
            result.map_err(|error| error.problem().code)
        };
        assert_eq!(code(100, 100, 100), Ok(()));
        assert_eq!(code(100, 101, 100), Err("above_balance"));
        assert_eq!(code(-5, 1, -5), Err("above_balance"), "what may be owed is nobody's money");
        assert_eq!(code(100, 50, 99), Err("balance_changed"));
        assert_eq!(code(100, 0, 100), Err("invalid"));
        assert_eq!(code(100, -1, 100), Err("invalid"));
    }

    proptest! {
        #[test]
        fn parts_of_what_comes_in_are_all_of_it(balance in -9_999_i64..9_999, amount in 1_i64..9_999) {
            let parts = standing(balance, 0).pay_in(Money(amount), Money(balance)).unwrap();
            let sum: Money = parts.iter().map(|(_, part)| *part).sum();
            prop_assert_eq!(sum, Money(amount));
            let settled: i64 = parts.iter().filter(|(kind, _)| *kind == MoveKind::Settlement)
                .map(|(_, part)| part.0).sum();
            prop_assert_eq!(settled, amount.min((-balance).max(0)));
        }

        #[test]
        fn a_charge_never_goes_below_the_limit(
            balance in -999_i64..999, limit in 0_i64..999, amount in 1_i64..2_999,
        ) {
            if standing(balance, limit).check_charge(Money(amount)).is_ok() {
                prop_assert!(balance - amount >= -limit);
            } else {
                prop_assert!(balance - amount < -limit);
            }
        }
    }
}
