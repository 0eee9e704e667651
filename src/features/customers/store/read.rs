//! Reading customers. Who was joined with another is read as that one; who is erased is not there.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, Timestamp};
use crate::core::store::word;
use crate::features::customers::types::{
    Consent, ConsentKind, Customer, CustomerDetails, CustomerList, CustomerVisits,
};
use crate::features::orders;

/// So many consents are told of one guest: the newest.
const CONSENTS: i64 = 50;

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Customer> {
    Ok(Customer {
        id: row.get(0)?,
        name: row.get(1)?,
        phone: row.get(2)?,
        email: row.get(3)?,
        birthday: row.get::<_, Option<i64>>(4)?.and_then(Day::of_number),
        notes: row.get(5)?,
        allergies: row.get(6)?,
        is_masked: false,
        created_at: Timestamp(row.get(7)?),
        updated_at: Timestamp(row.get(8)?),
    })
}

/// One guest.
///
/// # Errors
/// 404 when there is none.
pub fn find(db: &Connection, id: i64) -> Result<Customer> {
    let sql = "SELECT id, name, phone, email, birthday, notes, allergies, created_at, updated_at
               FROM customers
               WHERE id = coalesce((SELECT merged_into_id FROM customers WHERE id = ?1), ?1)
                 AND erased_at IS NULL";
    let found = db.prepare_cached(sql)?.query_row([id], from_row).optional()?;
    found.ok_or_else(|| Error::not_found("guest", id))
}

/// A guest's own id, and those of whoever was joined with them.
pub(super) fn ids_of(db: &Connection, id: i64) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM customers WHERE merged_into_id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let joined = statement.query_map([id], |row| row.get(0))?;
    let mut ids = vec![id];
    for id in joined {
        ids.push(id?);
    }
    Ok(ids)
}

/// One guest, with what is known.
///
/// # Errors
/// 404 when there is none.
pub fn details(db: &Connection, id: i64, in_full: bool) -> Result<CustomerDetails> {
    let customer = find(db, id)?.shown(in_full);
    let ids = ids_of(db, customer.id)?;
    let (visits, last_visit_at) = orders::visits_in_all(db, &ids)?;
    Ok(CustomerDetails {
        consents: consents(db, customer.id)?,
        visits,
        last_visit_at,
        favourites: orders::favourites(db, &ids)?,
        customer,
    })
}

fn consents(db: &Connection, id: i64) -> Result<Vec<Consent>> {
    let mut statement = db.prepare_cached(
        "SELECT kind, is_given, text_version, at, user_id FROM customer_consents
         WHERE customer_id = ?1 ORDER BY id DESC LIMIT ?2",
    )?;
    let rows = statement.query_map([id, CONSENTS], |row| {
        Ok(Consent {
            kind: word(row, 0, ConsentKind::parse)?,
            is_given: row.get(1)?,
            text_version: row.get(2)?,
            at: Timestamp(row.get(3)?),
            user_id: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The guests before one of them, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn list(db: &Connection, (before, most): (i64, i64)) -> Result<CustomerList> {
    let mut statement = db.prepare_cached(
        "SELECT id, name, phone, email, birthday, notes, allergies, created_at, updated_at
         FROM customers
         WHERE id < ?1 AND erased_at IS NULL AND merged_into_id IS NULL
         ORDER BY id DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![before, most + 1], from_row)?;
    let mut customers: Vec<Customer> = rows.collect::<rusqlite::Result<_>>()?;
    let next = cut(&mut customers, most, |customer| customer.id);
    Ok(CustomerList { customers, next })
}

/// A guest's orders before one of them, the newest first.
///
/// # Errors
/// 404 when there is no such guest.
pub fn visits(db: &Connection, id: i64, (before, most): (i64, i64)) -> Result<CustomerVisits> {
    let ids = ids_of(db, find(db, id)?.id)?;
    let mut visits = orders::visits(db, &ids, (before, most + 1))?;
    let next = cut(&mut visits, most, |visit| visit.order_id);
    Ok(CustomerVisits { visits, next })
}

/// Leaves a page of what was read with one more; returns where the next one begins.
fn cut<T>(rows: &mut Vec<T>, most: i64, id: impl Fn(&T) -> i64) -> Option<i64> {
    let most = usize::try_from(most).unwrap_or_default();
    let has_more = rows.len() > most;
    rows.truncate(most);
    rows.last().filter(|_| has_more).map(id)
}
