//! The ledger against random sequences, and over restarts.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{close_shift, open_shift, operator, perform, setup};
use crate::simulators::fiscal::Ffd;
use crate::simulators::fiscal::register::Register;
use crate::simulators::fiscal::store::Store;

#[derive(Debug, Clone)]
enum Deed {
    Open,
    Close,
    Sale { price: i64, quantity: i64, cash: bool, back: bool },
    Cash { sum: i64, out: bool },
    Night,
    Restart,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => Just(Deed::Open),
        1 => Just(Deed::Close),
        8 => (0_i64..1_000_000, 1_i64..5_000, any::<bool>(), any::<bool>())
            .prop_map(|(price, quantity, cash, back)| Deed::Sale { price, quantity, cash, back }),
        2 => (1_i64..100_000, any::<bool>()).prop_map(|(sum, out)| Deed::Cash { sum, out }),
        1 => Just(Deed::Night),
        1 => Just(Deed::Restart),
    ]
}

fn rubles(kopecks: i64) -> f64 {
    kopecks as f64 / 100.0
}

/// What the test itself counts.
#[derive(Default)]
struct Book {
    documents: i64,
    drawer: i64,
    is_open: bool,
    is_expired: bool,
    /// Of the shift: count and sum of sales, and of returns.
    sold: [(i64, i64); 2],
}

fn play(register: &mut Register, book: &mut Book, deed: &Deed) {
    match *deed {
        Deed::Open => {
            let done = perform(register, &open_shift());
            assert_eq!(done.is_ok(), !book.is_open);
            if done.is_ok() {
                book.documents += 1;
                (book.is_open, book.is_expired, book.sold) = (true, false, Default::default());
            }
        }
        Deed::Close => {
            let done = perform(register, &close_shift());
            assert_eq!(done.is_ok(), book.is_open);
            book.documents += i64::from(done.is_ok());
            book.is_open = false;
        }
        Deed::Sale { price, quantity, cash, back } => {
            let amount = (price * quantity + 500) / 1000;
            let kind = if back { "sellReturn" } else { "sell" };
            let way = if cash { "cash" } else { "electronically" };
            let done = perform(
                register,
                &json!({
                    "type": kind,
                    "operator": operator(),
                    "items": [{
                        "type": "position", "name": "Сыр", "price": rubles(price),
                        "quantity": quantity as f64 / 1000.0, "amount": rubles(amount),
                        "tax": { "type": "vat10" },
                    }],
                    "payments": [{ "type": way, "sum": rubles(amount) }],
                }),
            );
            let expected = match (book.is_open, book.is_expired) {
                (false, _) => Some(73),
                (true, true) => Some(68),
                (true, false) => None,
            };
            assert_eq!(done.as_ref().err().copied(), expected, "{deed:?}");
            if done.is_ok() {
                book.documents += 1;
                let sold = &mut book.sold[usize::from(back)];
                *sold = (sold.0 + 1, sold.1 + amount);
                let sign = if back { -1 } else { 1 };
                book.drawer += if cash { sign * amount } else { 0 };
            }
        }
        Deed::Cash { sum, out } => {
            let kind = if out { "cashOut" } else { "cashIn" };
            let task = json!({ "type": kind, "operator": operator(), "cashSum": rubles(sum) });
            if perform(register, &task).is_ok() {
                book.drawer += if out { -sum } else { sum };
                assert!(book.drawer >= 0 || !out, "money that is not there was paid out");
            }
        }
        Deed::Night => {
            register.move_clock(25 * 3_600_000).unwrap();
            book.is_expired = book.is_open;
        }
        Deed::Restart => {}
    }
}

fn compare(register: &mut Register, book: &Book) {
    let documents = register.store().documents(0, i64::MAX).unwrap();
    let numbers: Vec<_> = documents.iter().filter_map(|document| document.number).collect();
    assert_eq!(numbers, (1..=book.documents).collect::<Vec<_>>(), "numbers without gaps");
    assert!(
        documents.windows(2).all(|pair| pair[0].at <= pair[1].at && pair[0].sign != pair[1].sign)
    );
    assert!(
        documents
            .iter()
            .all(|d| d.paid.iter().copied().sum::<super::super::decimal::Money>() == d.total)
    );
    let totals = perform(register, &json!({ "type": "getShiftTotals" })).unwrap();
    let totals = &totals["shiftTotals"];
    let kopecks =
        |value: &Value| format!("{:.0}", value.as_f64().unwrap() * 100.0).parse::<i64>().unwrap();
    assert_eq!(kopecks(&totals["cashDrawer"]["sum"]), book.drawer);
    for (kind, (count, sum)) in ["sell", "sellReturn"].into_iter().zip(book.sold) {
        assert_eq!(totals["receipts"][kind]["count"], count);
        assert_eq!(kopecks(&totals["receipts"][kind]["sum"]), sum);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_ledger_is_what_was_done(deeds in proptest::collection::vec(deed(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let open = || {
            let store = Store::open(Some(folder.path())).unwrap();
            Register::new(store, setup(Ffd::V12)).unwrap()
        };
        let (mut register, mut book) = (open(), Book::default());
        for deed in &deeds {
            if matches!(deed, Deed::Restart) {
                drop(register);
                register = open();
            }
            play(&mut register, &mut book, deed);
        }
        compare(&mut register, &book);
    }
}

#[test]
fn a_folder_has_one_simulator() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(Some(folder.path())).unwrap();
    assert!(Store::open(Some(folder.path())).is_err());
    drop(first);
    Store::open(Some(folder.path())).unwrap();
}
