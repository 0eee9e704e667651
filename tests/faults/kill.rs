//! The plug is pulled in the middle of the rush, fifty times.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::harness::{Person, Qres, marked, new_key};

const ROUNDS: usize = 50;
const CLIENTS: usize = 4;
const LINES: usize = 3;

/// An order that was sent: its key, which is its mark too, its body, and the reply if one came.
struct Sent {
    key: String,
    body: Value,
    reply: Option<Value>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_order_survives_fifty_kills() {
    let mut qres = Qres::start().await;
    let mut survived = 0;
    for round in 0..ROUNDS {
        // Now after the first order, now in the middle of many.
        let sent = rush_and_kill(&mut qres, 1 + round * 7 % 40).await;
        qres.restart().await;
        qres.assert_sound();
        check(&qres, &sent).await;
        survived += sent.iter().filter(|order| order.reply.is_some()).count();
    }
    let kept: i64 =
        qres.database().query_row("SELECT count(*) FROM orders", [], |row| row.get(0)).unwrap();
    // Those without a reply were sent again by `check`, and stand there once.
    assert!(usize::try_from(kept).unwrap() >= survived);
    println!("{survived} acknowledged orders survived {ROUNDS} kills");
}

/// Several clients order at once; after so many replies the process is killed.
async fn rush_and_kill(qres: &mut Qres, replies: usize) -> Vec<Sent> {
    let answered = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let person = Person::new(qres.port, qres.admin.token.as_deref());
            let template = qres.order("", LINES);
            tokio::spawn(order_until_it_is_gone(person, template, Arc::clone(&answered)))
        })
        .collect();
    while answered.load(Ordering::Acquire) < replies {
        tokio::task::yield_now().await;
    }
    qres.kill();
    let mut sent = Vec::new();
    for client in clients {
        sent.extend(client.await.unwrap());
    }
    sent
}

async fn order_until_it_is_gone(
    person: Person,
    template: Value,
    answered: Arc<AtomicUsize>,
) -> Vec<Sent> {
    let mut sent = Vec::new();
    loop {
        let key = new_key();
        let mut body = template.clone();
        body["notes"] = key.clone().into();
        let Ok(placed) = person.place(&key, &body).await else {
            sent.push(Sent { key, body, reply: None });
            return sent;
        };
        assert_eq!(placed.status, 201, "{}", placed.body);
        sent.push(Sent { key, body, reply: Some(placed.body) });
        answered.fetch_add(1, Ordering::AcqRel);
    }
}

/// What was acknowledged is there once and whole, and a repeat gets the same reply; what was not
/// is there once or not at all, and once after it was sent again.
async fn check(qres: &Qres, sent: &[Sent]) {
    let db = qres.database();
    for order in sent {
        let found = marked(&db, &order.key);
        match order.reply {
            Some(_) => assert_eq!(found, (1, LINES as i64), "acknowledged: {}", order.key),
            None => assert!(found == (0, 0) || found == (1, LINES as i64), "{found:?}"),
        }
    }
    // The repeats of the last ones, whose clients may really not have heard.
    for order in sent.iter().rev().take(2 * CLIENTS) {
        let again = qres.admin.place(&order.key, &order.body).await.unwrap();
        assert_eq!(again.status, 201, "{}", again.body);
        if let Some(reply) = &order.reply {
            assert!(again.replayed, "done twice: {}", order.key);
            assert_eq!(&again.body, reply);
        }
        assert_eq!(marked(&db, &order.key), (1, LINES as i64));
    }
}
