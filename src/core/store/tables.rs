//! Which tables there are. Each feature names its own; the list is put together at the top and given
//! to the store when it opens.

/// A table that the cloud copies. It has an INTEGER PRIMARY KEY `id`, and is written without REPLACE
/// and without DELETE of all rows: the update hook does not hear of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedTable {
    /// How packed keys name it, here and in the cloud: never changes, and is never used again.
    pub code: u8,
    /// Its name, here and in the cloud.
    pub name: &'static str,
    /// Columns that never leave the box.
    pub secret: &'static [&'static str],
}

/// The core's own tables, which stay on the box.
const OWN: [&str; 6] = [
    "events",
    "event_subscriptions",
    "jobs",
    "idempotency_keys",
    "changes",
    "refinery_schema_history",
];

/// The tables of a box.
#[derive(Debug)]
pub struct Tables {
    copied: Vec<CopiedTable>,
    local: Vec<&'static str>,
}

/// For work that no cloud hears of.
pub(super) static NO_TABLES: Tables = Tables { copied: Vec::new(), local: Vec::new() };

impl Tables {
    /// The core's own and these: those that the cloud copies, and those that stay on the box.
    pub fn new(
        copied: impl IntoIterator<Item = CopiedTable>,
        local: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let mut copied: Vec<_> = copied.into_iter().collect();
        copied.sort_unstable_by_key(|table| table.code);
        Self { copied, local: OWN.into_iter().chain(local).collect() }
    }

    /// Those that the cloud copies, by their codes.
    pub fn copied(&self) -> &[CopiedTable] {
        &self.copied
    }

    /// Those that stay on the box: sessions and keys, logs that are trimmed, the wire's own state,
    /// and what is made from copied tables.
    pub fn local(&self) -> &[&'static str] {
        &self.local
    }

    /// The copied table with a code.
    pub fn with_code(&self, code: u8) -> Option<&CopiedTable> {
        self.copied.iter().find(|table| table.code == code)
    }

    /// Where a table stands: the copied ones first, then the local ones.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let copied = self.copied.iter().map(|table| table.name);
        copied.chain(self.local.iter().copied()).position(|known| known == name)
    }
}
