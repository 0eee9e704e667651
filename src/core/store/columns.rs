//! The columns of one row, each beside its value, and how they are written.

use rusqlite::params_from_iter;
use rusqlite::types::{Null, Value};

use super::Tx;
use crate::core::kernel::fields::{Color, Weight};
use crate::core::kernel::{Int, Money, Patch, Text, Translations};

/// Columns that are written to a row. The others stay as they are; in a new row they hold what the
/// schema says.
#[derive(Debug, Default)]
pub struct Columns(Vec<(&'static str, Value)>);

impl Columns {
    /// Writes a value.
    #[must_use]
    pub fn set(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// Writes a value where there is one.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Writes a text where there is one; an empty one clears the column.
    #[must_use]
    pub fn text<const MAX: usize, const ONE_LINE: bool>(
        self,
        name: &'static str,
        text: Option<Text<0, MAX, ONE_LINE>>,
    ) -> Self {
        self.maybe(name, text.map(Text::non_empty))
    }

    /// Writes what the body of a PATCH says of a column that may be empty.
    #[must_use]
    pub fn patch(self, name: &'static str, value: Patch<impl Into<Value>>) -> Self {
        match value {
            Patch::Keep => self,
            Patch::Clear => self.set(name, Null),
            Patch::Set(value) => self.set(name, value),
        }
    }

    /// The same of a text; an empty one clears the column.
    #[must_use]
    pub fn patch_text<const MAX: usize, const ONE_LINE: bool>(
        self,
        name: &'static str,
        text: Patch<Text<0, MAX, ONE_LINE>>,
    ) -> Self {
        self.patch(name, text.map(Text::non_empty))
    }

    /// These, and those of `others` that are not among them.
    #[must_use]
    pub fn or(mut self, others: Self) -> Self {
        for (name, value) in others.0 {
            if self.value(name).is_none() {
                self.0.push((name, value));
            }
        }
        self
    }

    /// The value of a column.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Writes them as a new row. Returns its id.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn insert(&self, tx: &Tx<'_>, table: &str) -> rusqlite::Result<i64> {
        let names: String = self.names().flat_map(|name| [name, ", "]).collect();
        let marks = "?, ".repeat(self.0.len());
        let sql =
            format!("INSERT INTO {table} ({names}created_at, updated_at) VALUES ({marks}?, ?)");
        let now = Value::from(tx.now().0);
        tx.prepare_cached(&sql)?.execute(params_from_iter(self.values().chain([&now, &now])))?;
        Ok(tx.last_insert_rowid())
    }

    /// Writes them to a row that is there.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn update(&self, tx: &Tx<'_>, table: &str, id: i64) -> rusqlite::Result<()> {
        let sets: String = self.names().flat_map(|name| [name, " = ?, "]).collect();
        let sql = format!("UPDATE {table} SET {sets}updated_at = ? WHERE id = ?");
        let (now, id) = (Value::from(tx.now().0), Value::from(id));
        let values = self.values().chain([&now, &id]);
        tx.prepare_cached(&sql)?.execute(params_from_iter(values)).map(drop)
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }
}

impl IntoIterator for Columns {
    type Item = (&'static str, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<const MIN: usize, const MAX: usize, const ONE_LINE: bool> From<Text<MIN, MAX, ONE_LINE>>
    for Value
{
    fn from(text: Text<MIN, MAX, ONE_LINE>) -> Self {
        Self::Text(text.into_inner())
    }
}

impl<const MIN: i64, const MAX: i64> From<Int<MIN, MAX>> for Value {
    fn from(number: Int<MIN, MAX>) -> Self {
        Self::Integer(number.get())
    }
}

impl From<Weight> for Value {
    fn from(weight: Weight) -> Self {
        Self::Real(weight.get())
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::Integer(money.0)
    }
}

impl From<Translations> for Value {
    fn from(translations: Translations) -> Self {
        Self::Text(translations.to_json())
    }
}

impl From<Color> for Value {
    fn from(color: Color) -> Self {
        Self::Text(color.into_inner())
    }
}
