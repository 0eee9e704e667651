//! A box on a temporary folder and the people who use it. Every reply is held against the
//! OpenAPI document; when the box is dropped its database is checked.

pub mod books;
mod cellar;
mod client;
mod contract;
mod currency;
pub mod evening;
mod house;
mod screen;

use std::net::SocketAddr;
use std::sync::Arc;

use qres::appliance::Appliance;
use qres::core::kernel::Timestamp;
use qres::features::orders::{compare, write_down};
use qres::features::staff::{CreateUser, NewUser};
use qres::platform::auth::Role;
use qres::platform::config::Settings;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use cellar::Cellar;
pub use client::{Client, Reply};
pub use house::{House, id};
pub use screen::Screen;

/// The password of everybody in the tests.
pub const PASSWORD: &str = "correct horse";
/// The PIN of everybody in the tests.
pub const PIN: &str = "4716";

/// An open box that serves nobody and does nothing by itself.
pub struct OpenBox {
    pub app: Appliance,
    pub folder: Arc<TempDir>,
    currency: currency::Turn,
}

impl OpenBox {
    /// A box with nothing in it, with these settings.
    pub async fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let mut settings = Settings {
            data_dir: folder.path().join("data"),
            restaurant_name: Some("Test".into()),
            rate_limit_requests: 0,
            tls_listen: None,
            pin_needs_device: Some(false),
            ..Settings::default()
        };
        change(&mut settings);
        let currency = currency::Turn::of(&settings.currency).await;
        let app = Appliance::open(settings).await.expect("the box opens");
        Self { app, folder, currency }
    }
}

/// A running box.
pub struct TestApp {
    pub app: Appliance,
    pub base: String,
    /// Where HTTPS is served, if the settings say so.
    pub tls_address: Option<SocketAddr>,
    pub folder: Arc<TempDir>,
    _currency: currency::Turn,
    stop: CancellationToken,
}

impl TestApp {
    /// A box with nothing in it but one person of each role.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with other settings.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let this = Self::start_as_left(change).await;
        this.hire().await;
        this
    }

    /// A box whose people are those of its database, which `change` lays into its folder.
    pub async fn start_as_left(change: impl FnOnce(&mut Settings)) -> Self {
        let OpenBox { app, folder, currency } = OpenBox::new(change).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let tls = match app.settings.tls_listen {
            Some(address) => Some(TcpListener::bind(address).await.expect("a free port")),
            None => None,
        };
        let tls_address = tls.as_ref().map(|tls| tls.local_addr().expect("an address"));
        let stop = CancellationToken::new();
        tokio::spawn(app.clone().serve(listener, tls, stop.clone()));
        Self { app, base, tls_address, folder, _currency: currency, stop }
    }

    /// One person of each role, named after it.
    async fn hire(&self) {
        let hasher = &self.app.auth.hasher;
        let password_hash = hasher.hash_password(PASSWORD).await.expect("a hash");
        let pin_hash = hasher.hash_pin(PIN).await.expect("a hash");
        for role in [Role::Admin, Role::Manager, Role::Waiter, Role::Kitchen] {
            self.add(role, &password_hash, &pin_hash).await;
        }
    }

    /// Somebody more, named after their role, who signed in.
    pub async fn hired(&self, role: Role) -> Client {
        let hasher = &self.app.auth.hasher;
        let password_hash = hasher.hash_password(PASSWORD).await.expect("a hash");
        let pin_hash = hasher.hash_pin(PIN).await.expect("a hash");
        self.add(role, &password_hash, &pin_hash).await;
        self.signed_in(role.as_str()).await
    }

    async fn add(&self, role: Role, password_hash: &str, pin_hash: &str) {
        let user = NewUser {
            username: role.as_str().into(),
            full_name: format!("Test {}", role.as_str()),
            role,
            phone: None,
            avatar_url: None,
            password_hash: password_hash.to_owned(),
            pin_hash: Some(pin_hash.to_owned()),
            is_active: true,
            shift_active: true,
            created_by_id: None,
        };
        self.app.store.run(CreateUser(user)).await.expect("a person is added");
    }

    /// The database, as somebody with a shell sees it.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("data/qres.db")).expect("it opens")
    }

    /// Writes down what orders brought whose rows a test has changed by itself.
    pub fn write_orders_down(&self) {
        let db = self.database();
        let mut ids = db.prepare("SELECT id FROM orders ORDER BY id").expect("a query");
        let ids: Vec<i64> = ids
            .query_map([], |row| row.get(0))
            .expect("rows")
            .map(|id| id.expect("an id"))
            .collect();
        for id in ids {
            write_down(&db, id, None, Timestamp(0)).expect("it is written down");
        }
    }

    /// A client who is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// A client who signed in as `username`.
    pub async fn signed_in(&self, username: &str) -> Client {
        let body = serde_json::json!({"username": username, "password": PASSWORD});
        let token = self.anonymous().post("/auth/login", &body).await.ok();
        Client::new(&self.base, token["access_token"].as_str())
    }

    pub async fn admin(&self) -> Client {
        self.signed_in("admin").await
    }

    pub async fn manager(&self) -> Client {
        self.signed_in("manager").await
    }

    pub async fn waiter(&self) -> Client {
        self.signed_in("waiter").await
    }

    pub async fn kitchen(&self) -> Client {
        self.signed_in("kitchen").await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Looked at first: a box that stops puts one more job into the queue. What the box writes
        // by itself may be under way.
        let end = std::time::Instant::now() + std::time::Duration::from_secs(5);
        let mut waiting = self.app.store.queue_length();
        while waiting > 0 && std::time::Instant::now() < end && !std::thread::panicking() {
            std::thread::sleep(std::time::Duration::from_millis(5));
            waiting = self.app.store.queue_length();
        }
        self.stop.cancel();
        if std::thread::panicking() {
            return;
        }
        let path = self.folder.path().join("data/qres.db");
        let db = rusqlite::Connection::open(path).expect("the database opens");
        books::assert_whole(&db);
        books::assert_paid_for(&db);
        assert_eq!(waiting, 0, "a command is stuck");
        let compared = compare(&db, usize::MAX, usize::MAX).expect("a comparison");
        assert!(compared.is_right(), "not what orders brought: {compared:?}");
    }
}

/// Waits until something is so; it fails with its name when it does not become so.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let end = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    while !is_so().await {
        assert!(tokio::time::Instant::now() < end, "{what} does not come");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
