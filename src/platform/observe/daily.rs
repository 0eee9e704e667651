//! Log files that begin anew each day and when they grow large. Those of before are compressed,
//! and the oldest go: together they never take more than the settings say.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use tracing_subscriber::fmt::MakeWriter;

use crate::platform::config::Settings;

/// Each open file is begun anew at this part of what all may take.
const PART: u64 = 16;

/// The folder of the log files.
pub(super) struct LogDir(Arc<Rules>);

struct Rules {
    folder: PathBuf,
    keep: Duration,
    most: u64,
    /// Held while files are compressed and thrown away.
    tidying: Mutex<()>,
    today: fn() -> String,
}

impl LogDir {
    /// Makes the folder where it is missing.
    pub fn open(settings: &Settings) -> io::Result<Self> {
        let folder = settings.logs();
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder.join("security"))?;
        let keep = Duration::from_hours(24 * u64::from(settings.log_days));
        let most = settings.log_max_mib * 1024 * 1024;
        let rules = Rules { folder, keep, most, tidying: Mutex::default(), today };
        Ok(Self(Arc::new(rules)))
    }

    /// A file whose name holds its day: `api_requests_2026-11-24.json`.
    pub fn dated(&self, stem: &'static str, ending: &'static str) -> io::Result<Daily> {
        self.file(stem, ending, true)
    }

    /// A file that is always called the same: `errors.log`. Those of before hold their day.
    pub fn named(&self, stem: &'static str, ending: &'static str) -> io::Result<Daily> {
        self.file(stem, ending, false)
    }

    fn file(&self, stem: &'static str, ending: &'static str, is_dated: bool) -> io::Result<Daily> {
        let day = (self.0.today)();
        let name = Name { stem, ending, is_dated };
        let file = open(&self.0.folder.join(name.current(&day)))?;
        let written = file.metadata()?.len();
        let open = Mutex::new(Open { file, day, written });
        let daily = Daily { rules: Arc::clone(&self.0), name, open };
        daily.rules.tidy_aside();
        Ok(daily)
    }
}

/// The day of now, by the machine's own zone.
fn today() -> String {
    jiff::tz::TimeZone::system().to_datetime(jiff::Timestamp::now()).date().to_string()
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

#[derive(Clone, Copy)]
struct Name {
    stem: &'static str,
    ending: &'static str,
    is_dated: bool,
}

impl Name {
    fn current(&self, day: &str) -> String {
        let Self { stem, ending, .. } = self;
        if self.is_dated { format!("{stem}_{day}.{ending}") } else { format!("{stem}.{ending}") }
    }

    /// How a file of before is called; `number` tells those of one day apart.
    fn past(&self, day: &str, number: u32) -> String {
        let Self { stem, ending, .. } = self;
        format!("{stem}_{day}.{number}.{ending}")
    }
}

/// A log file.
pub(super) struct Daily {
    rules: Arc<Rules>,
    name: Name,
    open: Mutex<Open>,
}

struct Open {
    file: File,
    day: String,
    written: u64,
}

impl Daily {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let day = (self.rules.today)();
        let is_full = open.written + bytes.len() as u64 > self.rules.most / PART;
        if day != open.day || (is_full && open.written > 0) {
            self.begin_anew(&mut open, day)?;
        }
        open.file.write_all(bytes)?;
        open.written += bytes.len() as u64;
        Ok(())
    }

    fn begin_anew(&self, open: &mut Open, day: String) -> io::Result<()> {
        let folder = &self.rules.folder;
        let is_free = |name: &str| {
            let path = folder.join(name);
            !path.exists() && !folder.join(format!("{name}.gz")).exists()
        };
        let names = (1..).map(|number| self.name.past(&open.day, number));
        let past = names.take(10_000).find(|name| is_free(name)).unwrap_or_default();
        fs::rename(folder.join(self.name.current(&open.day)), folder.join(past))?;
        let file = self::open(&folder.join(self.name.current(&day)))?;
        *open = Open { file, day, written: 0 };
        self.rules.tidy_aside();
        Ok(())
    }
}

impl Rules {
    /// Compressing takes a second: not for the thread that logs.
    fn tidy_aside(self: &Arc<Self>) {
        let rules = Arc::clone(self);
        let tidy = move || {
            if let Err(error) = rules.tidy() {
                tracing::warn!(%error, "old log files were not tidied up");
            }
        };
        // Without a thread they stay until the next time.
        let _ = std::thread::Builder::new().name("qres-tidy-log".into()).spawn(tidy);
    }

    fn tidy(&self) -> io::Result<()> {
        let _one_at_a_time = self.tidying.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files = Vec::new();
        for folder in [self.folder.clone(), self.folder.join("security")] {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if is_past(&path, &(self.today)()) {
                    compress(&path)?;
                }
            }
        }
        for folder in [self.folder.clone(), self.folder.join("security")] {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                // One that is begun anew right now has another name already.
                let Ok(about) = entry.metadata() else { continue };
                if about.is_file() {
                    files.push((about.modified()?, about.len(), entry.path()));
                }
            }
        }
        files.sort();
        let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
        for (modified, size, path) in files {
            let age = SystemTime::now().duration_since(modified).unwrap_or_default();
            if is_packed(&path) && (age > self.keep || total > self.most - self.most / 4) {
                fs::remove_file(&path)?;
                total -= size;
            }
        }
        Ok(())
    }
}

/// Whether a log file is one of before: its name holds a number, or a day that is not today.
fn is_past(path: &Path, today: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some((_, rest)) = name.rsplit_once('_') else { return false };
    let is_day =
        rest.as_bytes().get(10) == Some(&b'.') && rest.starts_with(|c: char| c.is_ascii_digit());
    let is_numbered = rest.split('.').nth(1).is_some_and(|part| part.parse::<u32>().is_ok());
    is_day && !is_packed(path) && (is_numbered || !rest.starts_with(today))
}

fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "gz")
}

/// Packs a file of before. One that is begun anew right now has another name already, or gets it
/// meanwhile: then it is packed the next time.
fn compress(path: &Path) -> io::Result<()> {
    let mut plain = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        plain => plain?,
    };
    let mut packed = path.as_os_str().to_owned();
    packed.push(".gz");
    let draft = path.with_extension("packing");
    let file =
        OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
    let mut encoder = GzEncoder::new(file, Compression::default());
    io::copy(&mut plain, &mut encoder)?;
    encoder.finish()?.sync_all()?;
    if !path.exists() {
        return fs::remove_file(&draft);
    }
    fs::rename(&draft, packed)?;
    fs::remove_file(path)
}

impl<'a> MakeWriter<'a> for Daily {
    type Writer = Entry<'a>;

    fn make_writer(&'a self) -> Entry<'a> {
        Entry(self)
    }
}

/// Writes whole entries.
pub(super) struct Entry<'a>(&'a Daily);

impl Write for Entry<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.append(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// The day by the tests' own calendar.
    static DAY: AtomicU32 = AtomicU32::new(1);

    fn dir(folder: &Path, most: u64, keep: Duration) -> LogDir {
        fs::create_dir_all(folder.join("security")).unwrap();
        let today = || format!("2026-11-{:02}", DAY.load(Ordering::Relaxed));
        let folder = folder.to_owned();
        LogDir(Arc::new(Rules { folder, keep, most, tidying: Mutex::default(), today }))
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name != "security");
        names.sort();
        names
    }

    #[test]
    fn files_begin_anew_are_packed_and_take_no_more_than_they_may() {
        let folder = tempfile::tempdir().unwrap();
        let most = 64 * 1024;
        let dir = dir(folder.path(), most, Duration::MAX);
        let requests = dir.dated("api_requests", "json").unwrap();
        let errors = dir.named("errors", "log").unwrap();
        errors.append(b"one\n").unwrap();
        requests.append(b"first\n").unwrap();

        DAY.store(2, Ordering::Relaxed);
        requests.append(b"second\n").unwrap();
        errors.append(b"two\n").unwrap();
        dir.0.tidy().unwrap();
        let there = [
            "api_requests_2026-11-01.1.json.gz",
            "api_requests_2026-11-02.json",
            "errors.log",
            "errors_2026-11-01.1.log.gz",
        ];
        assert_eq!(names(folder.path()), there);
        let packed = File::open(folder.path().join("api_requests_2026-11-01.1.json.gz")).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
        assert_eq!(text, "first\n");
        assert_eq!(fs::read_to_string(folder.path().join("errors.log")).unwrap(), "two\n");

        // Bytes that do not shrink, so that the cap is met by what goes, not by packing.
        let mut noise = [0_u8; 2048];
        for _ in 0..200 {
            aws_lc_rs::rand::fill(&mut noise).unwrap();
            requests.append(&noise).unwrap();
        }
        dir.0.tidy().unwrap();
        let sizes = names(folder.path())
            .into_iter()
            .map(|name| fs::metadata(folder.path().join(name)).unwrap().len());
        let total: u64 = sizes.sum();
        assert!(total <= most, "{total} bytes");
        assert!(total > most / 2, "too much was thrown away: {total} bytes are left");
    }

    #[test]
    fn what_is_too_old_goes_and_what_is_open_stays() {
        let folder = tempfile::tempdir().unwrap();
        let dir = dir(folder.path(), 1024 * 1024, Duration::ZERO);
        let errors = dir.named("errors", "log").unwrap();
        errors.append(b"now\n").unwrap();
        fs::write(folder.path().join("errors_2020-01-01.1.log"), "long ago\n").unwrap();
        fs::write(folder.path().join("api_requests_2020-01-01.json"), "long ago\n").unwrap();
        dir.0.tidy().unwrap();
        assert_eq!(names(folder.path()), ["errors.log"]);
    }
}
