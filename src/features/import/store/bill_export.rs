//! What an export says of bills: rules of the house, reasons, accounts, permissions.

use rusqlite::{Connection, OptionalExtension, Row};

use super::fields::{all, needed, text, translations, unfit};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Id, Line};
use crate::core::kernel::{Money, Text, Translations};
use crate::core::store::word;
use crate::features::import::bill_content::{Account, HouseRule, OfferedReason, Permissions, When};
use crate::features::orders::{AdjustmentRule, house_rules};
use crate::features::permissions::{self, RuleBody};
use crate::features::reasons::ReasonKind;
use crate::platform::auth::Role;

pub(super) fn rules(db: &Connection) -> Result<Vec<HouseRule>> {
    house_rules(db)?.into_iter().map(|rule| house_rule(db, rule)).collect()
}

fn house_rule(db: &Connection, rule: AdjustmentRule) -> Result<HouseRule> {
    let when = rule.conditions;
    let translations = Some(rule.translations).filter(|words| *words != Translations::default());
    Ok(HouseRule {
        name: Text::stored(&rule.name).map_err(Error::internal)?,
        translations,
        kind: rule.kind,
        percent: rule.percent,
        amount: rule.amount,
        per_guest: rule.per_guest,
        when: When {
            least_guests: when.least_guests,
            order_type: when.order_type,
            location: name(db, "SELECT name FROM locations WHERE id = ?1", when.location_id)?,
            table: name(db, "SELECT label FROM tables WHERE id = ?1", when.table_id)?,
            weekdays: when.weekdays,
            time_from: when.time_from,
            time_to: when.time_to,
            date_from: when.date_from,
            date_to: when.date_to,
        },
        is_active: rule.is_active,
    })
}

fn name(db: &Connection, sql: &str, id: Option<Id>) -> Result<Option<Line>> {
    let Some(id) = id else { return Ok(None) };
    Ok(db.prepare_cached(sql)?.query_row([id.get()], |row| needed(row, 0)).optional()?)
}

pub(super) fn reasons(db: &Connection) -> Result<Vec<OfferedReason>> {
    let sql = "SELECT kind, name, translations, is_waste FROM reasons
               WHERE deleted_at IS NULL ORDER BY kind, sort_order, id";
    all(db, sql, [], |row| {
        Ok(OfferedReason {
            kind: word(row, 0, ReasonKind::parse)?,
            name: needed(row, 1)?,
            translations: translations(row, 2)?,
            is_waste: row.get(3)?,
        })
    })
}

pub(super) fn accounts(db: &Connection) -> Result<Vec<Account>> {
    let sql = "SELECT name, phone, note, credit_limit, is_active FROM house_accounts
               WHERE deleted_at IS NULL ORDER BY id";
    all(db, sql, [], |row| {
        Ok(Account {
            name: needed(row, 0)?,
            phone: text(row, 1)?,
            note: text(row, 2)?,
            credit_limit: Some(Money(row.get(3)?)),
            is_active: row.get(4)?,
        })
    })
}

pub(super) fn permissions(db: &Connection) -> Result<Vec<Permissions>> {
    let of_roles = "SELECT role, NULL, permission, decision, at_most FROM role_permissions
                    ORDER BY role, permission";
    let of_people = "SELECT NULL, u.username, p.permission, p.decision, p.at_most
                     FROM user_permissions p JOIN users u ON u.id = p.user_id
                     WHERE u.deleted_at IS NULL ORDER BY u.id, p.permission";
    let mut found: Vec<Permissions> = Vec::new();
    for sql in [of_roles, of_people] {
        for (role, username, rule) in all(db, sql, [], permission)? {
            match found.last_mut() {
                Some(last) if last.role == role && last.username == username => {
                    last.rules.push(rule);
                }
                _ => found.push(Permissions { role, username, rules: vec![rule] }),
            }
        }
    }
    Ok(found)
}

fn permission(row: &Row<'_>) -> rusqlite::Result<(Option<Role>, Option<Line>, RuleBody)> {
    let role: Option<String> = row.get(0)?;
    let role = role.map(|role| Role::parse(&role).ok_or_else(|| unfit(0, "is no role")));
    Ok((role.transpose()?, text(row, 1)?, permissions::stored_rule(row, 2)?))
}
