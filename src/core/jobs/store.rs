//! Jobs in SQL. Whatever is asked goes by the indexes of what is open or has failed: those that are
//! done are never read.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::rules::{Next, resolved};
use super::{
    BOX_STOPPED, Head, Job, JobKind, KeptJob, NewJob, Resolution, State, Summary, TOO_MANY_WAITED,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Tx, word};

/// The longest reason that is kept, in characters.
const LONGEST_ERROR: usize = 300;
/// How many that failed are kept at most.
const FAILED_KEPT: i64 = 1000;
/// For how long they are kept, in milliseconds: a month.
const FAILED_FOR: i64 = 30 * 24 * 3_600_000;
/// For how long those that are done are kept, in milliseconds: three days. So long the same key
/// means the same job.
const DONE_FOR: i64 = 3 * 24 * 3_600_000;

/// Lets a job wait, in the transaction of its deed. The same kind and key twice is one job.
///
/// # Errors
/// When the row cannot be written.
pub fn enqueue(tx: &Tx<'_>, job: &NewJob<'_>) -> Result<()> {
    let NewJob { kind, lane, key, payload } = job;
    let written = tx
        .prepare_cached(
            "INSERT INTO jobs (kind, lane, key, payload, state, next_at, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, 'WAITING', ?5, ?5, ?5) ON CONFLICT (kind, key) DO NOTHING",
        )?
        .execute(params![kind.name, lane, key, payload.to_string(), tx.now().0])?;
    if written > 0 { give_up_oldest(tx, kind, lane) } else { Ok(()) }
}

/// No queue without an end: beyond what a kind lets wait in a lane, the oldest are given up.
fn give_up_oldest(tx: &Tx<'_>, kind: &JobKind, lane: &str) -> Result<()> {
    let given_up = tx
        .prepare_cached(
            "UPDATE jobs SET state = 'FAILED', next_at = NULL, updated_at = ?4,
                 last_error = ?5
             WHERE id IN (SELECT id FROM jobs INDEXED BY jobs_open
                          WHERE state IN ('WAITING', 'RUNNING', 'UNKNOWN') AND lane = ?1
                          ORDER BY id DESC LIMIT -1 OFFSET ?2)
               AND state = 'WAITING' AND +kind = ?3",
        )?
        .execute(params![lane, kind.most_waiting as i64, kind.name, tx.now().0, TOO_MANY_WAITED])?;
    if given_up > 0 {
        tracing::warn!(
            kind = kind.name,
            lane,
            given_up,
            "too many jobs wait; the oldest is given up"
        );
        bound_failed(tx)?;
    }
    Ok(())
}

fn bound_failed(tx: &Tx<'_>) -> Result<()> {
    let sql = "DELETE FROM jobs WHERE id IN (
                   SELECT id FROM jobs INDEXED BY jobs_failed WHERE state = 'FAILED'
                   ORDER BY updated_at DESC LIMIT -1 OFFSET ?1)";
    tx.prepare_cached(sql)?.execute([FAILED_KEPT])?;
    Ok(())
}

/// Whatever was under way when the box stopped: nobody knows how it ended.
pub struct Resume;

impl Command for Resume {
    type Output = usize;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        let sql = "UPDATE jobs INDEXED BY jobs_open
                   SET state = 'UNKNOWN', next_at = ?1, updated_at = ?1,
                       last_error = ?2
                   WHERE state IN ('WAITING', 'RUNNING', 'UNKNOWN') AND state = 'RUNNING'";
        Ok(tx.prepare_cached(sql)?.execute(params![tx.now().0, BOX_STOPPED])?)
    }
}

/// The first open job of each lane, where the box may go on with it by itself: those whose time comes
/// first, `most` of them.
///
/// # Errors
/// When the database cannot be read.
pub fn heads(db: &Connection, most: usize) -> Result<Vec<Head>> {
    let mut heads = db.prepare_cached(
        "SELECT jobs.id, kind, state, attempts, next_at
         FROM (SELECT min(id) AS id FROM jobs INDEXED BY jobs_open
               WHERE state IN ('WAITING', 'RUNNING', 'UNKNOWN') GROUP BY lane) AS head
         JOIN jobs ON jobs.id = head.id
         WHERE next_at IS NOT NULL ORDER BY next_at, jobs.id LIMIT ?1",
    )?;
    let heads = heads.query_map([most as i64], |row| {
        Ok(Head {
            id: row.get(0)?,
            kind: row.get(1)?,
            state: word(row, 2, State::parse)?,
            attempts: row.get(3)?,
            next_at: Timestamp(row.get(4)?),
        })
    })?;
    Ok(heads.collect::<rusqlite::Result<_>>()?)
}

/// Begins jobs: that they are under way is on the disk before anything is sent. Each by its id and
/// how often it was begun before; those that stand otherwise by now are left out.
pub struct Begin(pub Vec<(i64, u32)>);

impl Command for Begin {
    type Output = Vec<Job>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Vec<Job>> {
        let mut begun = Vec::with_capacity(self.0.len());
        for (id, attempts) in self.0 {
            begun.extend(begin(tx, id, attempts)?);
        }
        Ok(begun)
    }
}

fn begin(tx: &Tx<'_>, id: i64, attempts: u32) -> Result<Option<Job>> {
    let job = tx
        .prepare_cached(
            "SELECT kind, key, payload, attempts + 1, state = 'UNKNOWN' FROM jobs
             WHERE id = ?1 AND attempts = ?2 AND next_at IS NOT NULL",
        )?
        .query_row(params![id, attempts], |row| {
            Ok(Job {
                id,
                kind: row.get(0)?,
                key: row.get(1)?,
                payload: row.get(2)?,
                attempt: row.get(3)?,
                is_unknown: row.get(4)?,
            })
        })
        .optional()?;
    if job.is_some() {
        let sql = "UPDATE jobs SET state = 'RUNNING', attempts = attempts + 1, next_at = NULL,
                       updated_at = ?2 WHERE id = ?1";
        tx.prepare_cached(sql)?.execute([id, tx.now().0])?;
    }
    Ok(job)
}

/// Writes down how an attempt ended. It counts only if none was begun after it.
pub struct Finish {
    /// The job.
    pub id: i64,
    /// Which attempt.
    pub attempt: u32,
    /// How it stands now.
    pub next: Next,
    /// Why it is not done, if it is not and this is known better than before.
    pub error: Option<String>,
}

impl Command for Finish {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let Next { state, pause } = self.next;
        let now = tx.now().0;
        let next_at = pause.map(|pause| now + i64::try_from(pause.as_millis()).unwrap_or(0));
        let error = self.error.map(|error| error.chars().take(LONGEST_ERROR).collect::<String>());
        tx.prepare_cached(
            "UPDATE jobs SET state = ?3, next_at = ?4, updated_at = ?6,
                 last_error = CASE ?3 WHEN 'DONE' THEN NULL ELSE coalesce(?5, last_error) END
             WHERE id = ?1 AND attempts = ?2 AND state IN ('WAITING', 'RUNNING', 'UNKNOWN')",
        )?
        .execute(params![self.id, self.attempt, state.as_str(), next_at, error, now])?;
        if state == State::Failed { bound_failed(tx) } else { Ok(()) }
    }
}

/// A person says what became of a job, or what is to become of it.
///
/// # Errors
/// 404 when it is not there; 409 when it stands so that there is nothing to say.
pub fn resolve(tx: &Tx<'_>, id: i64, is: Resolution) -> Result<()> {
    let job = find(tx, id)?;
    let Some(state) = resolved(job.state, is) else {
        let detail = format!("The job is {} now; nothing was changed.", job.state.as_str());
        return Err(Error::conflict("job_moved_on", detail));
    };
    let now = tx.now().0;
    let next_at = (state == State::Waiting).then_some(now);
    // It begins anew, with all its attempts.
    let attempts = if state == State::Waiting { 0 } else { job.attempts };
    tx.prepare_cached(
        "UPDATE jobs SET state = ?2, next_at = ?3, attempts = ?4, updated_at = ?5 WHERE id = ?1",
    )?
    .execute(params![id, state.as_str(), next_at, attempts, now])?;
    Ok(())
}

const COLUMNS: &str =
    "id, kind, lane, key, state, attempts, next_at, last_error, created_at, updated_at";

fn from_row(row: &Row<'_>) -> rusqlite::Result<KeptJob> {
    Ok(KeptJob {
        id: row.get(0)?,
        kind: row.get(1)?,
        lane: row.get(2)?,
        key: row.get(3)?,
        state: word(row, 4, State::parse)?,
        attempts: row.get(5)?,
        next_at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        last_error: row.get(7)?,
        created_at: Timestamp(row.get(8)?),
        updated_at: Timestamp(row.get(9)?),
    })
}

/// One job.
///
/// # Errors
/// 404 when it is not there.
pub fn find(db: &Connection, id: i64) -> Result<KeptJob> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([id], from_row).optional()?;
    found.ok_or_else(|| Error::not_found("job", id))
}

/// The job of a kind that has this key; none where there was none, or it was forgotten.
///
/// # Errors
/// When the database cannot be read.
pub fn find_by_key(db: &Connection, kind: &JobKind, key: &str) -> Result<Option<KeptJob>> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE kind = ?1 AND key = ?2");
    Ok(db.prepare_cached(&sql)?.query_row([kind.name, key], from_row).optional()?)
}

/// One job of a kind, with what must be known to do it.
///
/// # Errors
/// 404 when there is none.
pub fn find_of(db: &Connection, kind: &JobKind, id: i64) -> Result<(KeptJob, String)> {
    let sql = format!("SELECT {COLUMNS}, payload FROM jobs WHERE id = ?1 AND kind = ?2");
    let found =
        db.prepare_cached(&sql)?.query_row(params![id, kind.name], with_payload).optional()?;
    found.ok_or_else(|| Error::not_found("job", id))
}

/// A page of the jobs of a kind, however they stand, newest first, and how many there are in all.
///
/// # Errors
/// When the database cannot be read.
pub fn all_of(
    db: &Connection,
    kind: &JobKind,
    (skip, limit): (i64, i64),
) -> Result<(Vec<(KeptJob, String)>, i64)> {
    let page = format!(
        "SELECT {COLUMNS}, payload FROM jobs INDEXED BY jobs_key WHERE kind = ?1
         ORDER BY id DESC LIMIT ?2 OFFSET ?3"
    );
    let mut page = db.prepare_cached(&page)?;
    let jobs = page.query_map(params![kind.name, limit, skip], with_payload)?;
    let jobs = jobs.collect::<rusqlite::Result<_>>()?;
    let count = "SELECT count(*) FROM jobs INDEXED BY jobs_key WHERE kind = ?1";
    Ok((jobs, db.prepare_cached(count)?.query_row([kind.name], |row| row.get(0))?))
}

fn with_payload(row: &Row<'_>) -> rusqlite::Result<(KeptJob, String)> {
    Ok((from_row(row)?, row.get(10)?))
}

/// Writes something beside what must be known to do a job: what somebody decided, what came of it.
///
/// # Errors
/// When the row cannot be written.
pub fn note(tx: &Tx<'_>, id: i64, name: &str, value: &Value) -> Result<()> {
    let sql = "UPDATE jobs SET payload = json_set(payload, '$.' || ?2, json(?3)) WHERE id = ?1";
    tx.prepare_cached(sql)?.execute(params![id, name, value.to_string()])?;
    Ok(())
}

/// How many jobs of a kind are open in each lane that has some.
///
/// # Errors
/// When the database cannot be read.
pub fn open_by_lane(db: &Connection, kind: &JobKind) -> Result<BTreeMap<String, i64>> {
    let sql = "SELECT lane, count(*) FROM jobs INDEXED BY jobs_open
               WHERE state IN ('WAITING', 'RUNNING', 'UNKNOWN') AND kind = ?1 GROUP BY lane";
    let mut lanes = db.prepare_cached(sql)?;
    let lanes = lanes.query_map([kind.name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(lanes.collect::<rusqlite::Result<_>>()?)
}

/// The open jobs of a kind in a lane, the first first: their ids, and what must be known to do them.
///
/// # Errors
/// When the database cannot be read.
pub fn open_in(db: &Connection, kind: &JobKind, lane: &str) -> Result<Vec<(i64, String)>> {
    let sql = "SELECT id, payload FROM jobs INDEXED BY jobs_open
               WHERE state IN ('WAITING', 'RUNNING', 'UNKNOWN') AND lane = ?1 AND +kind = ?2
               ORDER BY id";
    let mut jobs = db.prepare_cached(sql)?;
    let jobs = jobs.query_map([lane, kind.name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(jobs.collect::<rusqlite::Result<_>>()?)
}

/// Puts an open job into another lane, with what must be known to do it there, at once where it waits.
///
/// # Errors
/// When the row cannot be written.
pub fn put_into(tx: &Tx<'_>, id: i64, lane: &str, payload: &Value) -> Result<()> {
    let sql = "UPDATE jobs SET lane = ?2, payload = ?3, updated_at = ?4,
                   next_at = iif(next_at IS NULL, NULL, ?4) WHERE id = ?1";
    tx.prepare_cached(sql)?.execute(params![id, lane, payload.to_string(), tx.now().0])?;
    Ok(())
}

/// The ids of all that is not done.
const NOT_DONE: &str = "SELECT id FROM jobs INDEXED BY jobs_open
                        WHERE state IN ('WAITING', 'RUNNING', 'UNKNOWN')
                        UNION ALL SELECT id FROM jobs INDEXED BY jobs_failed WHERE state = 'FAILED'";

/// A page of the jobs that are open or have failed, newest first, and how many there are in all.
///
/// # Errors
/// When the database cannot be read.
pub fn open_and_failed(db: &Connection, (skip, limit): (i64, i64)) -> Result<(Vec<KeptJob>, i64)> {
    let page = format!(
        "SELECT {COLUMNS} FROM jobs WHERE id IN ({NOT_DONE}) ORDER BY id DESC LIMIT ?1 OFFSET ?2"
    );
    let mut page = db.prepare_cached(&page)?;
    let jobs = page.query_map([limit, skip], from_row)?.collect::<rusqlite::Result<_>>()?;
    let count = format!("SELECT count(*) FROM ({NOT_DONE})");
    Ok((jobs, db.prepare_cached(&count)?.query_row([], |row| row.get(0))?))
}

/// What is open and what has failed, by kind and state.
///
/// # Errors
/// When the database cannot be read.
pub fn summaries(db: &Connection) -> Result<Vec<Summary>> {
    let sql = format!(
        "SELECT kind, state, next_at IS NULL, created_at, last_error FROM jobs
         WHERE id IN ({NOT_DONE}) ORDER BY id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut found: BTreeMap<(String, State), Summary> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (kind, state): (String, State) = (row.get(0)?, word(row, 1, State::parse)?);
        let created_at = Timestamp(row.get(3)?);
        let of = found.entry((kind.clone(), state)).or_insert_with(|| Summary {
            kind,
            state,
            jobs: 0,
            for_person: 0,
            oldest: created_at,
            last_error: None,
        });
        of.jobs += 1;
        of.for_person += usize::from(state == State::Unknown && row.get(2)?);
        of.oldest = of.oldest.min(created_at);
        of.last_error = row.get::<_, Option<String>>(4)?.or(of.last_error.take());
    }
    Ok(found.into_values().collect())
}

/// Forgets the jobs of a kind that have ended and hold a text: something in them is erased.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn forget_with(tx: &Tx<'_>, kind: &JobKind, text: &str) -> Result<()> {
    let sql = "DELETE FROM jobs
               WHERE state IN ('DONE', 'FAILED') AND kind = ?1 AND instr(payload, ?2) > 0";
    tx.prepare_cached(sql)?.execute(params![kind.name, text])?;
    Ok(())
}

/// Forgets up to `most` jobs that were done some days ago, or failed a month ago. Returns how many
/// went.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn forget_ended(tx: &Tx<'_>, most: usize) -> Result<usize> {
    let now = tx.now().0;
    let mut gone = 0;
    for (index, state, kept_for) in
        [("jobs_done", "DONE", DONE_FOR), ("jobs_failed", "FAILED", FAILED_FOR)]
    {
        // Those of a clock that ran ahead are old too.
        for (is_past, moment) in [("<", now - kept_for), (">", now + kept_for)] {
            let sql = format!(
                "DELETE FROM jobs WHERE id IN (
                     SELECT id FROM jobs INDEXED BY {index}
                     WHERE state = '{state}' AND updated_at {is_past} ?1
                     ORDER BY updated_at LIMIT ?2)"
            );
            gone += tx.prepare_cached(&sql)?.execute([moment, most as i64])?;
        }
    }
    Ok(gone)
}
