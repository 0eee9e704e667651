//! Settings: defaults < `qres.toml` < environment < command line.
//!
//! The environment knows the project's own names (`QRES_LISTEN`, …) and the names of the system
//! that QRes replaces (`HOST`, `PORT`, `RESTAURANT_NAME`, …), so that an old `.env` goes on working.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Deserializer, Serialize};

use crate::core::kernel::Zone;

mod cloud;
mod enrolment;
mod guest_orders;
mod hours;
mod log_to;
mod net;

pub use cloud::{CloudHours, CloudSettings};
pub use enrolment::{Enrolment, WireTls};
pub use guest_orders::GuestOrders;
pub use hours::Hours;
pub use log_to::LogTo;
pub use net::Net;

/// Everything that can be set. Names in `qres.toml` are these names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the owner's, by its name")]
pub struct Settings {
    /// The folder that holds everything of the restaurant.
    pub data_dir: PathBuf,
    /// Where plain HTTP is served.
    pub listen: SocketAddr,
    /// Where HTTPS is served, or `off`; on the address of `listen` unless it is named.
    #[serde(deserialize_with = "address_or_off")]
    pub tls_listen: Option<SocketAddr>,
    /// Whether somebody named `tls_listen`.
    #[serde(skip)]
    pub tls_is_named: bool,
    /// A certificate of the owner's, with those that lead to its authority; PEM.
    pub tls_cert: Option<PathBuf>,
    /// Its key; PEM.
    pub tls_key: Option<PathBuf>,
    /// Whether browsers may be told to come by HTTPS only, ever: the owner's word that the
    /// certificate is one that every browser trusts.
    pub hsts: bool,
    /// Whether staff is served over plain HTTP too; yes in a demo when it is not set.
    pub http_staff: Option<bool>,
    /// The nets of the reverse proxies whose `X-Forwarded-*` are believed.
    pub trusted_proxies: Vec<Net>,
    /// Whether a PIN signs in only on a paired device; no in a demo when it is not set.
    pub pin_needs_device: Option<bool>,
    /// Whether the box is announced in its network by mDNS.
    pub mdns: bool,
    /// The restaurant's name; kept in the database when it is not set here.
    pub restaurant_name: Option<String>,
    /// The restaurant's zone in the tz database; kept in the database when it is not set here.
    pub restaurant_timezone: Option<String>,
    /// ISO 4217 code; counts only at the very first start.
    pub currency: String,
    /// What the box is set up with instead of a code of its own; 8 letters and digits at least.
    pub setup_code: Option<String>,
    /// The key that signs tokens and guards PINs; made and kept in `secrets/` when not set.
    pub secret_key: Option<String>,
    /// The key that signed tokens before it: they stay good.
    pub secret_key_previous: Option<String>,
    /// How the tokens are signed; only HS256.
    pub algorithm: String,
    /// How long a sign-in lasts, in minutes: a long shift.
    pub access_token_expire_minutes: u32,
    /// Whether a guest's order waits for a waiter; kept in the database when it is not set here.
    pub guest_orders: Option<GuestOrders>,
    /// How long a guest's session lasts, in minutes.
    pub guest_session_minutes: u32,
    /// The largest body in bytes.
    pub max_request_size: usize,
    /// What the tables' QR codes begin with; the box's own address when not set.
    pub qr_base_url: Option<String>,
    /// Where uploads are kept; `uploads/` in the data folder when not set.
    pub upload_dir: Option<PathBuf>,
    /// Foreign pages that may call the API.
    pub cors_origins: Vec<String>,
    /// Names under which the box answers, beside its own.
    pub allowed_hosts: Vec<String>,
    /// From where pages may load what no other setting names.
    pub csp_default_src: Option<Vec<String>>,
    /// From where pages may load scripts.
    pub csp_script_src: Option<Vec<String>>,
    /// From where pages may load styles.
    pub csp_style_src: Option<Vec<String>>,
    /// From where pages may load pictures.
    pub csp_img_src: Option<Vec<String>>,
    /// Where pages may call.
    pub csp_connect_src: Option<Vec<String>>,
    /// From where pages may load fonts.
    pub csp_font_src: Option<Vec<String>>,
    /// Requests per window and client; 0 turns the limits off.
    pub rate_limit_requests: u32,
    /// The window in seconds.
    pub rate_limit_window: u32,
    /// For how many seconds a client that goes on is kept out.
    pub rate_limit_block_duration: u32,
    /// Addresses and nets that are never limited and never blocked.
    pub rate_limit_whitelist: Vec<Net>,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub log_level: String,
    /// Whether the console's log is written as JSON.
    pub json_logs: bool,
    /// Where the log goes.
    pub log_to: LogTo,
    /// Where log files are kept; `logs/` in the data folder when not set.
    pub log_dir: Option<PathBuf>,
    /// How many days log files are kept.
    pub log_days: u32,
    /// How much space all log files take at most, in MiB.
    pub log_max_mib: u64,
    /// With this as its bearer token a monitoring system reads `/metrics`; nobody when not set.
    pub metrics_token: Option<String>,
    /// Where the owner hears of security events; nowhere when not set.
    pub webhook_url: Option<String>,
    /// Signs what is sent there.
    pub webhook_secret: Option<String>,
    /// How many days the event log reaches back.
    pub event_days: u32,
    /// The cloud that holds a copy; the enrolment string alone will do.
    pub cloud: CloudSettings,
    /// How many hours back the newest backup of each hour is kept.
    pub backup_hours: usize,
    /// How many days back the newest backup of each day is kept.
    pub backup_days: usize,
    /// How many weeks back the newest backup of each week is kept.
    pub backup_weeks: usize,
    /// How much space all backups on the box take at most, in MiB; the same on each stick.
    pub backup_max_mib: u64,
    /// The hour of the night, in the restaurant's time, at which sticks get their copy.
    pub backup_hour: u8,
    /// Folders that get a copy like a stick, such as a mounted share.
    pub backup_folders: Vec<PathBuf>,
    /// What backups are encrypted to; the admin's app sets it when it is not set here.
    pub backup_passphrase: Option<String>,
    /// A file that holds the passphrase.
    pub backup_passphrase_file: Option<PathBuf>,
    /// The publisher's public key, 32 bytes in base64; the one that is built in when not set.
    pub update_key: Option<String>,
    /// The hours in which updates are made, e.g. `3-6`, in the restaurant's time; any when not set.
    pub update_hours: Option<Hours>,
    /// How many seconds a new version has to become well.
    pub update_trial_seconds: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            listen: SocketAddr::from(([0, 0, 0, 0], 8000)),
            tls_listen: Some(SocketAddr::from(([0, 0, 0, 0], 8443))),
            tls_is_named: false,
            tls_cert: None,
            tls_key: None,
            hsts: false,
            http_staff: None,
            trusted_proxies: Vec::new(),
            pin_needs_device: None,
            mdns: true,
            restaurant_name: None,
            restaurant_timezone: None,
            currency: "RUB".into(),
            setup_code: None,
            secret_key: None,
            secret_key_previous: None,
            algorithm: "HS256".into(),
            access_token_expire_minutes: 12 * 60,
            guest_orders: None,
            guest_session_minutes: 8 * 60,
            max_request_size: 10 * 1024 * 1024,
            qr_base_url: None,
            upload_dir: None,
            cors_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            csp_default_src: None,
            csp_script_src: None,
            csp_style_src: None,
            csp_img_src: None,
            csp_connect_src: None,
            csp_font_src: None,
            rate_limit_requests: 100,
            rate_limit_window: 3600,
            rate_limit_block_duration: 3600,
            rate_limit_whitelist: Vec::new(),
            log_level: "info".into(),
            json_logs: false,
            log_to: LogTo::Auto,
            log_dir: None,
            log_days: 14,
            log_max_mib: 64,
            metrics_token: None,
            webhook_url: None,
            webhook_secret: None,
            event_days: 30,
            cloud: CloudSettings::default(),
            backup_hours: 24,
            backup_days: 7,
            backup_weeks: 4,
            backup_max_mib: 2048,
            backup_hour: 4,
            backup_folders: Vec::new(),
            backup_passphrase: None,
            backup_passphrase_file: None,
            update_key: None,
            update_hours: None,
            update_trial_seconds: 60,
        }
    }
}

fn address_or_off<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
    tls_address(&text).map_err(serde::de::Error::custom)
}

/// Where HTTPS is served; none for `off`.
///
/// # Errors
/// When the text is neither.
pub fn tls_address(text: &str) -> Result<Option<SocketAddr>, String> {
    match text {
        "off" | "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            format!("“{text}” is no address and port such as 0.0.0.0:8443, and not “off”")
        }),
    }
}

/// The seed's names that differ from ours only in case.
const SEED_NAMES: [&str; 20] = [
    "SECRET_KEY",
    "ALGORITHM",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "CORS_ORIGINS",
    "ALLOWED_HOSTS",
    "RATE_LIMIT_REQUESTS",
    "RATE_LIMIT_WINDOW",
    "RATE_LIMIT_BLOCK_DURATION",
    "MAX_REQUEST_SIZE",
    "QR_BASE_URL",
    "RESTAURANT_NAME",
    "RESTAURANT_TIMEZONE",
    "LOG_LEVEL",
    "UPLOAD_DIR",
    "CSP_DEFAULT_SRC",
    "CSP_SCRIPT_SRC",
    "CSP_STYLE_SRC",
    "CSP_IMG_SRC",
    "CSP_CONNECT_SRC",
    "CSP_FONT_SRC",
];

/// Settings that cannot be used. The program ends with exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

impl Settings {
    /// Reads the settings: `file` must exist when it is named; without one `qres.toml` of the
    /// working folder is read if it is there.
    ///
    /// # Errors
    /// A sentence that names the setting and what is wrong with it.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let path = file.unwrap_or(Path::new("qres.toml"));
        if file.is_some() && !path.is_file() {
            return Err(SettingsError(format!("There is no settings file {}.", path.display())));
        }
        let file = path.is_file().then(|| Figment::from(Toml::file_exact(path)));
        let named = file.unwrap_or_default().merge(seed_environment()?).merge(own_environment());
        let tls_is_named = named.contains("tls_listen");
        let figment = Figment::from(Serialized::defaults(Self::default())).merge(named);
        let settings = Self { tls_is_named, ..figment.extract().map_err(explain)? };
        settings.check()?;
        let listen = settings.listen;
        Ok(settings.listening_on(listen))
    }

    /// With plain HTTP served here, and HTTPS on the same address unless it was named.
    #[must_use]
    pub fn listening_on(mut self, listen: SocketAddr) -> Self {
        self.listen = listen;
        if let (false, Some(tls)) = (self.tls_is_named, &mut self.tls_listen) {
            tls.set_ip(listen.ip());
        }
        self
    }

    /// Where uploaded pictures are.
    pub fn uploads(&self) -> PathBuf {
        self.upload_dir.clone().unwrap_or_else(|| self.data_dir.join("uploads"))
    }

    /// Where log files are.
    pub fn logs(&self) -> PathBuf {
        self.log_dir.clone().unwrap_or_else(|| self.data_dir.join("logs"))
    }

    fn check_door(&self) -> Result<(), SettingsError> {
        let refuse = |text: &str| Err(SettingsError(text.into()));
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            return refuse("tls_cert and tls_key go together: set both, or none.");
        }
        if self.hsts && self.tls_cert.is_none() && self.trusted_proxies.is_empty() {
            return refuse(
                "hsts needs a certificate that every browser trusts: set tls_cert and tls_key, or \
                 name the reverse proxy in trusted_proxies. With the box's own authority it would \
                 lock people out.",
            );
        }
        for origin in &self.cors_origins {
            let rest = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
            if rest.is_none_or(|rest| rest.is_empty() || rest.contains(['/', '*', ' '])) {
                return Err(SettingsError(format!(
                    "cors_origins must name origins such as https://app.example, not “{origin}”."
                )));
            }
        }
        Ok(())
    }

    fn check_webhook(&self) -> Result<(), SettingsError> {
        let refuse = |text: &str| Err(SettingsError(text.into()));
        let Some(url) = &self.webhook_url else { return Ok(()) };
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return refuse("webhook_url must begin with https:// or http://.");
        }
        if self.webhook_secret.as_ref().is_none_or(|secret| secret.len() < 16) {
            return refuse(
                "webhook_url needs a webhook_secret of at least 16 characters; `qres secret \
                 generate` makes a good one.",
            );
        }
        Ok(())
    }

    fn check(&self) -> Result<(), SettingsError> {
        self.check_door()?;
        let refuse = |text: String| Err(SettingsError(text));
        if self.algorithm != "HS256" {
            return refuse(format!("ALGORITHM must be HS256, not “{}”.", self.algorithm));
        }
        if let Some(zone) = &self.restaurant_timezone {
            Zone::named(zone)
                .map_err(|reason| SettingsError(format!("restaurant_timezone: {reason}.")))?;
        }
        if self.currency.len() != 3 || !self.currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return refuse("currency must be a code of three capitals, such as RUB or EUR.".into());
        }
        let letters = |code: &String| code.chars().filter(char::is_ascii_alphanumeric).count();
        if self.setup_code.as_ref().is_some_and(|code| code.len() > 32 || letters(code) < 8) {
            return refuse("setup_code must have 8 to 32 letters and digits.".into());
        }
        if self.secret_key.as_ref().is_some_and(|key| key.len() < 32) {
            let how = "`qres secret generate` makes a good one";
            return refuse(format!("secret_key must have at least 32 characters; {how}."));
        }
        if self.metrics_token.as_ref().is_some_and(|token| token.len() < 16) {
            let how = "`qres secret generate` makes a good one";
            return refuse(format!("metrics_token must have at least 16 characters; {how}."));
        }
        self.check_webhook()?;
        if self.log_max_mib == 0 {
            return refuse("log_max_mib must be at least 1.".into());
        }
        if self.event_days < 4 {
            // Kept replies of the last three days are found in the log.
            return refuse("event_days must be at least 4.".into());
        }
        if let Err(reason) = self.cloud.check() {
            return refuse(format!("cloud: {reason}."));
        }
        if self.backup_hour > 23 {
            return refuse("backup_hour must be an hour of the day, 0 to 23.".into());
        }
        if self.access_token_expire_minutes == 0 || self.guest_session_minutes == 0 {
            return refuse("a session must last at least 1 minute.".into());
        }
        Ok(())
    }
}

fn own_environment() -> Env {
    let known = known_names();
    Env::prefixed("QRES_")
        .filter(move |name| known.iter().any(|known| name.as_str().eq_ignore_ascii_case(known)))
}

fn seed_environment() -> Result<Figment, SettingsError> {
    let mut figment = Figment::from(Env::raw().only(&SEED_NAMES));
    if let Ok(json_logs) = std::env::var("JSON_LOGS") {
        let on = matches!(json_logs.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on");
        figment = figment.merge(("json_logs", on));
    }
    let host = std::env::var("HOST").ok();
    let port = std::env::var("PORT").ok();
    if host.is_some() || port.is_some() {
        let host = host.unwrap_or_else(|| "0.0.0.0".into());
        let port = port.unwrap_or_else(|| "8000".into());
        let listen = format!("{host}:{port}").parse::<SocketAddr>().map_err(|_| {
            SettingsError(format!("HOST and PORT make no address to listen on: {host}:{port}."))
        })?;
        figment = figment.merge(("listen", listen));
    }
    Ok(figment)
}

fn known_names() -> Vec<String> {
    match serde_json::to_value(Settings::default()) {
        Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
fn explain(error: figment::Error) -> SettingsError {
    let place = error.metadata.as_ref().map(|m| format!(" ({})", m.name)).unwrap_or_default();
    if let Kind::UnknownField(name, _) = &error.kind {
        let nearest = known_names()
            .into_iter()
            .max_by(|a, b| strsim::jaro(a, name).total_cmp(&strsim::jaro(b, name)))
            .unwrap_or_default();
        let text = format!("There is no setting “{name}”{place}. Did you mean “{nearest}”?");
        return SettingsError(text);
    }
    if error.path.is_empty() {
        return SettingsError(format!("The settings cannot be read{place}: {}.", error.kind));
    }
    let path = error.path.join(".");
    SettingsError(format!("The setting “{path}” cannot be used{place}: {}.", error.kind))
}

#[cfg(test)]
mod tests;
