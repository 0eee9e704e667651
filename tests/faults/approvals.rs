//! The plug is pulled between somebody's word and the deed, and in the middle of the deed.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::harness::{Person, Qres};

const ROUNDS: u64 = 12;

/// Takes a line off with an approval; nothing when no reply came.
async fn take_off(
    qres: &Qres,
    who: &Person,
    (order, line): (i64, i64),
    id: i64,
) -> Option<(u16, String)> {
    let url = format!("http://127.0.0.1:{}/orders/{order}/items/{line}?reason=cold", qres.port);
    let request = reqwest::Client::new()
        .request(Method::DELETE, url)
        .bearer_auth(who.token.as_deref().unwrap())
        .header("X-Approval", id.to_string());
    let reply = request.send().await.ok()?;
    Some((reply.status().as_u16(), reply.text().await.ok()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_used_up_with_its_deed_or_not_at_all() {
    let mut qres = Qres::start().await;
    let waiter = qres.waiter("anna").await;
    for round in 0..ROUNDS {
        let (status, order) = waiter.post("/orders/", &qres.order("", 2)).await;
        assert_eq!(status, 201, "{order}");
        let line = (order["id"].as_i64().unwrap(), order["items"][0]["id"].as_i64().unwrap());
        let begun = json!({"status": "READY"});
        let path = format!("/orders/{}/items/{}/status", line.0, line.1);
        let admin = &qres.admin;
        assert_eq!(admin.patch(&path, &begun).await.0, 200);
        let wish = json!({"permission": "LINE_REMOVE_BEGUN", "subject": "order_item",
            "subject_id": line.1, "amount": order["items"][0]["total"], "reason": "cold"});
        // Nothing is asked for but what was refused.
        let url = format!("/orders/{}/items/{}?reason=cold", line.0, line.1);
        assert_eq!(waiter.delete(&url).await, 403);
        let (status, asked) = waiter.post("/approvals", &wish).await;
        assert_eq!(status, 201, "{asked}");
        let id = asked["id"].as_i64().unwrap();
        let (status, answer) = admin.post(&format!("/approvals/{id}/approve"), &json!({})).await;
        assert_eq!(status, 200, "{answer}");

        let deed = take_off(&qres, &waiter, line, id);
        let cut = async {
            tokio::time::sleep(Duration::from_micros(400 * round)).await;
        };
        // Dropped where it stands, as a tablet that lost its link; then the plug.
        tokio::select! { _ = deed => {}, () = cut => {} }
        qres.kill();
        qres.restart().await;
        qres.assert_sound();

        let db = qres.database();
        let number = |sql: &str| db.query_row(sql, [id], |row| row.get::<_, i64>(0)).unwrap();
        let is_used = number("SELECT state = 'USED' FROM approvals WHERE id = ?1");
        let told = number(
            "SELECT count(*) FROM audit
             WHERE action = 'approval_used' AND json_extract(after, '$.approval') = ?1",
        );
        let sql = "SELECT status = 'CANCELLED' FROM order_items WHERE id = ?1";
        let is_off: i64 = db.query_row(sql, [line.1], |row| row.get(0)).unwrap();
        assert_eq!((is_used, told), (is_off, is_off), "round {round}");
        // After the start it is good for nothing more.
        let (status, body) = take_off(&qres, &waiter, line, id).await.unwrap();
        let code = if is_off == 1 { "step_not_allowed" } else { "approval_expired" };
        assert!(status >= 400 && body.contains(code), "round {round}: {status} {body}");
    }
}
