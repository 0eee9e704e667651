//! The door, as those who try to get in see it. A proxy that the settings name stands for the
//! network: through it the tests come from any address.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, House, PASSWORD, Reply, TestApp};

/// A box that sees us come from where `X-Forwarded-For` says.
async fn box_in_a_network(change: impl FnOnce(&mut qres::platform::config::Settings)) -> TestApp {
    TestApp::start_with(|settings| {
        settings.trusted_proxies = vec!["127.0.0.1".to_owned().try_into().unwrap()];
        change(settings);
    })
    .await
}

const PHONE: &str = "192.168.1.66";

async fn from_a_phone(client: &Client, method: Method, path: &str, body: Option<Value>) -> Reply {
    let request = client.request(method, path).header("x-forwarded-for", PHONE);
    client
        .send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
}

#[tokio::test]
async fn plain_http_serves_guests_and_nobody_else() {
    let app = box_in_a_network(|_| {}).await;
    let nobody = app.anonymous();
    for path in ["/health", "/dishes/menu", "/restaurant", "/trust/state", "/openapi.json"] {
        let reply = from_a_phone(&nobody, Method::GET, path, None).await;
        assert_eq!(reply.status, 200, "{path}");
    }
    let body = json!({"username": "admin", "password": PASSWORD});
    for path in ["/auth/login", "/api/auth/login/"] {
        let refused = from_a_phone(&nobody, Method::POST, path, Some(body.clone())).await;
        let says = refused.refused(403, "https_needed");
        assert!(says.contains("https://"), "{says}");
    }
    let admin = app.admin().await;
    for path in ["/auth/me", "/orders", "/users/waiters", "/tables"] {
        from_a_phone(&admin, Method::GET, path, None).await.refused(403, "https_needed");
        // From the box itself, and by HTTPS to the proxy, the same is served.
        assert_eq!(admin.get(path).await.status, 200, "{path}");
        let secure = admin.request(Method::GET, path).header("x-forwarded-for", PHONE);
        let secure = admin.send(secure.header("x-forwarded-proto", "https")).await;
        assert_eq!(secure.status, 200, "{path}");
    }
}

#[tokio::test]
async fn staff_pages_lead_to_https() {
    let app = box_in_a_network(|_| {}).await;
    let nobody = app.anonymous();
    for page in ["/app/waiter?table=1", "/app/kitchen", "/setup"] {
        let reply = from_a_phone(&nobody, Method::GET, page, None).await;
        assert_eq!(reply.status, 307, "{page}");
        // Behind a proxy HTTPS is where everybody looks for it.
        assert_eq!(reply.headers["location"], format!("https://127.0.0.1{page}").as_str());
        assert_eq!(reply.headers["cache-control"], "no-store");
    }
    for page in ["/", "/menu", "/trust", "/docs"] {
        let reply = from_a_phone(&nobody, Method::GET, page, None).await;
        assert!(matches!(reply.status.as_u16(), 200 | 503), "{page}");
    }
}

#[tokio::test]
async fn the_demos_staff_comes_over_plain_http() {
    let app = box_in_a_network(|settings| settings.http_staff = Some(true)).await;
    let admin = app.admin().await;
    assert_eq!(from_a_phone(&admin, Method::GET, "/auth/me", None).await.status, 200);
}

#[tokio::test]
async fn a_proxy_that_nobody_named_is_not_believed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (name, value) in [("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https")] {
        let forged = admin.request(Method::GET, "/auth/me").header(name, value);
        admin.send(forged).await.refused(403, "https_needed");
    }
}

#[tokio::test]
async fn a_request_for_another_machine_is_refused() {
    let app = TestApp::start_with(|settings| settings.allowed_hosts = vec!["till.example".into()]);
    let app = app.await;
    let nobody = app.anonymous();
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "8.8.8.8"] {
        for path in ["/health", "/dishes/menu", "/menu", "/nothing", "/auth/me"] {
            let request = nobody.request(Method::GET, path).header("host", host);
            nobody.send(request).await.refused(421, "unknown_host");
        }
    }
    for host in ["till.example", "TILL.example:8000", "localhost", "qres.local:8000", "[::1]:9"] {
        let request = nobody.request(Method::GET, "/health").header("host", host);
        assert_eq!(nobody.send(request).await.status, 200, "{host}");
    }
    // Only a proxy of ours may name another.
    let request = nobody.request(Method::GET, "/health").header("x-forwarded-host", "evil.example");
    assert_eq!(nobody.send(request).await.status, 200);
    let behind = box_in_a_network(|_| {}).await;
    let nobody = behind.anonymous();
    let request = nobody.request(Method::GET, "/health").header("x-forwarded-host", "evil.example");
    nobody.send(request).await.refused(421, "unknown_host");
}

#[tokio::test]
async fn a_foreign_page_changes_nothing_and_reads_nothing() {
    let house = House::open_with(|settings| {
        settings.cors_origins = vec!["https://app.example".into()];
    })
    .await;
    let nobody = house.app.anonymous();
    let sit_down = |origin: &str| {
        let body = json!({"qr_code": house.table_codes[0]});
        nobody.request(Method::POST, "/guest/session").json(&body).header("origin", origin)
    };
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1", "file://"] {
        let reply = nobody.send(sit_down(origin)).await;
        assert!(!reply.headers.contains_key("access-control-allow-origin"), "{origin}");
        reply.refused(403, "foreign_origin");
        let read = nobody.request(Method::GET, "/dishes/menu").header("origin", origin);
        let read = nobody.send(read).await;
        assert!(!read.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
    let own = nobody.send(sit_down(&house.app.base)).await;
    assert_eq!(own.status, 201, "a page of the box");
    let listed = nobody.send(sit_down("https://app.example")).await;
    assert_eq!(listed.headers["access-control-allow-origin"], "https://app.example");
    assert!(!listed.headers.contains_key("access-control-allow-credentials"));
    assert_eq!(listed.status, 201);
    let ask = nobody
        .request(Method::OPTIONS, "/orders")
        .header("origin", "https://app.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization, idempotency-key");
    let told = nobody.send(ask).await;
    let headers = told.headers["access-control-allow-headers"].to_str().unwrap().to_owned();
    assert!(headers.contains("authorization") && headers.contains("idempotency-key"), "{headers}");
}

#[tokio::test]
async fn a_body_is_as_large_as_its_route_needs() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    let nobody = house.app.anonymous();
    let text = |length: usize| json!({"x": "y".repeat(length)});
    for (client, path, fits, too_large) in [
        (&nobody, "/auth/login", 15_000, 17_000),
        (&guest, "/guest/orders", 60_000, 66_000),
        (&house.waiter, "/orders", 1_000_000, 1_050_000),
    ] {
        let wrong = client.post(path, &text(fits)).await;
        assert_eq!(wrong.status, 422, "{path}");
        client.post(path, &text(too_large)).await.refused(413, "too_large");
        // Without a length said before.
        let body = reqwest::Body::wrap(http_body_util::StreamBody::new(
            futures_util::stream::iter((0..too_large / 1000).map(|_| {
                Ok::<_, std::io::Error>(hyper::body::Frame::data(bytes::Bytes::from(vec![
                    b' ';
                    1000
                ])))
            })),
        ));
        let chunked = client.request(Method::POST, path).body(body);
        client.send(chunked).await.refused(413, "too_large");
    }
}
