//! Prices in SQL, as orders and the menu read them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::{Connection, params};
use tokio::sync::Notify;

use super::rules::{Hours, List, PriceBook, Rule, Shown};
use super::{Channel, PriceKind, PriceScope};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::{Day, Zone};
use crate::core::store::{Command, Commit, Store, Tx, word};
use crate::features::restaurant::{MenuChanged, MenuPart};
use crate::platform::site;

/// The tables of which the book is made.
pub const READ: [&str; 5] = ["site", "periods", "price_lists", "prices", "menu_times"];

/// What the writer remembers of it.
#[derive(Default)]
struct Known(Option<Arc<PriceBook>>);

/// The book of prices, for a command: read once for many orders.
///
/// # Errors
/// When the database cannot be read.
pub fn book(tx: &Tx<'_>) -> Result<Arc<PriceBook>> {
    let known = tx.remembered::<Known>(&READ).and_then(|known| known.0.clone());
    if let Some(known) = known {
        return Ok(known);
    }
    let book = Arc::new(load(tx)?);
    if let Some(mut known) = tx.remembered::<Known>(&READ) {
        known.0 = Some(Arc::clone(&book));
    }
    Ok(book)
}

/// The book of prices as it is now.
///
/// # Errors
/// When the database cannot be read.
pub fn load(db: &Connection) -> Result<PriceBook> {
    let zone = site::load(db)?.map(|row| row.zone()).transpose()?;
    let zone = zone.map_or_else(|| Zone::named("UTC").map_err(Error::internal), Ok)?;
    let grace = "SELECT coalesce((SELECT price_grace_minutes FROM site), 0)";
    let (periods, places) = periods(db)?;
    Ok(PriceBook {
        zone,
        grace_minutes: db.prepare_cached(grace)?.query_row([], |row| row.get(0))?,
        periods,
        lists: lists(db, &places)?,
        shown: shown(db, &places)?,
    })
}

/// The periods, and the place of each by its id.
fn periods(db: &Connection) -> Result<(Vec<Hours>, HashMap<i64, usize>)> {
    let mut statement = db.prepare_cached(
        "SELECT id, days, from_minute, to_minute, valid_from, valid_to FROM periods p
         WHERE deleted_at IS NULL
           AND (EXISTS (SELECT 1 FROM price_lists WHERE period_id = p.id AND is_active = 1
                        AND deleted_at IS NULL)
                OR EXISTS (SELECT 1 FROM menu_times WHERE period_id = p.id))
         ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let (mut periods, mut places) = (Vec::new(), HashMap::new());
    while let Some(row) = rows.next()? {
        places.insert(row.get(0)?, periods.len());
        periods.push(Hours {
            days: row.get(1)?,
            from: row.get(2)?,
            to: row.get(3)?,
            valid_from: row.get::<_, Option<i64>>(4)?.and_then(Day::of_number),
            valid_to: row.get::<_, Option<i64>>(5)?.and_then(Day::of_number),
        });
    }
    Ok((periods, places))
}

fn lists(db: &Connection, places: &HashMap<i64, usize>) -> Result<Vec<List>> {
    let mut statement = db.prepare_cached(
        "SELECT id, priority, period_id, location_id, channel, round_to FROM price_lists l
         WHERE is_active = 1 AND deleted_at IS NULL
           AND EXISTS (SELECT 1 FROM prices WHERE price_list_id = l.id)
         ORDER BY priority DESC, id",
    )?;
    let mut rows = statement.query([])?;
    let mut lists = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, period): (i64, Option<i64>) = (row.get(0)?, row.get(2)?);
        lists.push(List {
            id,
            priority: row.get(1)?,
            period: period.and_then(|id| places.get(&id).copied()),
            location_id: row.get(3)?,
            channel: channel(row, 4)?,
            round_to: row.get(5)?,
            rules: rules_of(db, id)?,
        });
    }
    Ok(lists)
}

fn rules_of(db: &Connection, list_id: i64) -> Result<HashMap<(PriceScope, i64), Rule>> {
    let mut statement = db.prepare_cached(
        "SELECT scope, target_id, kind, value FROM prices WHERE price_list_id = ?1",
    )?;
    let rules = statement.query_map(params![list_id], |row| {
        let thing = (word(row, 0, PriceScope::parse)?, row.get(1)?);
        Ok((thing, Rule { kind: word(row, 2, PriceKind::parse)?, value: row.get(3)? }))
    })?;
    Ok(rules.collect::<rusqlite::Result<_>>()?)
}

fn shown(
    db: &Connection,
    places: &HashMap<i64, usize>,
) -> Result<HashMap<(PriceScope, i64), Vec<Shown>>> {
    let mut statement =
        db.prepare_cached("SELECT scope, target_id, period_id, channel FROM menu_times")?;
    let mut rows = statement.query([])?;
    let mut shown = HashMap::<_, Vec<Shown>>::new();
    while let Some(row) = rows.next()? {
        let period: Option<i64> = row.get(2)?;
        let period = period.and_then(|id| places.get(&id).copied());
        let thing = (word(row, 0, PriceScope::parse)?, row.get(1)?);
        shown.entry(thing).or_default().push(Shown { period, channel: channel(row, 3)? });
    }
    Ok(shown)
}

/// The way to sell in a column, if one is named.
pub(super) fn channel(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Channel>> {
    let is_none = row.get_ref(column)? == rusqlite::types::ValueRef::Null;
    if is_none { Ok(None) } else { word(row, column, Channel::parse).map(Some) }
}

/// Tells the screens of staff and guests that something costs something else.
pub(super) fn tell(tx: &mut Tx<'_>, by: Option<i64>) -> Result<()> {
    let details = MenuChanged { what: MenuPart::Prices, id: None };
    tx.emit(NewEvent::new(Thing::Restaurant.any(), by, &details)?).map(drop)
}

/// The clock has come to where a period begins or ends.
pub(super) struct TellEdge;

impl Command for TellEdge {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tell(tx, None)
    }
}

/// The book of prices in memory, for who reads: each commit that touches it makes it anew.
#[derive(Default)]
pub(super) struct CurrentBook {
    book: RwLock<Option<Arc<PriceBook>>>,
    /// It is another.
    pub changed: Notify,
}

impl CurrentBook {
    /// As it is now.
    pub async fn get(&self, store: &Store) -> Result<Arc<PriceBook>> {
        if let Some(book) = self.look() {
            return Ok(book);
        }
        let book = Arc::new(store.read(load).await?);
        let mut kept = self.book.write().unwrap_or_else(PoisonError::into_inner);
        // A commit may have been quicker: what it brought is newer.
        Ok(Arc::clone(kept.get_or_insert(book)))
    }

    fn look(&self) -> Option<Arc<PriceBook>> {
        self.book.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hears of commits.
    pub fn observe(&self, commit: &Commit<'_>) {
        if !READ.iter().any(|table| commit.touched(table)) {
            return;
        }
        match load(commit.db) {
            Ok(book) => {
                let mut kept = self.book.write().unwrap_or_else(PoisonError::into_inner);
                *kept = Some(Arc::new(book));
            }
            Err(error) => tracing::error!(%error, "the prices cannot be read"),
        }
        self.changed.notify_one();
    }
}
