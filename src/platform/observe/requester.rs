//! Who made a request, as far as the log knows them.

use std::sync::{Arc, OnceLock};

/// Who made a request: the guard that let them in says it, the log writes it.
#[derive(Clone, Default)]
pub struct Requester(pub(super) Arc<OnceLock<Known>>);

/// A person, as far as the log knows them.
#[derive(Clone)]
pub(super) struct Known {
    pub id: Option<i64>,
    pub name: Option<Arc<str>>,
    pub role: &'static str,
}

impl Requester {
    /// It is a member of staff.
    pub fn is_staff(&self, id: i64, name: &Arc<str>, role: &'static str) {
        let _ = self.0.set(Known { id: Some(id), name: Some(Arc::clone(name)), role });
    }

    /// It is a guest: the log knows no more of them.
    pub fn is_guest(&self) {
        let _ = self.0.set(Known { id: None, name: None, role: "guest" });
    }
}
