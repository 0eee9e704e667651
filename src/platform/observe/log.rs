//! Where the log goes: to the journal under systemd, to the console, or to daily files.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use super::console::Console;
use super::daily::{Daily, LogDir};
use super::request_line;
use crate::platform::config::{LogTo, Settings};

const REQUESTS: &str = "qres::request";
const SECURITY: &str = "qres::security";

type Any = Box<dyn Layer<Registry> + Send + Sync>;

/// Starts the log of this process. A second start keeps the first.
pub fn start(settings: &Settings) {
    let filter = EnvFilter::try_new(settings.log_level.to_lowercase())
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let (layers, trouble) = layers(settings);
    let started = tracing_subscriber::registry().with(layers.with_filter(filter)).try_init();
    if started.is_ok() {
        request_line::start();
    }
    if let Some(trouble) = trouble {
        tracing::warn!("{trouble}; the log goes to the console");
    }
}

/// Starts the log of a command: beside a box that runs, so it keeps away from that one's files.
pub fn start_command(settings: &Settings) {
    let log_to = match settings.log_to {
        LogTo::Files => LogTo::Console,
        other => other,
    };
    start(&Settings { log_to, ..settings.clone() });
}

/// The layers, and why they are not those that were asked for.
fn layers(settings: &Settings) -> (Any, Option<String>) {
    let console = || console(settings.json_logs);
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    match settings.log_to {
        LogTo::Journal => journal().map_or_else(
            |why| (console(), Some(format!("the journal cannot be reached ({why})"))),
            |journal| (journal, None),
        ),
        LogTo::Auto if under_systemd => (journal().unwrap_or_else(|_| console()), None),
        LogTo::Auto | LogTo::Console => (console(), None),
        LogTo::Files => match files(settings) {
            Ok(files) => {
                let rest = FilterFn::new(|about| about.target() != REQUESTS);
                (Box::new(files.and_then(console().with_filter(rest))), None)
            }
            Err(why) => (console(), Some(format!("log files cannot be written ({why})"))),
        },
    }
}

fn journal() -> std::io::Result<Any> {
    Ok(Box::new(tracing_journald::layer()?.with_field_prefix(Some("QRES".into()))))
}

fn console(as_json: bool) -> Any {
    let console = layer().with_writer(|| Console);
    if as_json {
        return Box::new(console.json().flatten_event(true));
    }
    Box::new(console.with_ansi(std::io::stderr().is_terminal()))
}

/// Requests, errors and security events, each in a file of its own.
fn files(settings: &Settings) -> std::io::Result<Any> {
    let dir = LogDir::open(settings)?;
    let json = |file: Daily, target: &'static str| {
        let only = FilterFn::new(move |about| about.target() == target);
        layer().json().flatten_event(true).with_writer(file).with_filter(only)
    };
    let requests = json(dir.dated("api_requests", "json")?, REQUESTS);
    let security = json(dir.named("security/security_events", "json")?, SECURITY);
    let errors = layer()
        .with_ansi(false)
        .with_writer(dir.named("errors", "log")?)
        .with_filter(LevelFilter::WARN);
    Ok(Box::new(requests.and_then(security).and_then(errors)))
}
