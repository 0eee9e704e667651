//! How the box is now, as Prometheus reads it.

use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::request_line;
use super::request_metrics::head;
use crate::core::histogram::Histogram;
use crate::core::store::{self, Priority, PriorityMetrics, StoreMetrics};
use crate::platform::app::App;

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
    let dropped = request_line::dropped();
    let help = "Request lines that the log was too slow for.";
    single(&mut text, "qres_log_lines_dropped_total", "counter", help, dropped);
    app.request_metrics.write(&mut text);
    text
}

fn tell_store(app: &App, text: &mut String) {
    let waiting = app.store.queue_length();
    let help = "Commands that wait for the writer.";
    single(text, "qres_store_queue_length", "gauge", help, waiting);
    let metrics = app.store.metrics();
    head(
        text,
        "qres_store_commit_seconds",
        "histogram",
        "From the begin of a commit to its fsync.",
    );
    metrics.commit.write(text, "qres_store_commit_seconds", "");
    head(text, "qres_store_batch_size", "histogram", "Commands that shared one commit.");
    metrics.batch.write(text, "qres_store_batch_size", "");
    tell_priorities(metrics, text);
    let turned_away = metrics.turned_away.load(Ordering::Relaxed);
    let help = "Commands that were turned away because too many waited.";
    single(text, "qres_store_turned_away_total", "counter", help, turned_away);
}

/// How long each kind of work held the writer, and how long it waited for it.
fn tell_priorities(metrics: &StoreMetrics, text: &mut String) {
    type Of = fn(&PriorityMetrics) -> &Histogram;
    let histograms: [(&str, &str, Of); 2] = [
        ("qres_store_held_seconds", "For how long a command held the writer.", |of| &of.held),
        ("qres_store_waited_seconds", "How long a command waited for its turn.", |of| &of.waited),
    ];
    for (name, help, of) in histograms {
        head(text, name, "histogram", help);
        for priority in Priority::ALL {
            let labels = format!("priority=\"{}\"", priority.as_str());
            of(metrics.of(priority)).write(text, name, &labels);
        }
    }
    let name = "qres_store_longest_seconds";
    head(text, name, "gauge", "The command that held the writer for longest since the start.");
    for priority in Priority::ALL {
        let (took, command) = metrics.of(priority).longest();
        if took > Duration::ZERO {
            let _ = writeln!(
                text,
                "{name}{{priority=\"{}\",command=\"{command}\"}} {}",
                priority.as_str(),
                took.as_secs_f64()
            );
        }
    }
    let seconds = metrics.held_for().as_secs_f64();
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
