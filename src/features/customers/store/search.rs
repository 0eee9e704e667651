//! Finding customers by a name or a telephone, each by its index.

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::read::from_row;
use crate::core::error::Result;
use crate::core::store::{Command, Tx};
use crate::features::customers::rules::{Wanted, fits, wanted};
use crate::features::customers::types::{Customer, CustomersFound};
use crate::platform::audit;

/// So many are told: more nobody tells apart while a guest waits.
const TOLD: usize = 20;
/// So many are looked at, and so many words of names before them.
const LOOKED_AT: i64 = 200;
const WORDS_LOOKED_AT: i64 = 2000;
/// Stands behind every letter.
const LAST: char = char::MAX;

/// Who has such a name or telephone.
///
/// # Errors
/// 422 when the text is too short.
pub fn search(db: &Connection, text: &str, in_full: bool) -> Result<CustomersFound> {
    let (mut found, is_cut) = match wanted(text)? {
        Wanted::Phone(key) => (by_phone(db, &key)?, false),
        Wanted::Name(words) => by_name(db, &words)?,
    };
    let has_more = is_cut || found.len() > TOLD;
    found.truncate(TOLD);
    let customers = found.into_iter().map(|customer| customer.shown(in_full)).collect();
    Ok(CustomersFound { customers, has_more })
}

fn by_phone(db: &Connection, key: &str) -> Result<Vec<Customer>> {
    let mut statement = db.prepare_cached(
        "SELECT id, name, phone, email, birthday, notes, allergies, created_at, updated_at
         FROM customers
         WHERE phone_digits >= ?1 AND phone_digits < ?2 AND erased_at IS NULL
         ORDER BY phone_digits LIMIT ?3",
    )?;
    let rows = statement.query_map(params![key, behind(key), LOOKED_AT], from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// By the word that fits fewest; true where even that fits more than are looked at.
fn by_name(db: &Connection, words: &[String]) -> Result<(Vec<Customer>, bool)> {
    let counted = words.iter().map(|word| Ok((how_many(db, word)?, word.as_str())));
    let mut counted = counted.collect::<Result<Vec<_>>>()?;
    counted.sort_unstable();
    let (fewest, first) = counted[0];
    let second = counted.get(1).map_or("", |(_, word)| word);
    let mut statement = db.prepare_cached(
        "SELECT c.id, c.name, c.phone, c.email, c.birthday, c.notes, c.allergies, c.created_at,
                c.updated_at
         FROM (SELECT word, customer_id FROM customer_words WHERE word >= ?1 AND word < ?2
               ORDER BY word, customer_id LIMIT ?5) w
         CROSS JOIN customers c ON c.id = w.customer_id
         WHERE c.erased_at IS NULL
           AND EXISTS (SELECT 1 FROM customer_words o
                       WHERE o.customer_id = c.id AND o.word >= ?3 AND o.word < ?4)
         ORDER BY w.word, w.customer_id LIMIT ?6",
    )?;
    let params = params![first, behind(first), second, behind(second), WORDS_LOOKED_AT, LOOKED_AT];
    let mut found: Vec<Customer> = Vec::new();
    for customer in statement.query_map(params, from_row)? {
        let customer = customer?;
        // Two words of one name may begin alike.
        let is_new = !found.iter().any(|known| known.id == customer.id);
        if is_new && fits(&customer.name, words) {
            found.push(customer);
        }
    }
    Ok((found, fewest == WORDS_LOOKED_AT))
}

/// In how many names a word begins so, as far as it is worth counting.
fn how_many(db: &Connection, word: &str) -> Result<i64> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM customer_words WHERE word >= ?1 AND word < ?2
                                     LIMIT ?3)";
    let params = params![word, behind(word), WORDS_LOOKED_AT];
    Ok(db.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
}

/// What stands behind all that begin so.
fn behind(begins: &str) -> String {
    format!("{begins}{LAST}")
}

/// Writes down that somebody looked for guests, and whom they found: the ids alone.
pub struct NoteSearch {
    /// Who was found.
    pub found: Vec<i64>,
    /// Who looked.
    pub by: i64,
}

impl Command for NoteSearch {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let change = (Value::Null, json!({"found": self.found}));
        audit::note(tx, Some(self.by), "customers_searched", ("customer", None), change)
    }
}
