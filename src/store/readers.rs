//! The pool of read-only connections. A read runs off the async threads and holds no snapshot
//! longer than its query.

use std::path::Path;
use std::time::Duration;

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};

use super::open::OpenError;
use super::sql::add_functions;
use crate::error::{Error, Result};

/// Enough for two cores to be busy while others wait for the disk; each holds up to 1 MiB.
const CONNECTIONS: u32 = 4;

#[derive(Clone)]
pub(super) struct Readers(r2d2::Pool<SqliteConnectionManager>);

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        let manager = SqliteConnectionManager::file(path)
            .with_flags(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .with_init(|connection| {
                connection.busy_timeout(Duration::from_secs(5))?;
                connection.set_prepared_statement_cache_capacity(64);
                add_functions(connection)?;
                connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -1024;")
            });
        let pool = r2d2::Pool::builder()
            .max_size(CONNECTIONS)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(5))
            .test_on_check_out(false)
            .build(manager)
            .map_err(|error| OpenError::Unusable(error.to_string()))?;
        Ok(Self(pool))
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let pool = self.0.clone();
        tokio::task::spawn_blocking(move || {
            let connection = pool.get().map_err(|_| Error::busy())?;
            // All that one query asks is of one moment.
            let snapshot = connection.unchecked_transaction()?;
            query(&snapshot)
        })
        .await
        .map_err(|error| Error::internal(format!("a query panicked: {error}")))?
    }
}
