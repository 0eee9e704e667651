//! Two that are one.

use rusqlite::params;
use serde_json::{Value, json};

use super::read::{details, find};
use super::write::{note, write_words};
use crate::core::error::{Error, Result};
use crate::core::kernel::Day;
use crate::core::kernel::search::phone_key;
use crate::core::store::{Columns, Command, Tx, forget_replies};
use crate::features::customers::rules::together;
use crate::features::customers::types::{Customer, CustomerDetails};
use crate::features::loyalty;
use crate::features::permissions::{Permission, require};
use crate::platform::auth::Person;

/// Joins two guests who are one person: all that is the other's becomes this one's. Orders keep the id under
/// which they were placed; it leads here.
pub struct MergeCustomers {
    /// The one that stays.
    pub id: i64,
    /// The one that goes.
    pub other_id: i64,
    /// Who says so.
    pub by: Person,
}

impl Command for MergeCustomers {
    type Output = CustomerDetails;

    fn apply(self, tx: &mut Tx<'_>) -> Result<CustomerDetails> {
        require(tx, &self.by, Permission::CustomersEdit)?;
        let (stays, goes) = (find(tx, self.id)?, find(tx, self.other_id)?);
        let (id, other) = (stays.id, goes.id);
        if id == other {
            let detail = "They are one guest already. Choose two different ones.";
            return Err(Error::rule("same_customer", detail));
        }
        joined(stays, goes).update(tx, "customers", id)?;
        tx.prepare_cached("UPDATE customer_consents SET customer_id = ?1 WHERE customer_id = ?2")?
            .execute([id, other])?;
        tx.prepare_cached("UPDATE customers SET merged_into_id = ?1 WHERE merged_into_id = ?2")?
            .execute([id, other])?;
        tx.prepare_cached(
            "UPDATE customers SET name = '', phone = NULL, phone_digits = NULL, email = NULL,
                                  birthday = NULL, notes = NULL, allergies = NULL,
                                  merged_into_id = ?1, updated_at = ?3
             WHERE id = ?2",
        )?
        .execute(params![id, other, tx.now().0])?;
        write_words(tx, other, &[])?;
        loyalty::merge(tx, id, other)?;
        // The replies of who is gone hold what one row alone may hold.
        forget_replies(tx, &[format!(r#"{{"id":{other},"name":"#)])?;
        note(tx, &self.by, "customers_merged", id, (Value::Null, json!({"other": other})))?;
        details(tx, id, true)
    }
}

/// What one of the two lacks the other has; a second number or address stands in the notes.
fn joined(stays: Customer, goes: Customer) -> Columns {
    let mut notes = together(stays.notes, goes.notes);
    let mut one_of = |one: Option<String>, other: Option<String>| match (one, other) {
        (Some(one), Some(other)) if one != other => {
            notes = together(notes.take(), Some(other));
            Some(one)
        }
        (one, other) => one.or(other),
    };
    let phone = one_of(stays.phone, goes.phone);
    let email = one_of(stays.email, goes.email);
    let birthday = stays.birthday.or(goes.birthday);
    Columns::default()
        .set("phone_digits", phone.as_deref().and_then(phone_key))
        .set("phone", phone)
        .set("email", email)
        .set("birthday", birthday.map(Day::number))
        .set("notes", notes)
        .set("allergies", together(stays.allergies, goes.allergies))
}
