//! Who may what: permissions of roles and of single people, and approvals, by which somebody who
//! may lets somebody who asks do one thing once.

mod api;
mod approvals_api;
mod approvals_store;
mod approver_store;
mod catalog;
mod deeds_store;
mod doctor;
mod events;
mod feature;
mod permit_store;
mod refusals;
mod rules;
mod store;

use std::ops::Deref;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::core::kernel::{Text, Timestamp};
use crate::features::checks::PaymentState;
use crate::platform::auth::{Person, Role};

pub use api::Acting;
pub use approvals_store::forget_account;
pub use catalog::{AT_THE_BILL, Group, Permission};
pub use events::ApprovalChanged;
pub use feature::feature;
pub use permit_store::{Deed, is_limited, may, may_in_shift, permit, require, taken_back};
use refusals::Refusals;
pub use refusals::{MoneyWay, What};
pub use rules::{Decision, Limit, Rule};
pub use store::{Whose, set_rules, stored_rule};

/// Somebody who does something: who they are, on which sign-in, and with whose word.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Who.
    pub person: Person,
    /// Their sign-in: an approval is good on it alone, so it is good on one device.
    pub session: Uuid,
    /// The approval that came with the request.
    pub approval: Option<i64>,
    /// Where it is remembered what was refused to them.
    refusals: Refusals,
}

impl Deref for Principal {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.person
    }
}

/// What one role or one person may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PermissionRule {
    /// What.
    pub permission: Permission,
    /// Up to the limit.
    pub decision: Decision,
    /// Money or percent, as the permission has it; what is above is one step harder: allowed becomes
    /// asked for, asked for becomes denied. Null: no limit.
    pub at_most: Option<String>,
}

impl PermissionRule {
    fn of(permission: Permission, rule: Rule) -> Self {
        let at_most = rule.at_most.map(|amount| permission.amount_text(amount));
        Self { permission, decision: rule.decision, at_most }
    }
}

/// A permission, and what the caller may.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionState {
    /// What.
    pub permission: Permission,
    /// What it is about.
    pub group: Group,
    /// What its limit is counted in.
    pub limit: Limit,
    /// Whether a feature asks for it already.
    pub in_use: bool,
    /// The roles for which it can be set; to admins everything is allowed.
    pub roles: Vec<Role>,
    /// What the caller may.
    pub mine: PermissionRule,
}

/// The rules of a role: what every permission comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolePermissions {
    /// Whose.
    pub role: Role,
    /// Every permission once.
    pub rules: Vec<PermissionRule>,
}

/// A person's own rules, which go before their role's.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserPermissions {
    /// Whose.
    pub user_id: i64,
    /// Those that are set; of the others the role's hold.
    pub rules: Vec<PermissionRule>,
}

/// One rule as it is set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RuleBody {
    /// What.
    pub permission: Permission,
    /// Up to the limit.
    pub decision: Decision,
    /// Money such as `500` or a percentage such as `12.5`, as the permission has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Text<1, 20>>,
}

/// All rules that differ: what is left out is as the program begins with, or as the role's is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RulesBody {
    /// Each permission at most once.
    #[schema(max_items = 100)]
    pub rules: Vec<RuleBody>,
}

/// An approval: one person's word for one deed of another.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Approval {
    /// Id: the deed's request carries it as `X-Approval`.
    pub id: i64,
    /// What for.
    pub permission: Permission,
    /// What it is done to: `order`, `order_item`, `check`, `payment`, `house_account` or
    /// `cash_shift`.
    pub subject: String,
    /// To which one.
    pub subject_id: i64,
    /// How much is at stake: money, or a percentage.
    pub amount: String,
    /// Of a percentage: the money that it comes to.
    pub worth: Option<String>,
    /// The dish that it is about, where it is one.
    pub dish_name: Option<String>,
    /// The number of the check that it is about, where it is one.
    pub check_number: Option<i64>,
    /// What is said of the payment that it is about: taken, failed, or that nobody knows.
    pub payment_state: Option<PaymentState>,
    /// The table to which something goes.
    pub to_table_id: Option<i64>,
    /// What people call it.
    pub to_table_name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// How far it is.
    pub state: ApprovalState,
    /// Who asks.
    pub asker_id: i64,
    /// Their name.
    pub asker_name: String,
    /// Who answered.
    pub approver_id: Option<i64>,
    /// Their name.
    pub approver_name: Option<String>,
    /// The name of the house account that it is about, where it is about one; none when that was erased.
    pub account_name: Option<String>,
    /// By which way the money goes, where it does: an approval is of no other.
    pub method_name: Option<String>,
    /// The way's id.
    pub method_id: Option<i64>,
    /// The account's id, where there is one already.
    pub account_id: Option<i64>,
    /// The order that it is about, where it is of one.
    pub order_id: Option<i64>,
    /// Its number.
    pub order_number: Option<i64>,
    /// The table's, if it is at one.
    pub table_number: Option<i64>,
    /// What people call that table.
    pub table_name: Option<String>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// For how many seconds it still waits, or is good.
    pub seconds_left: i64,
}

crate::words! {
    /// How far an approval is.
    pub enum ApprovalState as ApprovalState {
        /// It waits for an answer.
        Open = "OPEN",
        /// It is good for a minute.
        Approved = "APPROVED",
        /// It was refused.
        Refused = "REFUSED",
        /// Nobody needs it any more.
        Withdrawn = "WITHDRAWN",
        /// The deed is done.
        Used = "USED",
    }
}

/// Asks for an approval of what was refused on this sign-in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ApprovalCreate {
    /// What for, as the refusal `approval_needed` named it.
    pub permission: Permission,
    /// What it is to be done to, as the refusal named it.
    pub subject: Text<1, 30>,
    /// To which one.
    pub subject_id: i64,
    /// How much is at stake, as the refusal named it.
    pub amount: Text<1, 20>,
    /// By which way to pay, as the refusal named it; without it the deed that was refused last.
    pub method_id: Option<i64>,
    /// Whose account, as the refusal named it; without it the deed that was refused last.
    pub account_id: Option<i64>,
    /// What is said of a payment, as the refusal named it; without it what was refused last.
    pub payment_state: Option<PaymentState>,
    /// To which table, as the refusal named it; without it the deed that was refused last.
    pub to_table_id: Option<i64>,
    /// Why.
    pub reason: Option<Text<0, 200>>,
    /// Somebody who stands here and approves with their PIN; without it the request waits until
    /// somebody answers it elsewhere.
    pub approver: Option<Approver>,
}

/// Somebody who approves on another's device.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Approver {
    /// Who.
    pub user_id: i64,
    /// Their PIN: wrong ones count as wrong sign-ins.
    pub pin_code: Text<1, 6>,
    /// The code of their second factor, where they have one.
    pub code: Option<Text<1, 30>>,
}

/// Somebody who may approve.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApproverName {
    /// Id.
    pub id: i64,
    /// The name colleagues see.
    pub full_name: String,
}
