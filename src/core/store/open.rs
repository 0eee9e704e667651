//! Opening the data folder and its database: locked, checked, migrated, or refused with a
//! sentence. A file that is no database is never touched.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::atomic_swap;
use super::sql::add_functions;
use crate::core::error::Error;

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// Older SQLite may corrupt a database when the write-ahead log is reset (fixed in 3.51.3).
const OLDEST_SQLITE: i32 = 3_051_003;

/// Why a data folder cannot be used. The program ends with exit code 3, or 1 where the next start
/// may be luckier.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made or written.
    #[error("The data folder {0} cannot be used: {1}.")]
    Folder(PathBuf, String),
    /// Another process has it.
    #[error(
        "Another qres is running on the data folder {0}. Stop it first, or use another folder."
    )]
    Locked(PathBuf),
    /// The file is something else, or broken.
    #[error(
        "{0} is not a database that can be read: {1}. It was left as it is. Restore a backup, \
         or move the file aside yourself to begin with an empty restaurant."
    )]
    Damaged(PathBuf, String),
    /// Written by a newer version.
    #[error(
        "The database was written by a newer qres: {0}. Install that version, or restore an older backup."
    )]
    Newer(String),
    /// Anything else: it may be another's lock, or a full disk.
    #[error("The database cannot be opened: {0}.")]
    Unusable(String),
}

impl OpenError {
    #[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
    pub(super) fn from_error(error: Error) -> Self {
        Self::Unusable(error.to_string())
    }
}

/// The version of the SQLite inside, e.g. `3.53.2`.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// The folder that holds everything of one restaurant, locked for this process.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder where it is missing, with modes that keep others out, and locks it.
    ///
    /// # Errors
    /// When it cannot be made or written, or another process has it.
    pub fn lock(path: &Path) -> Result<Self, OpenError> {
        let folder_error =
            |error: std::io::Error| OpenError::Folder(path.to_owned(), error.to_string());
        create_private(path).map_err(folder_error)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("qres.lock"))
            .map_err(folder_error)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::Locked(path.to_owned()),
            TryLockError::Error(error) => folder_error(error),
        })?;
        // Who it is that has the folder: an update asks it to start anew.
        let number = format!("{}\n", std::process::id());
        // A full disk must not keep a box from starting.
        let _ = lock.set_len(0).and_then(|()| (&lock).write_all(number.as_bytes()));
        // Before any folder is made: it would stand in the way of one that is to be renamed.
        if atomic_swap::finish(path).map_err(folder_error)? {
            tracing::info!("the restored data is in its place");
        }
        let _ = fs::remove_dir_all(path.join(atomic_swap::BESIDE));
        for folder in ["uploads", "tls", "backups", "logs", "secrets"] {
            create_private(&path.join(folder)).map_err(folder_error)?;
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The number of the process that has the folder, if one has.
pub fn holder(path: &Path) -> Option<i32> {
    let lock = File::options().read(true).write(true).open(path.join("qres.lock")).ok()?;
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            let text = std::io::read_to_string(&lock).ok()?;
            text.trim().parse().ok()
        }
        _ => None,
    }
}

fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::Unusable(format!("SQLite {} is too old", sqlite_version())));
    }
    let mut connection = Connection::open(path).map_err(|error| classify(path, &error))?;
    configure(&connection).map_err(|error| classify(path, &error))?;
    migrate(&mut connection, path)?;
    Ok(connection)
}

pub(super) fn classify(path: &Path, error: &rusqlite::Error) -> OpenError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            OpenError::Damaged(path.to_owned(), error.to_string())
        }
        _ => OpenError::Unusable(error.to_string()),
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(256);
    add_functions(connection)?;
    // The log is written back beside the commits (`checkpoints.rs`); a commit does so only when it has
    // become 64 MiB (pages of 4 KiB), the last resort that bounds it. It keeps that size (bytes): a file
    // that was cut grows again, and each commit that makes it grow waits for the file system's journal.
    // What is deleted is overwritten: a name that somebody had erased must not stay in the file (what that
    // leaves, see `remains.rs`). It costs a write for each page that is given up; an order gives up none.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -4096;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 16384;
         PRAGMA journal_size_limit = 67108864;",
    )
}

/// The version to which this program brings a schema.
pub fn newest_schema() -> i64 {
    let runner = migrations::migrations::runner();
    runner
        .get_migrations()
        .iter()
        .map(|migration| i64::from(migration.version()))
        .max()
        .unwrap_or(0)
}

/// Looks at an empty database of this version, in memory.
///
/// # Errors
/// The look's own, or when the database cannot be made.
pub fn with_newest_schema<T>(
    look: impl FnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut connection = Connection::open_in_memory()?;
    add_functions(&connection)?;
    migrations::migrations::runner().run(&mut connection).map_err(Error::internal)?;
    look(&connection)
}

/// Makes a database with the schema of an earlier version, or of this one.
///
/// # Errors
/// When the file cannot be written, or the version is newer than this program's.
pub fn create_at_schema(path: &Path, version: i64) -> Result<Connection, Error> {
    if version > newest_schema() {
        let text = format!(
            "It was written by a newer qres (schema {version}, this one knows {}). Install that version first.",
            newest_schema()
        );
        return Err(Error::rule("newer_schema", text));
    }
    let mut connection = Connection::open(path)?;
    add_functions(&connection)?;
    let target = refinery::Target::Version(i32::try_from(version).unwrap_or(i32::MAX));
    migrations::migrations::runner()
        .set_target(target)
        .run(&mut connection)
        .map_err(Error::internal)?;
    Ok(connection)
}

/// Brings a database that was made at an earlier schema to this version's.
///
/// # Errors
/// When a migration does not fit what is there.
pub fn bring_to_newest(connection: &mut Connection) -> Result<(), Error> {
    migrations::migrations::runner().run(connection).map_err(Error::internal)?;
    Ok(())
}

/// Brings the schema to this version. Foreign keys are off meanwhile: inside a migration's
/// transaction the switch does nothing, and a rebuilt table would take its children with it.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let damaged = |error: rusqlite::Error| classify(path, &error);
    connection.pragma_update(None, "foreign_keys", false).map_err(damaged)?;
    let report = migrations::migrations::runner().set_abort_missing(true).run(connection).map_err(
        |error| match error.kind() {
            refinery::error::Kind::MissingVersion(_) => OpenError::Newer(error.to_string()),
            _ => OpenError::Unusable(error.to_string()),
        },
    )?;
    for migration in report.applied_migrations() {
        tracing::info!(version = migration.version(), name = migration.name(), "schema migrated");
    }
    // Reads every row, so only after something was rebuilt: a start must not grow with history.
    if !report.applied_migrations().is_empty() {
        check_foreign_keys(connection, path)?;
    }
    connection.pragma_update(None, "foreign_keys", true).map_err(damaged)
}

fn check_foreign_keys(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let orphans: i64 = connection
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .map_err(|error| classify(path, &error))?;
    if orphans == 0 {
        return Ok(());
    }
    let reason = format!("{orphans} rows point to rows that are not there");
    Err(OpenError::Damaged(path.to_owned(), reason))
}
