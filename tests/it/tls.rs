//! HTTPS by the box's own authority, seen by a client that trusts only that one.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::harness::{Screen, TestApp, eventually};

const ANY: Option<SocketAddr> =
    Some(SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0));

async fn secure_box() -> TestApp {
    TestApp::start_with(|settings| settings.tls_listen = ANY).await
}

/// A client that trusts what is in this PEM and nothing else.
fn trusting(pem: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn connect(
    address: SocketAddr,
    trusting: &TlsConnector,
    name: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let socket = TcpStream::connect(address).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    trusting.connect(name, socket).await
}

/// What a bare request is answered.
async fn get(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin), path: &str) -> String {
    get_from(stream, "localhost", path).await
}

async fn get_from(
    stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin),
    host: &str,
    path: &str,
) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    // A server that just closes the socket is fine here.
    let _ = stream.read_to_end(&mut reply).await;
    String::from_utf8_lossy(&reply).into_owned()
}

async fn authority(app: &TestApp) -> String {
    let reply = app.anonymous().get("/ca.crt").await;
    assert_eq!(reply.headers["content-type"], "application/x-x509-ca-cert");
    reply.text()
}

#[tokio::test]
async fn who_trusts_the_box_reaches_it_by_every_name() {
    let app = secure_box().await;
    let address = app.tls_address.unwrap();
    let pem = authority(&app).await;
    assert!(!pem.contains("PRIVATE"));
    let trusting = trusting(&pem);
    for name in ["localhost", "127.0.0.1", "qres.local", "::1"] {
        let mut stream = connect(address, &trusting, name).await.unwrap();
        let reply = get(&mut stream, "/health").await;
        assert!(reply.starts_with("HTTP/1.1 200"), "{name}: {reply}");
        assert!(
            !reply.contains("strict-transport-security"),
            "no HSTS on an authority of one's own"
        );
    }
    let error = connect(address, &trusting, "bank.example").await.unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
    let other = secure_box().await;
    let error = connect(other.tls_address.unwrap(), &trusting, "localhost").await.unwrap_err();
    assert!(error.to_string().contains("certificate"), "another box is another authority: {error}");
}

#[tokio::test]
async fn keys_stay_in_the_folder_and_the_trust_outlives_a_restart() {
    let app = secure_box().await;
    let tls = app.folder.path().join("data/tls");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&tls) & 0o777, 0o700);
    for file in ["authority.pem", "box.pem"] {
        assert_eq!(mode(&tls.join(file)) & 0o777, 0o600, "{file}");
    }
    let state = app.anonymous().get("/trust/state").await.ok();
    let print = state["authority"]["fingerprint"].as_str().unwrap();
    assert_eq!(print.split(':').count(), 32);
    let kept = qres::platform::tls::Authority::load(&tls).unwrap();
    assert_eq!((kept.fingerprint().as_str(), kept.pem()), (print, authority(&app).await));
    let picture = app.anonymous().get("/trust/qr.svg").await.text();
    assert!(picture.starts_with("<svg"), "{picture}");
}

#[tokio::test]
async fn the_live_feed_comes_by_https() {
    let app = secure_box().await;
    let waiter = app.waiter().await;
    let trusting = trusting(&authority(&app).await);
    let stream = connect(app.tls_address.unwrap(), &trusting, "localhost").await.unwrap();
    let url = format!("wss://localhost/ws/orders?token={}", waiter.token.unwrap());
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    let first = futures_util::StreamExt::next(&mut socket).await.unwrap().unwrap();
    assert!(first.to_text().unwrap().contains("connected"), "{first}");
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_read_again_when_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let write = |name: &str| {
        let pair = KeyPair::generate().unwrap();
        let made = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let made = made.self_signed(&pair).unwrap().pem();
        std::fs::write(&key, pair.serialize_pem()).unwrap();
        std::fs::write(&certificate, &made).unwrap();
        made
    };
    let first = write("till.example");
    let app = TestApp::start_with(|settings| {
        settings.tls_listen = ANY;
        settings.tls_cert = Some(certificate.clone());
        settings.tls_key = Some(key.clone());
        settings.hsts = true;
        settings.allowed_hosts = vec!["till.example".into()];
    })
    .await;
    let address = app.tls_address.unwrap();
    let mut stream = connect(address, &trusting(&first), "till.example").await.unwrap();
    // The owner says hsts, but no browser trusts this certificate by itself: it would lock out.
    let page = get_from(&mut stream, "till.example", "/health").await.to_lowercase();
    assert!(
        page.contains("x-frame-options") && !page.contains("strict-transport-security"),
        "{page}"
    );
    assert!(app.anonymous().get("/trust/state").await.ok()["authority"].is_null());
    app.anonymous().get("/ca.crt").await.refused(404, "not_found");

    // A broken file changes nothing.
    std::fs::write(&certificate, "rubbish").unwrap();
    app.app.tls.as_ref().unwrap().reload();
    connect(address, &trusting(&first), "till.example").await.unwrap();
    let second = write("new.example");
    app.app.tls.as_ref().unwrap().reload();
    let trusting = trusting(&second);
    eventually("the new certificate", async || {
        connect(address, &trusting, "new.example").await.is_ok()
    })
    .await;
}

#[tokio::test]
async fn a_broken_certificate_of_ones_own_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cert.pem");
    std::fs::write(&file, "rubbish").unwrap();
    let settings = qres::platform::config::Settings {
        data_dir: folder.path().join("data"),
        tls_cert: Some(file.clone()),
        tls_key: Some(file),
        ..qres::platform::config::Settings::default()
    };
    let error = qres::appliance::Appliance::open(settings).await.err().unwrap().to_string();
    assert!(error.contains("cert.pem") && error.contains("no certificate"), "{error}");
}

#[tokio::test]
async fn slow_handshakes_are_bounded_and_keep_nobody_out() {
    let app = secure_box().await;
    let address = app.tls_address.unwrap();
    let mut slow = Vec::new();
    for _ in 0..40 {
        slow.push(TcpStream::connect(address).await.unwrap());
    }
    // Of those from one address only so many are waited for; the others are let go at once.
    let mut open = 0;
    for socket in &mut slow {
        let mut byte = [0];
        match tokio::time::timeout(Duration::from_millis(100), socket.read(&mut byte)).await {
            Ok(read) => assert!(!matches!(read, Ok(1..))),
            Err(_) => open += 1,
        }
    }
    assert_eq!(open, 16);
    // Plain HTTP is another door, and a screen that shook hands before is not touched.
    app.anonymous().get("/health").await.ok();
    drop(slow);
    let trusting = trusting(&authority(&app).await);
    eventually("a turn for an honest one", async || {
        connect(address, &trusting, "localhost").await.is_ok()
    })
    .await;
}

#[tokio::test]
async fn plain_http_on_the_port_of_https_is_told_so() {
    let app = secure_box().await;
    let mut socket = TcpStream::connect(app.tls_address.unwrap()).await.unwrap();
    let reply = get(&mut socket, "/").await;
    assert!(reply.starts_with("HTTP/1.1 400") && reply.contains("https://"), "{reply}");
}

#[tokio::test]
async fn a_strangers_staff_page_leads_to_the_port_of_https() {
    let app = secure_box().await;
    let nobody = app.anonymous();
    // A sign that somebody not on the box asks.
    let request = nobody.request(reqwest::Method::GET, "/app/waiter").header("via", "1.1 cafe");
    let reply = nobody.send(request).await;
    let wanted = format!("https://127.0.0.1:{}/app/waiter", app.tls_address.unwrap().port());
    assert_eq!(
        (reply.status.as_u16(), &reply.headers["location"]),
        (307, &wanted.parse().unwrap())
    );
    let waiter = app.waiter().await;
    assert_eq!(Screen::refused(&app, &waiter, &[("via", "1.1 cafe")]).await, Err(4403));
    assert_eq!(Screen::refused(&app, &waiter, &[]).await, Ok(()));
}
