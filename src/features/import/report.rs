//! What an import did, or would do, as a person can check it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// How many changes are told one by one.
const MOST_CHANGES: usize = 200;
/// A longer text is cut: it is there to be recognised.
const LONGEST: usize = 120;

/// What an import did, or would do.
#[derive(Debug, Default, Clone, Serialize, ToSchema)]
#[schema(as = ImportReport)]
pub struct Report {
    /// True when nothing was changed.
    pub dry_run: bool,
    /// By what they are (`dishes`, `tables`, …).
    pub counts: BTreeMap<String, Counts>,
    /// What is new and what is different, a dish after its variations; the first 200.
    pub changes: Vec<Change>,
    /// How many changes there are in all.
    pub changes_count: usize,
    /// New people who cannot sign in yet: the file has no password for them.
    pub without_password: Vec<String>,
    /// Parts of the file that were left out: the `restaurant` itself is not changed while the box
    /// serves.
    pub left_out: Vec<String>,
}

/// How many things an import touched.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportCounts)]
pub struct Counts {
    /// That were not there.
    pub created: usize,
    /// That were different.
    pub updated: usize,
    /// That were as the file says.
    pub unchanged: usize,
    /// That a whole menu leaves out.
    #[serde(skip_serializing_if = "is_zero")]
    pub removed: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What happened to one thing of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ImportOutcome)]
pub enum Outcome {
    /// It was not there.
    Created,
    /// It was different.
    Updated,
    /// It was as the file says.
    Unchanged,
}

/// One thing that is new or different.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ImportChange)]
pub struct Change {
    /// What it is: `dishes`, `tables`, ….
    pub what: String,
    /// What it is called.
    pub name: String,
    /// Where it stands in the file: `line 7` of a spreadsheet, `categories[0].dishes[2]` of JSON.
    pub place: String,
    /// `created` or `updated`.
    pub outcome: Outcome,
    /// What is different.
    pub fields: Vec<FieldChange>,
}

/// A field that is different.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ImportFieldChange)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it was; null where there was nothing.
    pub from: Option<String>,
    /// What it is by the file.
    pub to: Option<String>,
}

impl FieldChange {
    /// A change from one text to another; long ones are cut.
    pub fn new(field: &str, from: Option<String>, to: Option<String>) -> Self {
        Self { field: field.into(), from: from.map(cut), to: to.map(cut) }
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

impl Report {
    /// Whether something of a kind is new, different or gone.
    pub fn has_changed(&self, what: &str) -> bool {
        let changed = |counts: &Counts| counts.created + counts.updated + counts.removed > 0;
        self.counts.get(what).is_some_and(changed)
    }

    /// Counts one thing, and tells of it where it is new or different.
    pub fn add(
        &mut self,
        what: &str,
        place: String,
        name: String,
        outcome: Outcome,
        fields: Vec<FieldChange>,
    ) {
        let counts = self.counts.entry(what.into()).or_default();
        match outcome {
            Outcome::Created => counts.created += 1,
            Outcome::Updated => counts.updated += 1,
            Outcome::Unchanged => counts.unchanged += 1,
        }
        if outcome == Outcome::Unchanged {
            return;
        }
        self.changes_count += 1;
        if self.changes.len() < MOST_CHANGES {
            self.changes.push(Change { what: what.into(), name, place, outcome, fields });
        }
    }
}
