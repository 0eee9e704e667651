//! What was counted since the start, and how the box is now, as Prometheus reads it.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::Method;

use super::Histogram;
use crate::app::App;
use crate::store::{self, Priority, PriorityFigures, StoreFigures};

/// The statuses that the box answers with; any other is counted as `other`.
const STATUSES: [u16; 24] = [
    101, 200, 201, 204, 206, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 421,
    422, 429, 500, 503, 507,
];

/// What is counted of all requests.
#[derive(Default)]
pub struct Figures {
    /// By route, then by method: bounded by the routes there are.
    routes: RwLock<HashMap<String, Methods>>,
}

type Methods = Vec<(Method, Arc<Route>)>;

/// One route with one method.
struct Route {
    took: Histogram,
    statuses: [AtomicU64; STATUSES.len() + 1],
}

impl Default for Route {
    fn default() -> Self {
        let statuses = std::array::from_fn(|_| AtomicU64::new(0));
        Self { took: Histogram::of_seconds(), statuses }
    }
}

/// Words that clients make up are one: they must not fill the memory.
fn known(method: &Method) -> Method {
    let all = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if all.contains(method) { method.clone() } else { Method::TRACE }
}

impl Figures {
    /// Counts a request. `route` is its template.
    pub fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let method = known(method);
        let counted = self.route(&method, route);
        let at = STATUSES.iter().position(|known| *known == status).unwrap_or(STATUSES.len());
        counted.statuses[at].fetch_add(1, Ordering::Relaxed);
        counted.took.observe(took);
    }

    fn route(&self, method: &Method, route: &str) -> Arc<Route> {
        let find = |methods: &Methods| {
            methods.iter().find(|(known, _)| known == method).map(|(_, route)| Arc::clone(route))
        };
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = routes.get(route).and_then(find) {
            return found;
        }
        drop(routes);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let methods = routes.entry(route.to_owned()).or_default();
        if let Some(found) = find(methods) {
            return found;
        }
        let new = Arc::<Route>::default();
        methods.push((method.clone(), Arc::clone(&new)));
        new
    }

    fn write(&self, text: &mut String) {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = routes
            .iter()
            .flat_map(|(route, methods)| {
                methods.iter().map(move |(m, counted)| (route, m, counted))
            })
            .collect();
        all.sort_by_key(|(route, method, _)| (*route, method.as_str()));
        head(text, "qres_http_requests_total", "counter", "Requests by route and status.");
        for (route, method, counted) in &all {
            for (at, count) in counted.statuses.iter().enumerate() {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let status = STATUSES.get(at).map_or("other".into(), u16::to_string);
                    let _ = writeln!(
                        text,
                        "qres_http_requests_total{{method=\"{method}\",route=\"{route}\",\
                         status=\"{status}\"}} {count}"
                    );
                }
            }
        }
        let name = "qres_http_request_duration_seconds";
        head(text, name, "histogram", "Time from the head of a request to the head of its reply.");
        for (route, method, counted) in &all {
            counted.took.write(text, name, &format!("method=\"{method}\",route=\"{route}\""));
        }
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn single(text: &mut String, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
    head(text, name, kind, help);
    let _ = writeln!(text, "{name} {value}");
}

/// All figures of a box, in the text format of Prometheus.
pub fn tell(app: &App) -> String {
    let mut text = String::with_capacity(16 * 1024);
    let uptime = app.started.elapsed().as_secs();
    single(&mut text, "qres_uptime_seconds", "gauge", "Time since the start.", uptime);
    head(&mut text, "qres_build_info", "gauge", "The version that runs.");
    let _ = writeln!(text, "qres_build_info{{version=\"{}\"}} 1", crate::VERSION);
    let events = app.store.last_seq();
    single(&mut text, "qres_events_total", "counter", "The number of the newest event.", events);
    tell_store(app, &mut text);
    tell_screens(app, &mut text);
    tell_machine(&app.settings.data_dir, &mut text);
    let dropped = super::line::dropped();
    let help = "Request lines that the log was too slow for.";
    single(&mut text, "qres_log_lines_dropped_total", "counter", help, dropped);
    app.figures.write(&mut text);
    text
}

fn tell_store(app: &App, text: &mut String) {
    let waiting = app.store.queue_length();
    let help = "Commands that wait for the writer.";
    single(text, "qres_store_queue_length", "gauge", help, waiting);
    let figures = app.store.figures();
    head(
        text,
        "qres_store_commit_seconds",
        "histogram",
        "From the begin of a commit to its fsync.",
    );
    figures.commit.write(text, "qres_store_commit_seconds", "");
    head(text, "qres_store_batch_size", "histogram", "Commands that shared one commit.");
    figures.batch.write(text, "qres_store_batch_size", "");
    tell_priorities(figures, text);
    let turned_away = figures.turned_away.load(Ordering::Relaxed);
    let help = "Commands that were turned away because too many waited.";
    single(text, "qres_store_turned_away_total", "counter", help, turned_away);
}

/// How long each kind of work held the writer, and how long it waited for it.
fn tell_priorities(figures: &StoreFigures, text: &mut String) {
    type Of = fn(&PriorityFigures) -> &Histogram;
    let histograms: [(&str, &str, Of); 2] = [
        ("qres_store_held_seconds", "For how long a command held the writer.", |of| &of.held),
        ("qres_store_waited_seconds", "How long a command waited for its turn.", |of| &of.waited),
    ];
    for (name, help, of) in histograms {
        head(text, name, "histogram", help);
        for priority in Priority::ALL {
            let labels = format!("priority=\"{}\"", priority.as_str());
            of(figures.of(priority)).write(text, name, &labels);
        }
    }
    let name = "qres_store_longest_seconds";
    head(text, name, "gauge", "The command that held the writer for longest since the start.");
    for priority in Priority::ALL {
        let (took, command) = figures.of(priority).longest();
        if took > Duration::ZERO {
            let _ = writeln!(
                text,
                "{name}{{priority=\"{}\",command=\"{command}\"}} {}",
                priority.as_str(),
                took.as_secs_f64()
            );
        }
    }
    let seconds = figures.held_for().as_secs_f64();
    let help = "For how long the batch under way has held the writer; 0 when it is idle.";
    single(text, "qres_store_held_for_seconds", "gauge", help, seconds);
}

fn tell_screens(app: &App, text: &mut String) {
    let connected = app.hub.seats.count();
    single(text, "qres_screens_connected", "gauge", "Open sockets of the live feed.", connected);
    head(text, "qres_screens_by_role", "gauge", "The same, by who looks.");
    for (role, count) in app.hub.seats.by_role() {
        let _ = writeln!(text, "qres_screens_by_role{{role=\"{role}\"}} {count}");
    }
    head(text, "qres_event_lag_seconds", "histogram", "From an event to its sending to a screen.");
    app.hub.lag.write(text, "qres_event_lag_seconds", "");
}

fn tell_machine(data: &Path, text: &mut String) {
    if let Some((free, total)) = store::disk_space(data) {
        single(text, "qres_disk_free_bytes", "gauge", "Free space where the data are.", free);
        single(text, "qres_disk_size_bytes", "gauge", "All space where the data are.", total);
    }
    if let Some(bytes) = resident_memory() {
        let help = "Memory that the program holds.";
        single(text, "process_resident_memory_bytes", "gauge", help, bytes);
    }
    let zones = temperatures(Path::new("/sys/class/thermal"));
    if !zones.is_empty() {
        head(text, "qres_temperature_celsius", "gauge", "As the board tells it.");
    }
    for (zone, degrees) in zones {
        let _ = writeln!(text, "qres_temperature_celsius{{zone=\"{zone}\"}} {degrees}");
    }
}

fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// How warm the board is, by zone; nothing where it does not tell.
fn temperatures(folder: &Path) -> Vec<(String, f64)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut zones: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let zone = name.strip_prefix("thermal_zone")?.parse::<u16>().ok()?.to_string();
            let text = std::fs::read_to_string(entry.path().join("temp")).ok()?;
            let thousandths: i32 = text.trim().parse().ok()?;
            Some((zone, f64::from(thousandths) / 1000.0))
        })
        .take(16)
        .collect();
    zones.sort_by(|a, b| a.0.cmp(&b.0));
    zones
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_status() {
        let figures = Figures::default();
        for status in [200, 200, 404, 599] {
            figures.count(&Method::GET, "/orders/{id}", status, Duration::from_millis(3));
        }
        for made_up in 0..1000 {
            let method = Method::from_bytes(format!("M{made_up}").as_bytes()).unwrap();
            figures.count(&method, "/orders/{id}", 405, Duration::ZERO);
        }
        let mut text = String::new();
        figures.write(&mut text);
        let of = |status: &str| {
            format!("{{method=\"GET\",route=\"/orders/{{id}}\",status=\"{status}\"}}")
        };
        for (status, count) in [("200", 2), ("404", 1), ("other", 1)] {
            let line = format!("qres_http_requests_total{} {count}\n", of(status));
            assert!(text.contains(&line), "{line} in {text}");
        }
        assert!(text.contains("route=\"/orders/{id}\",le=\"0.005\"} 4\n"), "{text}");
        let routes = figures.routes.read().unwrap();
        assert_eq!(routes["/orders/{id}"].len(), 2, "made-up methods are one");
    }

    #[test]
    fn the_board_tells_how_warm_it_is() {
        let folder = tempfile::tempdir().unwrap();
        assert!(temperatures(folder.path()).is_empty());
        for (zone, text) in [("thermal_zone1", "-500\n"), ("thermal_zone0", "48312\n")] {
            std::fs::create_dir(folder.path().join(zone)).unwrap();
            std::fs::write(folder.path().join(zone).join("temp"), text).unwrap();
        }
        std::fs::create_dir(folder.path().join("cooling_device0")).unwrap();
        let told = [("0".to_owned(), 48.312), ("1".to_owned(), -0.5)];
        assert_eq!(temperatures(folder.path()), told);
        assert!(temperatures(Path::new("/nowhere")).is_empty());
    }
}
