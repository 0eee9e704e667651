//! What every reply tells the browser, what no reply gives away, and who may open a socket.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{House, Screen, TestApp};

/// Fails when a reply lacks one of the careful headers.
fn check(what: &str, headers: &HeaderMap) {
    let one = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let value = values.next().unwrap_or_else(|| panic!("{what} lacks {name}"));
        assert!(values.next().is_none(), "{what} says {name} twice");
        value.to_str().unwrap().to_owned()
    };
    assert_eq!(one("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(one("x-frame-options"), "DENY", "{what}");
    assert_eq!(one("referrer-policy"), "strict-origin-when-cross-origin", "{what}");
    let permissions = one("permissions-policy");
    assert!(permissions.contains("microphone=()") && permissions.contains("payment=()"), "{what}");
    let policy = one("content-security-policy");
    let part = |name: &str| policy.split(';').find(|part| part.trim().starts_with(name));
    let scripts = part("script-src").or_else(|| part("default-src"));
    let scripts = scripts.unwrap_or_else(|| panic!("{what}: {policy}"));
    assert!(!scripts.contains("unsafe") && !scripts.contains('*'), "{what}: {policy}");
    for part in ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(headers.contains_key("x-request-id"), "{what}");
    assert!(!headers.contains_key("set-cookie"), "{what}: a cookie could be ridden on");
    assert!(!headers.contains_key("strict-transport-security"), "{what}: nobody asked for it");
    assert!(!headers.contains_key("server") && !headers.contains_key("x-powered-by"), "{what}");
}

#[tokio::test]
async fn every_route_tells_the_browser_to_be_careful() {
    let house = House::open().await;
    let nobody = house.app.anonymous();
    let document = serde_json::to_value(qres::appliance::openapi()).unwrap();
    let mut seen = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let real: Vec<_> =
            path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
        let real = real.join("/");
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            for who in [&nobody, &house.admin] {
                if who.token.is_some() && method != Method::GET {
                    continue;
                }
                let reply = who.send(who.request(method.clone(), &real)).await;
                check(&format!("{method} {real}"), &reply.headers);
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "the routes were not found");
    let mut others = vec![
        "/",
        "/menu",
        "/menu/a-code",
        "/app/waiter",
        "/app/kitchen",
        "/app/admin",
        "/setup",
        "/trust",
        "/docs",
        "/openapi.json",
        "/ca.crt",
        "/favicon.svg",
        "/sw.js",
        "/nothing",
        "/assets/nothing.js",
        "/uploads/nothing.jpg",
        "/ws/orders",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect::<Vec<_>>();
    // Files of the web apps, where they are built.
    let page = nobody.get("/app/waiter").await.text();
    others.extend(page.split('"').filter(|word| word.starts_with("/assets/")).map(str::to_owned));
    for path in others {
        let reply = nobody.get(&path).await;
        check(&format!("GET {path} ({})", reply.status), &reply.headers);
    }
    // Refusals of every kind.
    let delete = nobody.send(nobody.request(Method::DELETE, "/health")).await;
    let foreign = nobody.request(Method::GET, "/health").header("host", "evil.example");
    let large = nobody.request(Method::POST, "/auth/login").body("x".repeat(20_000));
    for (status, reply) in
        [(405, delete), (421, nobody.send(foreign).await), (413, nobody.send(large).await)]
    {
        assert_eq!(reply.status, status);
        check(&format!("a refusal with {status}"), &reply.headers);
    }
}

#[tokio::test]
async fn a_body_of_every_class_has_its_limit() {
    let house = House::open_with(|settings| settings.max_request_size = 2 * 1024 * 1024).await;
    let (nobody, guest) = (house.app.anonymous(), house.guest(0).await);
    for (who, method, path, too_large) in [
        (&nobody, Method::GET, "/menu", 2_000),
        (&nobody, Method::GET, "/app/waiter", 2_000),
        (&nobody, Method::GET, "/dishes/menu", 2_000),
        (&guest, Method::GET, "/guest/order", 2_000),
        (&guest, Method::POST, "/guest/calls", 70_000),
        (&nobody, Method::POST, "/auth/login/pin", 17_000),
        (&nobody, Method::POST, "/devices/pair", 17_000),
        (&house.admin, Method::POST, "/dishes", 1_100_000),
        (&house.admin, Method::POST, "/uploads", 40_000_000),
    ] {
        let said = who.request(method.clone(), path).body(" ".repeat(too_large));
        who.send(said).await.refused(413, "too_large");
    }
}

/// The first line and the whole of an answer to bytes that no decent client sends.
async fn answer_to(app: &TestApp, request: &str) -> (u16, String) {
    let address = app.base.trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no answer to {request:?}: {answer:?}")), answer)
}

#[tokio::test]
async fn no_path_leads_out_of_its_folder() {
    let app = TestApp::start().await;
    let host = app.base.trim_start_matches("http://").to_owned();
    std::fs::create_dir_all(app.folder.path().join("data/uploads")).unwrap();
    std::fs::write(app.folder.path().join("data/secret.txt"), "the secret").unwrap();
    let ups = [
        "..",
        "%2e%2e",
        "%2E%2e",
        ".%2e",
        "..%00",
        "%252e%252e",
        "..;",
        "....",
        "%c0%ae%c0%ae",
        "..%5c",
        "..\\",
        "%u002e%u002e",
    ];
    for start in ["/", "/uploads/", "/assets/", "/app/", "/menu/", "/api/uploads/", "//", "/docs/"]
    {
        for up in ups {
            for file in
                ["qres.db", "secret.txt", "secrets/token.key", "tls/authority.pem", "etc/passwd"]
            {
                for depth in [1, 3, 9] {
                    let path = format!("{start}{}{file}", format!("{up}/").repeat(depth));
                    let request =
                        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
                    let (status, answer) = answer_to(&app, &request).await;
                    assert!(matches!(status, 400 | 404), "{path}: {status}");
                    for secret in ["SQLite format", "the secret", "root:", "PRIVATE KEY"] {
                        assert!(!answer.contains(secret), "{path}");
                    }
                }
            }
        }
    }
    for target in
        ["http://evil.example/etc/passwd", "/uploads//etc/passwd", "*", "file:///etc/passwd"]
    {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let (status, answer) = answer_to(&app, &request).await;
        assert!((400..500).contains(&status) && !answer.contains("root:"), "{target}: {status}");
    }
}

#[tokio::test]
async fn hosts_are_not_played_with() {
    let app = TestApp::start().await;
    let own = app.base.trim_start_matches("http://").to_owned();
    let ask = |head: &str| format!("GET /health HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
    for (head, expected) in [
        (format!("Host: {own}\r\n"), 200),
        (String::new(), 421),
        ("Host: \r\n".to_owned(), 421),
        ("Host: evil.example\r\n".to_owned(), 421),
        (format!("Host: {own}@evil.example\r\n"), 421),
        (format!("Host: evil.example/{own}\r\n"), 421),
        (format!("Host: {own}\r\nX-Forwarded-Host: evil.example\r\n"), 200),
        (format!("Host: {own}\r\nX-Original-URL: /users\r\nX-Rewrite-URL: /users\r\n"), 200),
        (format!("Host: {own}\r\nX-HTTP-Method-Override: DELETE\r\n"), 200),
    ] {
        let (status, answer) = answer_to(&app, &ask(&head)).await;
        assert_eq!(status, expected, "{head}: {answer}");
        assert!(!answer.contains("Location"), "{head}");
    }
    // Two hosts are one too many: what one program reads, another overlooks.
    let two = format!("Host: {own}\r\nHost: evil.example\r\n");
    assert!(matches!(answer_to(&app, &ask(&two)).await.0, 400 | 421));
    let other_way = format!("Host: evil.example\r\nHost: {own}\r\n");
    assert!(matches!(answer_to(&app, &ask(&other_way)).await.0, 400 | 421));
    // Two lengths, or a length beside chunks: how requests are smuggled through proxies.
    for heads in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Content-Length: +5\r\n",
    ] {
        let request = format!(
            "POST /auth/login HTTP/1.1\r\nHost: {own}\r\n{heads}Connection: close\r\n\r\n\
             0\r\n\r\nGET /health HTTP/1.1\r\nHost: {own}\r\n\r\n"
        );
        let (status, answer) = answer_to(&app, &request).await;
        assert!((400..500).contains(&status), "{heads}: {status}");
        assert!(!answer.contains("HTTP/1.1 200"), "{heads}: a second answer");
    }
}

#[tokio::test]
async fn a_socket_opens_to_pages_of_the_box_only() {
    let house = House::open_with(|settings| {
        settings.cors_origins = vec!["https://app.example".into()];
    })
    .await;
    let app = &house.app;
    let guest = house.guest(0).await;
    for who in [&house.waiter, &guest] {
        for origin in ["https://evil.example", "null", "http://127.0.0.1:1", "file://", ""] {
            let tried = Screen::refused(app, who, &[("origin", origin)]).await;
            assert_eq!(tried, Err(403), "{origin}");
        }
        for origin in [app.base.as_str(), "https://app.example"] {
            assert_eq!(Screen::refused(app, who, &[("origin", origin)]).await, Ok(()), "{origin}");
        }
        // A program that is no browser names none; its token is asked for all the same.
        assert_eq!(Screen::refused(app, who, &[]).await, Ok(()));
    }
    assert_eq!(Screen::refused(app, &app.anonymous(), &[]).await, Err(4401));
}

#[tokio::test]
async fn what_is_packed_is_not_unpacked() {
    let house = House::open().await;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..100 {
        packed.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 200_000, "a hundred MiB in {}", packed.len());
    for path in ["/dishes", "/import", "/guest/orders", "/auth/login"] {
        let request = house.admin.request(Method::POST, path).header("content-encoding", "gzip");
        let request = request.header("content-type", "application/json").body(packed.clone());
        let status = house.admin.send(request).await.status.as_u16();
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    let deep = format!("{{\"name\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for path in ["/dishes", "/categories", "/import"] {
        let request = house.admin.request(Method::POST, path).body(deep.clone());
        let request = request.header("content-type", "application/json");
        assert_eq!(house.admin.send(request).await.status, 422, "{path}");
    }
    assert_eq!(house.admin.get("/dishes").await.status, 200);
    house.admin.post("/categories", &json!({"name": "Soups"})).await.created();
}
