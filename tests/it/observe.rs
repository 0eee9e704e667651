//! Health for anyone, figures for those who may see them.

use serde_json::json;

use crate::harness::{Client, House, Screen, TestApp};

const TOKEN: &str = "a scrape token of the tests";

#[tokio::test]
async fn figures_are_for_admins_managers_and_the_scrape_token() {
    let app = TestApp::start_with(|settings| settings.metrics_token = Some(TOKEN.into())).await;
    app.anonymous().get("/metrics").await.refused(401, "no_token");
    app.waiter().await.get("/metrics").await.refused(403, "wrong_role");
    app.kitchen().await.get("/metrics").await.refused(403, "wrong_role");
    for wrong in ["a scrape token of the test", "a scrape token of the testsx", "x"] {
        Client::new(&app.base, Some(wrong)).get("/metrics").await.refused(401, "bad_token");
    }
    for who in [app.admin().await, app.manager().await, Client::new(&app.base, Some(TOKEN))] {
        let reply = who.get("/metrics").await;
        assert_eq!(reply.status, 200);
        assert!(reply.text().contains("qres_uptime_seconds "));
    }
    // The token reads figures, and nothing else.
    Client::new(&app.base, Some(TOKEN)).get("/auth/me").await.refused(401, "bad_token");
    let without = TestApp::start().await;
    Client::new(&without.base, Some("")).get("/metrics").await.refused(401, "no_token");
}

#[tokio::test]
async fn they_tell_what_was_done() {
    let house = House::open().await;
    let (mut screen, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    house.place().await;
    screen.wait_for("order_created").await;
    house.admin.get("/orders/99999").await.refused(404, "not_found");
    let text = house.admin.get("/metrics").await.text();
    let told = |series: &str| -> String {
        let is_it =
            |line: &&str| line.strip_prefix(series).is_some_and(|rest| rest.starts_with(' '));
        let line = text.lines().find(is_it).unwrap_or_else(|| panic!("no {series} in {text}"));
        line.rsplit_once(' ').unwrap().1.to_owned()
    };
    let value = |series: &str| -> f64 { told(series).parse().unwrap() };
    let requests = |method: &str, route: &str, status: u16| {
        told(&format!(
            "qres_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"
        ))
    };
    assert_eq!(requests("POST", "/orders", 201), "1");
    assert_eq!(requests("GET", "/orders/{order_id}", 404), "1");
    assert_eq!(requests("POST", "/auth/login", 200), "3");
    let of = "{method=\"POST\",route=\"/orders\"";
    assert_eq!(told(&format!("qres_http_request_duration_seconds_bucket{of},le=\"+Inf\"}}")), "1");
    assert!(value(&format!("qres_http_request_duration_seconds_sum{of}}}")) > 0.0);
    assert!(value("qres_store_commit_seconds_count") > 5.0);
    assert!(value("qres_store_commit_seconds_sum") > 0.0);
    assert!(value("qres_store_batch_size_sum") >= value("qres_store_commit_seconds_count"));
    assert!(value("qres_store_held_seconds_count{priority=\"orders\"}") >= 1.0);
    assert!(value("qres_store_waited_seconds_sum{priority=\"orders\"}") > 0.0);
    let longest = "qres_store_longest_seconds{priority=\"orders\",command=\"";
    assert!(text.lines().any(|line| line.starts_with(longest) && line.contains("PlaceOrder")));
    assert_eq!(told("qres_store_queue_length"), "0");
    assert_eq!(told("qres_store_turned_away_total"), "0");
    assert_eq!(told("qres_screens_connected"), "1");
    assert_eq!(told("qres_screens_by_role{role=\"waiter\"}"), "1");
    assert!(value("qres_event_lag_seconds_count") >= 1.0);
    assert!(value("qres_disk_free_bytes") > 0.0);
    assert!(value("process_resident_memory_bytes") > 1e6);
    assert!(value("qres_events_total") > 0.0);
    for line in text.lines() {
        let name = line.split([' ', '{']).find(|word| !["#", "HELP", "TYPE"].contains(word));
        assert!(
            name.is_some_and(|name| name.starts_with("qres_") || name.starts_with("process_")),
            "{line}"
        );
    }
}

#[tokio::test]
async fn health_is_for_anyone() {
    let app = TestApp::start().await;
    for path in ["/health", "/health/ready"] {
        let health = app.anonymous().get(path).await.ok();
        assert_eq!(
            (&health["status"], &health["database"]),
            (&json!("healthy"), &json!("connected"))
        );
    }
}
