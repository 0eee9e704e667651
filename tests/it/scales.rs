//! Scales, spoken to as their makers' documents say, and what goes wrong on their lines.

use serde_json::json;

use crate::harness::{House, Reply, id};
use crate::scale_fake::{Load, Protocol, Scale, Trouble, cas, massa_k, mettler};

const ALL: [(&str, Protocol); 3] =
    [("CAS", cas::protocol), ("MASSA_K", massa_k::protocol), ("METTLER", mettler::protocol)];

async fn add(house: &House, name: &str, protocol: &str, scale: &Scale) -> i64 {
    let body = json!({"name": name, "protocol": protocol, "address": scale.address().to_string()});
    id(&house.admin.post("/scales", &body).await.created())
}

async fn weigh(house: &House, scale: i64) -> Reply {
    house.waiter.post(&format!("/scales/{scale}/weight"), &json!(null)).await
}

/// It has no weight, and says why.
async fn refused(house: &House, scale: i64, code: &str) {
    weigh(house, scale).await.refused(409, code);
}

#[tokio::test]
async fn a_waiter_reads_what_lies_on_each_kind() {
    let house = House::open().await;
    for (protocol, speaks) in ALL {
        let scale = Scale::start(speaks, Load::Still(350));
        let at = add(&house, protocol, protocol, &scale).await;
        assert_eq!(weigh(&house, at).await.ok()["quantity"], 0.35, "{protocol}");
        assert!(scale.asked() >= 2, "{protocol}: believed at the first word");
        scale.put(Load::TooMuch);
        refused(&house, at, "scale_overloaded").await;
        scale.put(Load::Moving(350));
        refused(&house, at, "scale_moves").await;
        scale.put(Load::Still(-20));
        refused(&house, at, "scale_empty").await;
    }
}

#[tokio::test]
async fn whatever_goes_wrong_on_the_line_no_wrong_weight_comes_of_it() {
    let house = House::open().await;
    let troubles = [
        Trouble::Silent,
        Trouble::NotNow,
        Trouble::Garbled,
        Trouble::Half,
        Trouble::Crumbs,
        Trouble::Late,
    ];
    for (protocol, speaks) in ALL {
        let scale = Scale::start(speaks, Load::Still(1_204));
        let at = add(&house, protocol, protocol, &scale).await;
        for trouble in troubles {
            scale.next(trouble);
            let reply = weigh(&house, at).await;
            assert_eq!(reply.ok()["quantity"], 1.204, "{protocol} {trouble:?}");
        }
    }
}

#[tokio::test]
async fn what_is_put_on_while_it_is_asked_is_waited_for() {
    let house = House::open().await;
    let scale = Scale::start(massa_k::protocol, Load::Still(0));
    let at = add(&house, "Bar", "MASSA_K", &scale).await;
    let (reply, ()) = tokio::join!(weigh(&house, at), async {
        while scale.asked() < 3 {
            tokio::task::yield_now().await;
        }
        scale.put(Load::Still(480));
    });
    assert_eq!(reply.ok()["quantity"], 0.48);
}

#[tokio::test]
async fn a_scale_that_is_off_says_so_and_is_set_up_with_care() {
    let house = House::open().await;
    let scale = Scale::start(cas::protocol, Load::Still(10));
    let at = add(&house, "Grill", "CAS", &scale).await;
    let address = scale.address().to_string();
    drop(scale);
    refused(&house, at, "scale_unreachable").await;
    for wrong in ["192.168.1.60", "192.168.1.60:0", "a b:4001", "http://192.168.1.60:4001"] {
        let body = json!({"name": "Other", "protocol": "CAS", "address": wrong});
        house.admin.post("/scales", &body).await.refused(400, "scale_address");
    }
    let body = json!({"name": "Grill", "protocol": "CAS", "address": address});
    house.admin.post("/scales", &body).await.refused(400, "name_taken");
    assert_eq!(house.waiter.post("/scales", &body).await.status, 403);
    let one = format!("/scales/{at}");
    let changed = house.admin.patch(&one, &json!({"protocol": "METTLER"})).await.ok();
    assert_eq!(changed["protocol"], "METTLER");
    house.admin.delete(&one).await.ok();
    assert_eq!(house.waiter.get("/scales").await.ok(), json!([]));
    assert_eq!(weigh(&house, at).await.status, 404);
}
