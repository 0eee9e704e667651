//! Rules in SQL. They are read where a deed is done, in its own transaction: no deed is done under a
//! rule that was changed before it.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::catalog::Permission;
use super::rules::{Decision, Rule};
use super::{PermissionRule, RolePermissions, RuleBody, UserPermissions};
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::core::store::{Command, Tx, word};
use crate::platform::audit;
use crate::platform::auth::{self, Role};

fn rule_from_row(row: &Row<'_>) -> rusqlite::Result<Rule> {
    Ok(Rule { decision: word(row, 0, Decision::parse)?, at_most: row.get(1)? })
}

/// What a role may.
///
/// # Errors
/// When the database cannot be read.
fn rule_of_role(db: &Connection, role: Role, permission: Permission) -> Result<Rule> {
    if !permission.roles().contains(&role) {
        return Ok(permission.default_for(role));
    }
    let sql = "SELECT decision, at_most FROM role_permissions WHERE role = ?1 AND permission = ?2";
    let set = db
        .prepare_cached(sql)?
        .query_row([role.as_str(), permission.as_str()], rule_from_row)
        .optional()?;
    Ok(set.unwrap_or_else(|| permission.default_for(role)))
}

/// What a person may: their own rule goes before that of their role. To admins everything is
/// allowed, or nobody could undo a rule that keeps all out.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn rule_for(
    db: &Connection,
    (user_id, role): (i64, Role),
    permission: Permission,
) -> Result<Rule> {
    if !permission.roles().contains(&role) {
        return Ok(permission.default_for(role));
    }
    let sql =
        "SELECT decision, at_most FROM user_permissions WHERE user_id = ?1 AND permission = ?2";
    let own = db
        .prepare_cached(sql)?
        .query_row(params![user_id, permission.as_str()], rule_from_row)
        .optional()?;
    own.map_or_else(|| rule_of_role(db, role, permission), Ok)
}

/// Every rule of a role.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn of_role(db: &Connection, role: Role) -> Result<RolePermissions> {
    let rules = Permission::ALL
        .iter()
        .map(|one| Ok(PermissionRule::of(*one, rule_of_role(db, role, *one)?)))
        .collect::<Result<_>>()?;
    Ok(RolePermissions { role, rules })
}

/// The rules of a person's own.
///
/// # Errors
/// 404 when there is no such person.
pub(super) fn of_user(db: &Connection, user_id: i64) -> Result<UserPermissions> {
    auth::user_by_id(db, user_id)?;
    let sql = "SELECT decision, at_most, permission FROM user_permissions
               WHERE user_id = ?1 ORDER BY permission";
    let mut statement = db.prepare_cached(sql)?;
    let rules = statement.query_map([user_id], |row| {
        Ok(PermissionRule::of(word(row, 2, Permission::parse)?, rule_from_row(row)?))
    })?;
    Ok(UserPermissions { user_id, rules: rules.collect::<rusqlite::Result<_>>()? })
}

/// Whose rules are set.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// Of all who have it.
    Role(Role),
    /// Of one, by their id.
    User(i64),
}

/// The same for who writes them by hand.
///
/// # Errors
/// 400 where a rule is none of the role, 422 where it is none.
pub fn set_rules(tx: &Tx<'_>, whose: Whose, rules: &[RuleBody], by: Option<i64>) -> Result<bool> {
    SetRules { whose, rules: rules.to_vec(), by }.write(tx)
}

/// A rule from three columns: permission, decision, limit.
///
/// # Errors
/// When it is none.
pub fn stored_rule(row: &Row<'_>, at: usize) -> rusqlite::Result<RuleBody> {
    let (permission, rule) = (
        word(row, at, Permission::parse)?,
        Rule { decision: word(row, at + 1, Decision::parse)?, at_most: row.get(at + 2)? },
    );
    let PermissionRule { decision, at_most, .. } = PermissionRule::of(permission, rule);
    let at_most = at_most.and_then(|text| Text::stored(&text).ok());
    Ok(RuleBody { permission, decision, at_most })
}

/// Sets all rules of a role or a person: what is left out is as it begins.
pub(super) struct SetRules {
    pub whose: Whose,
    pub rules: Vec<RuleBody>,
    pub by: Option<i64>,
}

/// What was set.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Set {
    Role(RolePermissions),
    User(UserPermissions),
}

impl Command for SetRules {
    type Output = Set;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Set> {
        self.write(tx)?;
        Ok(match self.whose {
            Whose::Role(role) => Set::Role(of_role(tx, role)?),
            Whose::User(id) => Set::User(of_user(tx, id)?),
        })
    }
}

impl SetRules {
    /// Whether anything is other than before.
    fn write(&self, tx: &Tx<'_>) -> Result<bool> {
        let role = match self.whose {
            Whose::Role(role) => role,
            Whose::User(id) => auth::user_by_id(tx, id)?.role,
        };
        let rules = checked(role, &self.rules)?;
        let before = told(tx, self.whose)?;
        forget_others(tx, self.whose, &rules)?;
        for (permission, rule) in &rules {
            write(tx, self.whose, *permission, *rule)?;
        }
        let after = told(tx, self.whose)?;
        if before == after {
            return Ok(false);
        }
        let (before, after) = audit::differences(&before, &after);
        let (subject, id) = match self.whose {
            Whose::Role(_) => ("role", None),
            Whose::User(id) => ("user", Some(id)),
        };
        let named = |mut change: Value| {
            change["role"] = json!(role);
            change
        };
        let change = (named(before), named(after));
        audit::note(tx, self.by, "permissions_changed", (subject, id), change)?;
        Ok(true)
    }
}

/// The rules as they are stored, each once and each fit for the role.
fn checked(role: Role, rules: &[RuleBody]) -> Result<Vec<(Permission, Rule)>> {
    let mut found = Vec::<(Permission, Rule)>::new();
    for (place, body) in rules.iter().enumerate() {
        let permission = body.permission;
        let field = |name: &str| format!("rules[{place}].{name}");
        if found.iter().any(|(known, _)| *known == permission) {
            return Err(Error::invalid(field("permission"), "is named twice"));
        }
        if !permission.roles().contains(&role) {
            let role = role.as_str();
            let detail = format!("{permission} cannot be set for the role {role}.");
            return Err(Error::rule("permission_not_of_role", detail)
                .with("permission", permission.as_str())
                .with("role", role));
        }
        let at_most = match body.at_most.as_deref() {
            Some(_) if permission.limit() == super::Limit::None => {
                return Err(Error::invalid(field("at_most"), "is of no use here"));
            }
            Some(text) => Some(
                permission
                    .parse_amount(text)
                    .map_err(|why| Error::invalid(field("at_most"), why))?,
            ),
            None => None,
        };
        found.push((permission, Rule { decision: body.decision, at_most }));
    }
    Ok(found)
}

/// What the trail says of somebody's rules.
fn told(db: &Connection, whose: Whose) -> Result<Map<String, Value>> {
    let rules = match whose {
        Whose::Role(role) => of_role(db, role)?.rules,
        Whose::User(id) => of_user(db, id)?.rules,
    };
    let tell = |rule: PermissionRule| {
        let most = rule.at_most.map(|most| format!(" ≤ {most}")).unwrap_or_default();
        (rule.permission.as_str().to_owned(), json!(format!("{}{most}", rule.decision)))
    };
    Ok(rules.into_iter().map(tell).collect())
}

fn forget_others(tx: &Tx<'_>, whose: Whose, kept: &[(Permission, Rule)]) -> Result<()> {
    for permission in Permission::ALL {
        if kept.iter().any(|(known, _)| known == permission) {
            continue;
        }
        let name = permission.as_str();
        match whose {
            Whose::Role(role) => tx
                .prepare_cached("DELETE FROM role_permissions WHERE role = ?1 AND permission = ?2")?
                .execute([role.as_str(), name])?,
            Whose::User(id) => tx
                .prepare_cached(
                    "DELETE FROM user_permissions WHERE user_id = ?1 AND permission = ?2",
                )?
                .execute(params![id, name])?,
        };
    }
    Ok(())
}

fn write(tx: &Tx<'_>, whose: Whose, permission: Permission, set: Rule) -> Result<()> {
    let (name, decision) = (permission.as_str(), set.decision.as_str());
    match whose {
        Whose::Role(role) => tx
            .prepare_cached(
                "INSERT INTO role_permissions (role, permission, decision, at_most)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (role, permission) DO UPDATE SET decision = ?3, at_most = ?4",
            )?
            .execute(params![role.as_str(), name, decision, set.at_most])?,
        Whose::User(id) => tx
            .prepare_cached(
                "INSERT INTO user_permissions (user_id, permission, decision, at_most)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (user_id, permission) DO UPDATE SET decision = ?3, at_most = ?4",
            )?
            .execute(params![id, name, decision, set.at_most])?,
    };
    Ok(())
}

/// The rules that somebody has set.
pub(super) struct RulesSet {
    pub all: usize,
    /// Those with a limit.
    pub limited: usize,
    /// The permissions whose limit is none.
    pub wrong: Vec<String>,
    /// How many admins can sign in; none where nobody works here yet.
    pub admins: Option<i64>,
}

/// All rules that somebody has set.
///
/// # Errors
/// When one cannot be read.
pub(super) fn rules_set(db: &Connection) -> Result<RulesSet> {
    let mut rules = db.prepare(
        "SELECT decision, at_most, permission FROM role_permissions
         UNION ALL SELECT decision, at_most, permission FROM user_permissions",
    )?;
    let rules = rules
        .query_map([], |row| Ok((word(row, 2, Permission::parse)?, rule_from_row(row)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let is_none = |(permission, rule): &&(Permission, Rule)| {
        rule.at_most.is_some_and(|most| {
            most < 0 || permission.parse_amount(&permission.amount_text(most)) != Ok(most)
        })
    };
    let admins = "SELECT count(*), sum(role = 'admin' AND is_active) FROM users
                  WHERE deleted_at IS NULL";
    let admins = db.query_row(admins, [], |row| {
        let (people, admins): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        Ok(admins.filter(|_| people > 0))
    })?;
    Ok(RulesSet {
        all: rules.len(),
        limited: rules.iter().filter(|(_, rule)| rule.at_most.is_some()).count(),
        wrong: rules.iter().filter(is_none).map(|(which, _)| which.as_str().to_owned()).collect(),
        admins,
    })
}
