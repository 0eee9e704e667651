//! Tax classes of a file, and what names them.

use super::importer::Importer;
use super::named::within;
use crate::core::error::{Error, Result};
use crate::core::kernel::Patch;
use crate::core::kernel::fields::Line;
use crate::core::store::Columns;
use crate::features::import::content::TaxClass;
use crate::features::import::report::FieldChange;
use crate::features::taxes::{self, ClassRate};

impl Importer<'_, '_> {
    pub(super) fn tax_class(&mut self, place: &str, new: &TaxClass) -> Result<()> {
        let sql = "SELECT id FROM tax_classes WHERE name = ?1 AND deleted_at IS NULL";
        let id = self.find(sql, [&*new.name])?;
        for (field, is_missing) in [("kind", new.kind.is_none()), ("rates", new.rates.is_none())] {
            if id.is_none() && is_missing {
                return Err(Error::invalid(format!("{place}.{field}"), "is missing"));
            }
        }
        let name = new.name.to_string();
        let columns = Columns::default()
            .set("name", name.clone())
            .maybe("translations", new.translations.clone())
            .maybe("kind", new.kind.map(|kind| kind.as_str().to_owned()))
            .maybe("is_active", new.is_active);
        let mut saved = self.save(place, "tax_classes", id, columns, Columns::default())?;
        if let Some(rates) = &new.rates {
            let before = taxes::rates_of(self.tx, saved.id)?;
            taxes::write_rates(self.tx, saved.id, rates.clone())
                .map_err(|error| within(place, error))?;
            let after = taxes::rates_of(self.tx, saved.id)?;
            if before != after {
                saved = saved.with(FieldChange::new("rates", written(&before), written(&after)));
            }
        }
        self.count("tax_classes", place, name, saved);
        Ok(())
    }

    /// What a field says of the tax class of something; an empty one, that it has none.
    pub(super) fn tax_class_of(&self, place: &str, name: Option<&Line>) -> Result<Patch<i64>> {
        let Some(name) = name else { return Ok(Patch::Keep) };
        if name.is_empty() {
            return Ok(Patch::Clear);
        }
        let id = taxes::class_named(self.tx, name)?;
        let id = id.ok_or_else(|| {
            let message = format!(
                "names “{name}”, and there is no tax class of this name; add it under Taxes first"
            );
            Error::invalid(format!("{place}.tax_class"), message)
        })?;
        Ok(Patch::Set(id))
    }
}

/// As in “20; 2026-01-01: 22”.
fn written(rates: &[ClassRate]) -> Option<String> {
    let one = |rate: &ClassRate| match rate.valid_from {
        Some(day) => format!("{day}: {}", rate.percent),
        None => rate.percent.to_string(),
    };
    (!rates.is_empty()).then(|| rates.iter().map(one).collect::<Vec<_>>().join("; "))
}
