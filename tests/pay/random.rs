//! Any order of faults, of guests who pay, are late or change their minds, and of boxes that stop: in the end
//! each payment that a provider has is in the books exactly once, on a check or on the board, and the sums are
//! the same.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use qres::appliance::Appliance;
use qres::features::pay::Poller;
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::checks::{check_of, evening};
use crate::harness::{Client, id};
use crate::pay_desk::Desk;
use crate::pay_fake::{Call, Dialect, Fault, Provider, RefundState, State, Trouble};

/// So many times as fast as in a restaurant.
const PACE: u32 = 200;

/// Something that happens.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// Somebody begins to pay so much of the check.
    Begin(i64),
    /// The guest of the n-th attempt that the provider has pays it.
    Pay(usize),
    /// He pays after its time.
    PayLate(usize),
    /// The bank refuses him.
    Decline(usize),
    /// The staff take the n-th attempt back.
    TakeBack(usize),
    /// The staff give money back that came too late.
    GiveBack(usize),
    /// The next call of a kind goes wrong so.
    Wrong(Call, Fault),
    /// The box stops, and starts again.
    Restart,
    /// The provider's clock leaps, by so many seconds.
    Leap(i64),
    /// Its list is held against the books.
    Compare,
}

fn faults() -> impl Strategy<Value = Fault> {
    let trouble = prop_oneof![
        Just(Trouble::Lost),
        Just(Trouble::Half),
        Just(Trouble::Gateway),
        Just(Trouble::Portal),
        Just(Trouble::Status(500)),
        Just(Trouble::Status(503)),
        Just(Trouble::Status(429)),
        Just(Trouble::Status(202)),
    ];
    (trouble, any::<bool>()).prop_map(|(trouble, is_done)| {
        if is_done { Fault::After(trouble) } else { Fault::Before(trouble) }
    })
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let call = prop_oneof![
        3 => Just(Call::Create),
        3 => Just(Call::Ask),
        1 => Just(Call::Refund),
        1 => Just(Call::AskRefund),
        1 => Just(Call::Withdraw),
        1 => Just(Call::List),
    ];
    let event = prop_oneof![
        4 => (1_i64..60_000).prop_map(Event::Begin),
        4 => (0_usize..6).prop_map(Event::Pay),
        1 => (0_usize..6).prop_map(Event::PayLate),
        1 => (0_usize..6).prop_map(Event::Decline),
        2 => (0_usize..6).prop_map(Event::TakeBack),
        1 => (0_usize..6).prop_map(Event::GiveBack),
        6 => (call, faults()).prop_map(|(call, fault)| Event::Wrong(call, fault)),
        1 => Just(Event::Restart),
        1 => (-60_i64..60).prop_map(Event::Leap),
        1 => Just(Event::Compare),
    ];
    prop::collection::vec(event, 5..30)
}

/// A box on a folder, that can be stopped and started.
struct Running {
    base: String,
    stop: CancellationToken,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Running {
    async fn start(settings: &qres::platform::config::Settings) -> Self {
        let end = Instant::now() + Duration::from_secs(10);
        let app = loop {
            match Appliance::open(settings.clone()).await {
                Ok(app) => break app,
                // The one before still lets go of the folder.
                Err(error) => assert!(Instant::now() < end, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        app.state::<Poller>().hurry(PACE);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let served = tokio::spawn(app.serve(listener, None, stop.clone()));
        Self { base, stop, served }
    }

    async fn end(self) {
        self.stop.cancel();
        self.served.await.unwrap().unwrap();
    }
}

struct Evening {
    dialect: Dialect,
    running: Running,
    settings: qres::platform::config::Settings,
    tokens: [String; 2],
    provider: Provider,
    provider_id: i64,
    check_id: i64,
}

impl Evening {
    async fn open(dialect: Dialect) -> (Self, tempfile::TempDir) {
        // The house is furnished by the harness; its folder then goes on without it.
        let desk = Desk::open(dialect).await;
        let check = check_of(&desk.house, evening(&desk.house).await).await;
        let folder = tempfile::tempdir().unwrap();
        let mut settings = desk.house.app.app.settings.clone();
        let tokens = [&desk.house.waiter, &desk.house.admin].map(|who| who.token.clone().unwrap());
        copy(&settings.data_dir, &folder.path().join("data"), &desk);
        settings.data_dir = folder.path().join("data");
        let (provider, provider_id) = (desk.provider, desk.provider_id);
        let running = Running::start(&settings).await;
        let check_id = id(&check);
        (Self { dialect, running, settings, tokens, provider, provider_id, check_id }, folder)
    }

    fn who(&self, at: usize) -> Client {
        Client::new(&self.running.base, Some(&self.tokens[at]))
    }

    fn database(&self) -> Connection {
        Connection::open(self.settings.data_dir.join("qres.db")).unwrap()
    }

    /// The n-th thing that the provider has, if it is there. The bank has no list: what nobody here ever
    /// heard of nobody has a link of, and nobody pays.
    fn nth(&self, at: usize) -> Option<String> {
        let ledger = self.provider.ledger();
        let has_list = self.dialect != Dialect::Raiffeisen;
        let known = "SELECT count(*) FROM pay_attempts WHERE reference = ?1";
        let is_known = |id: &str| {
            let known = self.database().query_row(known, [id], |row| row.get::<_, i64>(0));
            has_list || known.unwrap() > 0
        };
        let all = ledger.payments.iter().map(|one| one.id.clone());
        let all = all.filter(|id| is_known(id)).collect::<Vec<_>>();
        (!all.is_empty()).then(|| all[at % all.len()].clone())
    }

    async fn attempts(&self) -> Vec<Value> {
        let page = "/pay/attempts?limit=100";
        self.who(1).get(page).await.ok()["attempts"].as_array().unwrap().clone()
    }

    async fn happen(&mut self, event: Event) {
        match event {
            Event::Begin(amount) => {
                let check = self.who(0).get(&format!("/checks/{}", self.check_id)).await.ok();
                let amount = format!("{}.{:02}", amount / 100, amount % 100);
                let body = json!({"check_id": self.check_id, "provider_id": self.provider_id,
                                  "amount": amount, "expected_due": check["due"]});
                // It may be more than is due by now.
                self.who(0).post("/pay/attempts", &body).await;
            }
            // Whoever cannot pay any more does not.
            Event::Pay(at) => {
                let _ = self.nth(at).map(|id| self.provider.guest_pays(&id));
            }
            Event::PayLate(at) => {
                // Its clock is hours ahead for a moment, and goes on as before.
                let before = self.provider.clock().now();
                let _ = self.nth(at).map(|id| self.provider.guest_pays_after_expiry(&id));
                self.provider.clock().advance(before - self.provider.clock().now());
            }
            Event::Decline(at) => {
                let _ = self.nth(at).map(|id| self.provider.guest_is_declined(&id));
            }
            Event::TakeBack(at) => self.with_attempt(0, at, "withdraw").await,
            Event::GiveBack(at) => self.with_attempt(1, at, "give-back").await,
            Event::Wrong(call, fault) => self.provider.script(call, [Some(fault)]),
            Event::Leap(seconds) => self.provider.clock().advance(seconds * 1000),
            Event::Compare => self.compare().await,
            Event::Restart => {
                let next = Running {
                    base: String::new(),
                    stop: CancellationToken::new(),
                    served: tokio::spawn(async { Ok(()) }),
                };
                std::mem::replace(&mut self.running, next).end().await;
                self.running = Running::start(&self.settings).await;
            }
        }
    }

    async fn compare(&self) {
        let path = format!("/pay/providers/{}/compare", self.provider_id);
        self.who(1).post(&path, &json!({})).await;
    }

    async fn with_attempt(&self, who: usize, at: usize, step: &str) {
        let all = self.attempts().await;
        if !all.is_empty() {
            let path = format!("/pay/attempts/{}/{step}", all[at % all.len()]["id"]);
            self.who(who).post(&path, &json!({})).await;
        }
    }

    /// All that was scripted is over, all times are, and the list was read: now everybody knows.
    async fn come_to_rest(&self) {
        let past =
            "UPDATE pay_attempts SET expires_at = min(coalesce(expires_at, 0), 1767225600000)
                    WHERE state <> 'CREATED' AND is_open = 1";
        let end = Instant::now() + Duration::from_mins(1);
        loop {
            let open: i64 = self.count("SELECT count(*) FROM pay_attempts WHERE is_open = 1");
            let back: i64 = self.count("SELECT count(*) FROM pay_refunds WHERE is_open = 1");
            let new: i64 = self.count(
                "SELECT count(*) FROM payments WHERE kind = 'REFUND' AND provider_id IS NOT NULL
                     AND provider_ref IS NULL",
            );
            if (open, back, new) == (0, 0, 0) {
                break;
            }
            assert!(
                Instant::now() < end,
                "{open} are open, {back} go back: {:?}",
                self.attempts().await
            );
            let db = self.database();
            db.busy_timeout(Duration::from_secs(5)).unwrap();
            db.execute(past, []).unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // One list after another, until none is spoiled any more.
        for _ in 0..40 {
            self.compare().await;
        }
    }

    fn count(&self, sql: &str) -> i64 {
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn hold_against_the_books(&self) {
        let ledger = self.provider.ledger();
        let db = self.database();
        let mut booked = BTreeMap::new();
        let mut rows = db
            .prepare(
                "SELECT a.reference, a.state, coalesce(a.came, a.amount + a.tip), p.state, p.amount + p.tip
                 FROM pay_attempts a LEFT JOIN payments p ON p.id = a.payment_id
                 WHERE a.state IN ('PAID', 'LATE')",
            )
            .unwrap();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let (reference, state): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            let sum: i64 = row.get(2).unwrap();
            let payment: Option<String> = row.get(3).unwrap();
            // On the check when it is paid, and only then.
            let is_taken = matches!(payment.as_deref(), Some("TAKEN" | "VOIDED"));
            assert_eq!(is_taken, state == "PAID", "{reference} is {state} and {payment:?}");
            if state == "PAID" {
                assert_eq!(row.get::<_, i64>(4).unwrap(), sum);
            }
            assert!(booked.insert(reference.clone(), sum).is_none(), "{reference} is there twice");
        }
        let paid: BTreeMap<String, i64> = ledger
            .payments
            .iter()
            .filter(|one| one.state == State::Paid)
            .map(|one| (one.id.clone(), one.amount))
            .collect();
        assert_eq!(booked, paid, "what is in the books is what the provider has");
        let references = "SELECT count(*) FROM payments WHERE kind = 'PAYMENT' AND state = 'TAKEN'
                          AND provider_ref IS NOT NULL";
        let on_checks = "SELECT count(*) FROM pay_attempts WHERE state = 'PAID'";
        assert_eq!(self.count(references), self.count(on_checks));
        assert_eq!(
            self.count("SELECT count(*) FROM payments WHERE state IN ('PENDING', 'UNKNOWN')"),
            0
        );
        let back: i64 =
            self.count("SELECT coalesce(sum(amount), 0) FROM pay_refunds WHERE state = 'DONE'");
        let gone: i64 = ledger
            .refunds
            .iter()
            .filter(|one| one.state == RefundState::Done)
            .map(|one| one.amount)
            .sum();
        assert_eq!(back, gone, "what went back is what the provider gave back");
        assert_eq!(ledger.complaints, Vec::<String>::new());
    }
}

/// The harness's folder as it is, with its database folded.
fn copy(from: &std::path::Path, to: &std::path::Path, desk: &Desk) {
    std::fs::create_dir_all(to.join("secrets")).unwrap();
    let target = to.join("qres.db");
    desk.house.app.database().execute("VACUUM INTO ?1", [target.to_str().unwrap()]).unwrap();
    for file in std::fs::read_dir(from.join("secrets")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join("secrets").join(file.file_name())).unwrap();
    }
}

fn dialects() -> impl Strategy<Value = Dialect> {
    prop_oneof![
        2 => Just(Dialect::Yookassa),
        1 => Just(Dialect::Raiffeisen),
        1 => Just(Dialect::Stripe),
    ]
}

#[test]
fn each_payment_of_a_provider_is_in_the_books_once_whatever_goes_wrong() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: cases.unwrap_or(12),
        max_shrink_iters: 40,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let evening = (dialects(), events());
    TestRunner::new(config)
        .run(&evening, |(dialect, events)| {
            runtime.block_on(async {
                let (mut evening, _folder) = Evening::open(dialect).await;
                for event in events {
                    evening.happen(event).await;
                }
                evening.come_to_rest().await;
                evening.hold_against_the_books();
                evening.running.end().await;
            });
            Ok(())
        })
        .unwrap();
}
