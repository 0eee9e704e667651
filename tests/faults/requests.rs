//! Requests that come twice, half, at once, or from somebody who has left.

use std::collections::BTreeSet;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Person, Qres, new_key};

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_repeats_makes_one_order() {
    const REPEATS: usize = 200;
    let qres = Qres::start().await;
    let key = new_key();
    let body = qres.order(&key, 3);
    let storm: Vec<_> = (0..REPEATS)
        .map(|_| {
            let (person, key, body) = (qres.admin.clone(), key.clone(), body.clone());
            tokio::spawn(async move { person.place(&key, &body).await.unwrap() })
        })
        .collect();
    let (mut first, mut bodies) = (0, BTreeSet::new());
    for placed in storm {
        let placed = placed.await.unwrap();
        assert_eq!(placed.status, 201, "{}", placed.body);
        bodies.insert(placed.body.to_string());
        first += usize::from(!placed.replayed);
    }
    assert_eq!((first, bodies.len()), (1, 1), "one is done, all hear the same");
    assert_eq!(qres.marked(&key), (1, 3));

    let other = qres.admin.place(&key, &qres.order("another", 1)).await.unwrap();
    assert_eq!(
        (other.status.as_u16(), &other.body["code"]),
        (422, &json!("idempotency_key_reused"))
    );
    assert_eq!(qres.marked("another"), (0, 0));
    qres.assert_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_has_ordered_all_or_nothing() {
    let qres = Qres::start().await;
    let (mut halves, mut wholes) = (Vec::new(), Vec::new());
    for _ in 0..50 {
        let mark = new_key();
        let body = qres.order(&mark, 4).to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", qres.port)).await.unwrap();
        let head = qres.admin.head("/orders/", &mark, body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        if halves.len() <= wholes.len() {
            stream.write_all(&body.as_bytes()[..body.len() / 2]).await.unwrap();
            halves.push(mark);
        } else {
            stream.write_all(body.as_bytes()).await.unwrap();
            wholes.push(mark);
        }
        drop(stream);
    }
    // The box goes on, and commands are done in the order they came: after this one there is
    // nothing left of those before it.
    let last = new_key();
    let placed = qres.admin.place(&last, &qres.order(&last, 1)).await.unwrap();
    assert_eq!(placed.status, 201, "{}", placed.body);
    for mark in &halves {
        assert_eq!(qres.marked(mark), (0, 0), "half a request");
    }
    for mark in &wholes {
        let found = qres.marked(mark);
        assert!(found == (0, 0) || found == (1, 4), "half an order: {found:?}");
        // Whatever it was, the repeat makes it one.
        let again = qres.admin.place(mark, &qres.order(mark, 4)).await.unwrap();
        assert_eq!(again.status, 201, "{}", again.body);
        assert_eq!(qres.marked(mark), (1, 4));
    }
    qres.assert_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn rubbish_on_the_wire_disturbs_nobody() {
    let mut qres = Qres::start().await;
    let rubbish: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /orders/ HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"GET /dishes/menu HTTP/1.1\r\nHost: x\r\nX: \xff\xfe\r\n\r\n",
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
    ];
    for bytes in rubbish {
        let mut stream = TcpStream::connect(("127.0.0.1", qres.port)).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
    }
    assert_eq!(qres.admin.get("/dishes/menu").await.0, 200);
    assert!(qres.runs());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_waiters_at_one_table_make_one_bill_with_every_line() {
    const ROUNDS: usize = 10;
    let qres = Qres::start().await;
    let waiters = [qres.waiter("anna").await, qres.waiter("boris").await];
    for &table in &qres.menu.tables {
        let mut orders = Vec::new();
        for (who, waiter) in waiters.iter().enumerate() {
            for round in 0..ROUNDS {
                let comment = format!("{who}-{round}");
                orders.push(tokio::spawn(order_at(
                    waiter.clone(),
                    table,
                    qres.menu.dishes[who],
                    comment,
                )));
            }
        }
        for order in orders {
            order.await.unwrap();
        }
        let (status, open) = qres.admin.get(&format!("/orders/active/table/{table}")).await;
        assert_eq!(status, 200, "{open}");
        assert_eq!(open.as_array().unwrap().len(), 1, "one bill: {open}");
        let comments: BTreeSet<_> = open[0]["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["comment"].as_str().unwrap().to_owned())
            .collect();
        let all: BTreeSet<_> =
            (0..2).flat_map(|who| (0..ROUNDS).map(move |round| format!("{who}-{round}"))).collect();
        assert_eq!(comments, all);
        assert_eq!(open[0]["total_price"], format!("{}.00", 350 * 2 * ROUNDS));
    }
    qres.assert_sound();
}

async fn order_at(waiter: Person, table: i64, dish: i64, comment: String) {
    let body = json!({
        "table_id": table, "items": [{"dish_id": dish, "quantity": 1, "comment": comment}],
    });
    let placed = waiter.place(&new_key(), &body).await.unwrap();
    assert_eq!(placed.status, 201, "{}", placed.body);
}
