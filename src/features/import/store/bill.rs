//! What an import says of bills: rules of the house, reasons, accounts, permissions.

use rusqlite::params;

use super::importer::{Importer, Saved};
use super::named::within;
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::core::kernel::fields::{Id, Line};
use crate::core::store::Columns;
use crate::features::floor;
use crate::features::import::bill_content::{Account, HouseRule, OfferedReason, Permissions, When};
use crate::features::import::report::Outcome;
use crate::features::orders::{AdjustmentRuleBody, Conditions, check_room, rule_columns};
use crate::features::permissions::{self, Whose};
use crate::features::reasons;

impl Importer<'_, '_> {
    pub(super) fn house_rule(&mut self, place: &str, new: &HouseRule) -> Result<()> {
        let sql = "SELECT id FROM adjustment_rules WHERE name = ?1 AND deleted_at IS NULL";
        let id = self.find(sql, [&*new.name])?;
        if id.is_none() {
            check_room(self.tx)?;
        }
        let body = AdjustmentRuleBody {
            kind: new.kind,
            name: new.name.clone(),
            translations: new.translations.clone().unwrap_or_default(),
            percent: new.percent,
            amount: new.amount,
            per_guest: new.per_guest,
            conditions: self.conditions(place, &new.when)?,
            is_active: new.is_active,
        };
        let columns = rule_columns(self.tx, body).map_err(|error| within(place, error))?;
        let saved = self.save(place, "adjustment_rules", id, columns, Columns::default())?;
        self.count("adjustment_rules", place, new.name.to_string(), saved);
        Ok(())
    }

    /// When a rule holds, with the ids of the room and the table that it names.
    fn conditions(&self, place: &str, when: &When) -> Result<Conditions> {
        let named = |field: &str, name: Option<&Line>, id: Option<i64>| match (name, id) {
            (Some(name), None) => {
                let message = format!("names “{name}”, which is not there");
                Err(Error::invalid(format!("{place}.when.{field}"), message))
            }
            (_, id) => id.map(Id::new).transpose().map_err(Error::internal),
        };
        let room = "SELECT id FROM locations WHERE name = ?1 AND deleted_at IS NULL";
        let room_id = match &when.location {
            Some(name) => self.find(room, [&**name])?,
            None => None,
        };
        let table_id = match &when.table {
            Some(name) => floor::table_named(self.tx, name)?,
            None => None,
        };
        Ok(Conditions {
            least_guests: when.least_guests,
            order_type: when.order_type,
            location_id: named("location", when.location.as_ref(), room_id)?,
            table_id: named("table", when.table.as_ref(), table_id)?,
            weekdays: when.weekdays.clone(),
            time_from: when.time_from,
            time_to: when.time_to,
            date_from: when.date_from,
            date_to: when.date_to,
        })
    }

    /// One reason. A box whose reasons nobody has touched takes those of the file in place of its own.
    pub(super) fn reason(&mut self, place: &str, at: usize, new: &OfferedReason) -> Result<()> {
        if at == 0 {
            let kept = self.file.content.reasons.iter();
            let kept: Vec<_> = kept.map(|reason| (reason.kind, &*reason.name)).collect();
            reasons::replace_untouched(self.tx, &kept)?;
        }
        let sql = "SELECT id FROM reasons WHERE kind = ?1 AND name = ?2 AND deleted_at IS NULL";
        let id = self.find(sql, params![new.kind.as_str(), &*new.name])?;
        if id.is_none() {
            reasons::next_place(self.tx, new.kind)?;
        }
        let before = self.file.content.reasons[..at].iter();
        let sort_order = before.filter(|other| other.kind == new.kind).count() + 1;
        let name = new.name.to_string();
        let columns = Columns::default()
            .set("kind", new.kind.as_str().to_owned())
            .set("name", name.clone())
            .set("translations", new.translations.clone().unwrap_or_default())
            .set("is_waste", new.is_waste)
            .set("sort_order", i64::try_from(sort_order).map_err(Error::internal)?);
        let saved = self.save(place, "reasons", id, columns, Columns::default())?;
        self.count("reasons", place, name, saved);
        Ok(())
    }

    /// An account, by name and telephone; of several that have both alike, one after the other.
    pub(super) fn account(&mut self, place: &str, new: &Account) -> Result<()> {
        let phone = new.phone.clone().and_then(Text::non_empty);
        let sql = "SELECT id FROM house_accounts
                   WHERE name = ?1 AND phone IS ?2 AND deleted_at IS NULL ORDER BY id";
        let name = new.name.to_string();
        let alike: Vec<i64> = self
            .tx
            .prepare_cached(sql)?
            .query_map(params![name, phone], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let is_free = |id: &i64| !self.done.seen.contains(&("house_accounts", *id));
        let id = alike.into_iter().find(is_free);
        let columns = Columns::default()
            .set("name", name.clone())
            .set("phone", phone)
            .text("note", new.note.clone())
            .maybe("credit_limit", new.credit_limit.map(|limit| limit.0))
            .maybe("is_active", new.is_active);
        let saved = self.save(place, "house_accounts", id, columns, Columns::default())?;
        self.count("house_accounts", place, name, saved);
        Ok(())
    }

    pub(super) fn permissions(&mut self, place: &str, new: &Permissions) -> Result<()> {
        let (whose, name) = match (new.role, &new.username) {
            (Some(role), None) => (Whose::Role(role), role.as_str().to_owned()),
            (None, Some(username)) => {
                let sql = "SELECT id FROM users
                           WHERE username = ?1 COLLATE NOCASE AND deleted_at IS NULL";
                let id = self.find(sql, [&**username])?.ok_or_else(|| {
                    let message = format!("names “{username}”, who does not work here");
                    Error::invalid(format!("{place}.username"), message)
                })?;
                (Whose::User(id), username.to_string())
            }
            _ => return Err(Error::invalid(place, "must name either a role or a username")),
        };
        let is_changed = permissions::set_rules(self.tx, whose, &new.rules, self.by)
            .map_err(|error| within(place, error))?;
        let outcome = if is_changed { Outcome::Updated } else { Outcome::Unchanged };
        self.count("permissions", place, name, Saved { id: 0, outcome, fields: Vec::new() });
        Ok(())
    }
}
