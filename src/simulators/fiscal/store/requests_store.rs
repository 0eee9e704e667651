//! The queue, as it outlives a restart.

use super::Store;
use crate::simulators::fiscal::queue::Request;

impl Store {
    /// Keeps a request as it stands now.
    pub(in super::super) fn save(&self, request: &Request) -> rusqlite::Result<()> {
        let sql = "INSERT INTO requests (uuid, seq, body) VALUES (?1, ?2, ?3)
                   ON CONFLICT (uuid) DO UPDATE SET body = excluded.body";
        let body = serde_json::to_string(request).unwrap_or_default();
        self.db.execute(sql, (&request.uuid, request.seq, body)).map(drop)
    }

    /// The requests that were kept, in their order.
    pub(in super::super) fn requests(&self) -> rusqlite::Result<Vec<Request>> {
        let mut all = self.db.prepare("SELECT body FROM requests ORDER BY seq")?;
        let bodies = all.query_map((), |row| row.get::<_, String>(0))?;
        let read = bodies.map(|body| Ok(serde_json::from_str(&body?).ok()));
        read.filter_map(Result::transpose).collect()
    }

    pub(in super::super) fn forget(&self, uuid: &str) -> rusqlite::Result<()> {
        self.db.execute("DELETE FROM requests WHERE uuid = ?1", [uuid]).map(drop)
    }

    pub(in super::super) fn forget_all(&self) -> rusqlite::Result<()> {
        self.db.execute("DELETE FROM requests", ()).map(drop)
    }
}
