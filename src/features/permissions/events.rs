//! What is told of approvals.

use serde::{Deserialize, Serialize};

use crate::core::event::{Audience, Kind, Payload};

/// Somebody asks for an approval, or it was answered or withdrawn. Who may answer it depends on their
/// own rules, so the approval itself is read by whoever may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApprovalChanged {
    /// The approval.
    pub approval_id: i64,
}

impl Payload for ApprovalChanged {
    const KIND: Kind = Kind::ApprovalChanged;
    const AUDIENCE: Audience = Audience::ADMIN.and(Audience::MANAGER);
}
