//! Entering and changing customers, and saying whose an order is.

use rusqlite::params;
use serde_json::{Value, json};

use super::read::{details, find};
use crate::core::error::{Error, Result};
use crate::core::kernel::search::phone_key;
use crate::core::kernel::{Day, Patch};
use crate::core::store::{Columns, Command, Priority, Reply, Tx};
use crate::features::customers::events::customer_changed;
use crate::features::customers::rules::{check_email, name_words};
use crate::features::customers::types::{
    ConsentCreate, CustomerCreate, CustomerDetails, CustomerUpdate,
};
use crate::features::orders;
use crate::features::permissions::{Permission, require};
use crate::platform::audit::{self, Change};
use crate::platform::auth::Person;

/// More no restaurant knows. Ids are never given twice, so they count.
const MOST_CUSTOMERS: i64 = 1_000_000;
/// So many consents come with a new guest at most.
const MOST_CONSENTS: usize = 10;

/// Enters a guest.
pub struct CreateCustomer {
    /// Who it is.
    pub new: CustomerCreate,
    /// Who enters them.
    pub by: Person,
}

impl Command for CreateCustomer {
    type Output = CustomerDetails;

    fn apply(self, tx: &mut Tx<'_>) -> Result<CustomerDetails> {
        let Self { new, by } = self;
        require(tx, &by, Permission::CustomersEdit)?;
        let last: i64 = tx
            .prepare_cached("SELECT coalesce(max(id), 0) FROM customers")?
            .query_row([], |row| row.get(0))?;
        if last >= MOST_CUSTOMERS {
            let detail = format!("There are {MOST_CUSTOMERS} guests: no more can be entered.");
            return Err(Error::rule("too_many_customers", detail).with("most", MOST_CUSTOMERS));
        }
        if new.consents.len() > MOST_CONSENTS {
            return Err(Error::invalid("consents", format!("are {MOST_CONSENTS} at most")));
        }
        if let Some(email) = &new.email {
            check_email(email)?;
        }
        let words = name_words(&new.name);
        let columns = Columns::default()
            .set("name", new.name)
            .maybe("phone_digits", new.phone.as_deref().and_then(phone_key))
            .text("phone", new.phone)
            .text("email", new.email)
            .maybe("birthday", new.birthday.map(Day::number))
            .text("notes", new.notes)
            .text("allergies", new.allergies);
        let id = columns.insert(tx, "customers")?;
        write_words(tx, id, &words)?;
        for consent in new.consents {
            write_consent(tx, id, consent, by.id)?;
        }
        note(tx, &by, "customer_added", id, (Value::Null, Value::Null))?;
        details(tx, id, true)
    }
}

/// Changes what is known of a guest.
pub struct UpdateCustomer {
    /// Which one.
    pub id: i64,
    /// What.
    pub changes: CustomerUpdate,
    /// Who.
    pub by: Person,
}

impl Command for UpdateCustomer {
    type Output = CustomerDetails;

    fn apply(self, tx: &mut Tx<'_>) -> Result<CustomerDetails> {
        let Self { id, changes, by } = self;
        require(tx, &by, Permission::CustomersEdit)?;
        let id = find(tx, id)?.id;
        if let Patch::Set(email) = &changes.email {
            check_email(email)?;
        }
        let changed = changed(&changes);
        if let Some(name) = &changes.name {
            write_words(tx, id, &name_words(name))?;
        }
        let key = match &changes.phone {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(phone) => Patch::Set(phone_key(phone)),
        };
        let columns = Columns::default()
            .maybe("name", changes.name)
            .patch("phone_digits", key)
            .patch_text("phone", changes.phone)
            .patch_text("email", changes.email)
            .patch("birthday", changes.birthday.map(Day::number))
            .patch_text("notes", changes.notes)
            .patch_text("allergies", changes.allergies);
        columns.update(tx, "customers", id)?;
        // The trail is for ever, and a name may be erased: it says what changed, not how.
        note(tx, &by, "customer_changed", id, (Value::Null, json!({"changed": changed})))?;
        details(tx, id, true)
    }
}

fn changed(changes: &CustomerUpdate) -> Vec<&'static str> {
    let CustomerUpdate { name, phone, email, birthday, notes, allergies } = changes;
    let named = [
        ("name", name.is_some()),
        ("phone", !phone.is_keep()),
        ("email", !email.is_keep()),
        ("birthday", !birthday.is_keep()),
        ("notes", !notes.is_keep()),
        ("allergies", !allergies.is_keep()),
    ];
    named.into_iter().filter(|(_, is_changed)| *is_changed).map(|(name, _)| name).collect()
}

/// Writes down what a guest agreed to, or took back.
pub struct AddConsent {
    /// Which guest.
    pub id: i64,
    /// What.
    pub consent: ConsentCreate,
    /// Who writes it down.
    pub by: Person,
}

impl Command for AddConsent {
    type Output = CustomerDetails;

    fn apply(self, tx: &mut Tx<'_>) -> Result<CustomerDetails> {
        require(tx, &self.by, Permission::CustomersEdit)?;
        let id = find(tx, self.id)?.id;
        let ConsentCreate { kind, is_given, text_version } = &self.consent;
        let after = json!({"kind": kind, "is_given": is_given, "text_version": &**text_version});
        write_consent(tx, id, self.consent, self.by.id)?;
        note(tx, &self.by, "customer_consented", id, (Value::Null, after))?;
        details(tx, id, true)
    }
}

fn write_consent(tx: &Tx<'_>, id: i64, consent: ConsentCreate, by: i64) -> Result<()> {
    let ConsentCreate { kind, is_given, text_version } = consent;
    tx.prepare_cached(
        "INSERT INTO customer_consents (customer_id, kind, is_given, text_version, user_id, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id, kind.as_str(), is_given, &*text_version, by, tx.now().0])?;
    Ok(())
}

/// The words by which a guest is found; those of before go.
pub(super) fn write_words(tx: &Tx<'_>, id: i64, words: &[String]) -> Result<()> {
    tx.prepare_cached("DELETE FROM customer_words WHERE customer_id = ?1")?.execute([id])?;
    let sql = "INSERT INTO customer_words (customer_id, word) VALUES (?1, ?2)";
    let mut insert = tx.prepare_cached(sql)?;
    for word in words {
        insert.execute(params![id, word])?;
    }
    Ok(())
}

/// Writes a change into the trail, by ids alone, and tells of it.
pub(super) fn note(
    tx: &mut Tx<'_>,
    by: &Person,
    action: &str,
    id: i64,
    change: Change,
) -> Result<()> {
    audit::note(tx, Some(by.id), action, ("customer", Some(id)), change)?;
    tx.emit(customer_changed(id, Some(by.id))?).map(drop)
}

/// Says whose an order is, or that nobody knows. The order is the reply.
pub struct SetOrderCustomer {
    /// The order.
    pub order_id: i64,
    /// The guest.
    pub customer_id: Option<i64>,
    /// Who says so.
    pub by: Person,
}

impl Command for SetOrderCustomer {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        require(tx, &self.by, Permission::CustomersSee)?;
        let customer = self.customer_id.map(|id| find(tx, id)).transpose()?;
        orders::set_customer(tx, self.order_id, customer.map(|known| known.id), self.by.id)
    }
}
