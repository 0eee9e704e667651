//! Customers as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::masked_phone;
use crate::core::kernel::fields::{Id, Label, Name, Text};
use crate::core::kernel::{Day, Patch, Timestamp};
use crate::features::orders::{CustomerVisit, FavouriteDish};
use crate::words;

/// A telephone, as people write it.
pub type Phone = Label<0, 30>;
/// An e-mail address, as people write it.
pub type Email = Label<0, 254>;
/// What staff should know of a guest, or what a guest must not eat.
pub type Facts = Text<0, 500>;
/// Which text somebody agreed to: a date, a number, whatever the restaurant calls its versions.
pub type TextVersion = Label<1, 50>;

words! {
    /// What a guest agrees to, each by itself.
    pub enum ConsentKind as ConsentKind {
        /// That the restaurant keeps their data, and knows them again.
        Data = "DATA",
        /// That it writes to them.
        Marketing = "MARKETING",
    }
}

/// A guest who is known.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Customer {
    /// Id.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// Their telephone as it was typed; only its end where `is_masked`.
    pub phone: Option<String>,
    /// Their e-mail address; null where `is_masked`.
    pub email: Option<String>,
    /// Their birthday; null where `is_masked`.
    pub birthday: Option<Day>,
    /// What staff should know.
    pub notes: Option<String>,
    /// What they must not eat.
    pub allergies: Option<String>,
    /// Whether the caller sees only what is needed at the table.
    pub is_masked: bool,
    /// When they were entered.
    pub created_at: Timestamp,
    /// When they last changed.
    pub updated_at: Timestamp,
}

impl Customer {
    /// As somebody sees it who may see all, or only what is needed at the table.
    #[must_use]
    pub(super) fn shown(mut self, in_full: bool) -> Self {
        if !in_full {
            self.phone = self.phone.as_deref().map(masked_phone);
            (self.email, self.birthday, self.is_masked) = (None, None, true);
        }
        self
    }
}

/// Something that a guest agreed to, or took back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Consent {
    /// To what.
    pub kind: ConsentKind,
    /// Whether they agreed; else they took it back.
    pub is_given: bool,
    /// To which text.
    pub text_version: String,
    /// When.
    pub at: Timestamp,
    /// Who wrote it down.
    pub user_id: i64,
}

/// A guest who is known, with what is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerDetails {
    /// Who.
    #[serde(flatten)]
    pub customer: Customer,
    /// What they agreed to and took back, the newest first.
    pub consents: Vec<Consent>,
    /// How many orders they had that were not called off.
    pub visits: i64,
    /// When the last one was placed.
    pub last_visit_at: Option<Timestamp>,
    /// What they ordered most often in their last orders.
    pub favourites: Vec<FavouriteDish>,
}

/// One page of guests, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerList {
    /// The page.
    pub customers: Vec<Customer>,
    /// What `before` is for the next page; null on the last one.
    pub next: Option<i64>,
}

/// Who was found; where `has_more`, others fit too, and more of the name or number tells them apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomersFound {
    /// Who.
    pub customers: Vec<Customer>,
    /// Whether others fit too.
    pub has_more: bool,
}

/// One page of a guest's orders, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerVisits {
    /// The page.
    pub visits: Vec<CustomerVisit>,
    /// What `before` is for the next page; null on the last one.
    pub next: Option<i64>,
}

/// Something that a guest agrees to, or takes back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ConsentCreate {
    /// To what.
    pub kind: ConsentKind,
    /// Whether they agree; else they take it back.
    pub is_given: bool,
    /// To which text.
    #[schema(value_type = String, min_length = 1, max_length = 50)]
    pub text_version: TextVersion,
}

/// A guest who becomes known.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CustomerCreate {
    /// Their name.
    pub name: Name,
    /// Their telephone.
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Option<Phone>,
    /// Their e-mail address.
    #[schema(value_type = Option<String>, max_length = 254)]
    pub email: Option<Email>,
    /// Their birthday.
    pub birthday: Option<Day>,
    /// What staff should know.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub notes: Option<Facts>,
    /// What they must not eat.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub allergies: Option<Facts>,
    /// What they agree to, at most 10.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub consents: Vec<ConsentCreate>,
}

/// Changes of a guest; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CustomerUpdate {
    /// Their name.
    pub name: Option<Name>,
    /// Their telephone; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Patch<Phone>,
    /// Their e-mail address; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 254)]
    pub email: Patch<Email>,
    /// Their birthday; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<Day>)]
    pub birthday: Patch<Day>,
    /// What staff should know; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub notes: Patch<Facts>,
    /// What they must not eat; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub allergies: Patch<Facts>,
}

/// Whom somebody looks for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CustomerSearch {
    /// At least 3 letters with which words of the name begin, or the last digits of the telephone, at least
    /// 4, or all of it in whatever way.
    #[schema(value_type = String, min_length = 3, max_length = 100)]
    pub text: Label<3, 100>,
}

/// Which other guest is the same person.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CustomerMerge {
    /// The one that goes: all that is theirs becomes this one's.
    pub other_id: Id,
}

/// Whose order it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderCustomer {
    /// The guest; `null`: nobody knows.
    #[serde(default)]
    #[schema(value_type = Option<i64>, required = true)]
    pub customer_id: Patch<Id>,
}

/// What was destroyed of a guest: the act of it, with no name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerErasure {
    /// The guest's id, which stays.
    pub customer_id: i64,
    /// When it was asked for.
    pub at: Timestamp,
    /// Who did it.
    pub user_id: Option<i64>,
    /// Their name.
    pub user_name: Option<String>,
    /// In how many orders something of the guest stood.
    pub orders: i64,
    /// When all of it was gone; null while it is under way.
    pub finished_at: Option<Timestamp>,
}

/// All that is known of one guest, to give to them.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerExport {
    /// When it was made.
    pub exported_at: Timestamp,
    /// The guest, with what they agreed to.
    pub customer: CustomerDetails,
    /// Their last orders, 1000 at most.
    pub orders: Vec<CustomerVisit>,
}
