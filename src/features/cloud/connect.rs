//! The connection to the cloud's PostgreSQL, and what goes wrong with it in plain words.

use std::sync::Arc;
use std::time::Duration;

use crate::platform::config::{Enrolment, WireTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a cloud may take to let somebody in.
const CONNECT: Duration = Duration::from_secs(15);

/// What is wrong with the cloud or the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudError {
    /// A stable word for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub words: String,
}

impl CloudError {
    pub(super) fn new(code: &'static str, words: impl Into<String>) -> Self {
        Self { code, words: words.into() }
    }

    pub(super) fn silent() -> Self {
        Self::new("cloud_silent", "The cloud does not answer in time. It is tried again.")
    }
}

impl std::fmt::Display for CloudError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for CloudError {}

impl From<crate::core::error::Error> for CloudError {
    fn from(error: crate::core::error::Error) -> Self {
        Self::new("box_busy", format!("The box itself could not go on: {error}"))
    }
}

/// A connection, closed when it is dropped.
pub struct Connection {
    /// Speaks to the cloud.
    pub client: Client,
    driver: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Connection {
    /// As the role of an enrolment.
    ///
    /// # Errors
    /// What is wrong, in plain words.
    pub async fn enrolled(enrolment: &Enrolment) -> Result<Self, CloudError> {
        let mut config = Config::new();
        config
            .host(&enrolment.host)
            .port(enrolment.port)
            .dbname(&enrolment.database)
            .user(&enrolment.role)
            .password(&enrolment.password);
        Self::open(config, &enrolment.tls).await
    }

    /// As the owner of the cloud's database: a URL such as `postgres://owner:word@host/qres`.
    /// TLS is asked for as the URL's `sslmode` says; `ca` holds an authority of one's own (PEM).
    ///
    /// # Errors
    /// What is wrong, in plain words.
    pub async fn admin(url: &str, ca: Option<&str>) -> Result<(Self, Config, WireTls), CloudError> {
        let config: Config = url.parse().map_err(|error| {
            CloudError::new("bad_url", format!("The URL of the cloud cannot be read: {error}."))
        })?;
        let tls = match (config.get_ssl_mode(), ca) {
            (SslMode::Disable, _) => WireTls::Off,
            (_, Some(pem)) => WireTls::Own(pem.to_owned()),
            _ => WireTls::Public,
        };
        Ok((Self::open(config.clone(), &tls).await?, config, tls))
    }

    async fn open(mut config: Config, tls: &WireTls) -> Result<Self, CloudError> {
        config.application_name("qres").connect_timeout(CONNECT).keepalives_idle(CONNECT);
        let opening = async {
            if *tls == WireTls::Off {
                let (client, driver) =
                    config.ssl_mode(SslMode::Disable).connect(NoTls).await.map_err(cloud_error)?;
                return Ok(Self { client, driver: tokio::spawn(drive(driver)) });
            }
            let tls = MakeRustlsConnect::new(client_config(tls)?);
            let (client, driver) =
                config.ssl_mode(SslMode::Require).connect(tls).await.map_err(cloud_error)?;
            Ok(Self { client, driver: tokio::spawn(drive(driver)) })
        };
        tokio::time::timeout(CONNECT, opening).await.unwrap_or_else(|_| Err(CloudError::silent()))
    }
}

/// Moves bytes until the connection breaks; whoever uses the client hears of it there.
async fn drive(driver: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = driver.await {
        tracing::debug!(%error, "the connection to the cloud broke");
    }
}

fn client_config(tls: &WireTls) -> Result<ClientConfig, CloudError> {
    let mut roots = RootCertStore::empty();
    match tls {
        WireTls::Own(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                certificate.ok().and_then(|certificate| roots.add(certificate).ok()).ok_or_else(
                    || CloudError::new("bad_ca", "The cloud's authority (PEM) cannot be read."),
                )?;
            }
        }
        _ => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| CloudError::new("tls", error.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// What an error of the driver means to the owner of a restaurant.
#[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
pub(super) fn cloud_error(error: tokio_postgres::Error) -> CloudError {
    if let Some(db) = error.as_db_error() {
        return match *db.code() {
            SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
                CloudError::new(
                    "cloud_refused",
                    "The cloud does not let this box in: its role was cut off, or the enrolment string is an old one.",
                )
            }
            SqlState::DISK_FULL => CloudError::new(
                "cloud_full",
                "The cloud's disk is full. The box keeps what waits and tries again.",
            ),
            SqlState::INVALID_SCHEMA_NAME
            | SqlState::UNDEFINED_TABLE
            | SqlState::UNDEFINED_FUNCTION => CloudError::new(
                "cloud_not_made",
                "The cloud's database has not been made for QRes: run `qres cloud init` there.",
            ),
            SqlState::TOO_MANY_CONNECTIONS | SqlState::CANNOT_CONNECT_NOW => {
                CloudError::new("cloud_busy", "The cloud is busy or starting. It is tried again.")
            }
            _ => CloudError::new(
                "cloud_error",
                format!("The cloud answered: {} ({}).", db.message(), db.code().code()),
            ),
        };
    }
    let text = with_causes(&error);
    if text.contains("certificate") || text.contains("tls") || text.contains("TLS") {
        return CloudError::new(
            "cloud_tls",
            format!("The cloud's certificate is not one to trust, so nothing was sent: {text}."),
        );
    }
    CloudError::new("cloud_unreachable", format!("The cloud cannot be reached: {text}."))
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = next.source();
    }
    text
}
