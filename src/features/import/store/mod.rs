//! An import in SQL: whole in one transaction where nobody waits, else tried on a copy and
//! then done in short steps.

mod alike;
mod bill;
mod bill_export;
mod combos;
mod copy;
mod done;
mod export;
mod export_offers;
mod fields;
mod importer;
mod ingredients;
mod menu;
mod menu_times;
mod named;
mod names;
mod numbered;
mod options;
mod owed;
mod price_lists;
mod rooms;
mod secrets;
mod staff;
mod steps;
mod taxes;
mod units;

use std::sync::Arc;

use self::done::Done;
use self::importer::Importer;
use self::named::told_at;
use self::secrets::{Secrets, hash_secrets};
use self::units::Unit;
use super::file::File;
use super::report::Report;
use crate::core::background::in_background;
use crate::core::error::Result;
use crate::core::store::{Command, Store, Tx};
use crate::features::menu::{ensure_all_choices, ensure_fits, ensure_no_empty_part};
use crate::features::restaurant::{CreateSite, NewSite};
use crate::platform::auth::Hasher;
use crate::platform::site::{self, SiteRow};

pub use export::export;
pub use steps::note_broken_off;

type AtTheEnd = dyn Fn(&Tx<'_>) -> Result<()> + Send + Sync;

/// A file that moves in.
#[derive(Clone)]
pub struct Import {
    file: Arc<File>,
    whole_menu: bool,
    by: Option<i64>,
    at_the_end: Option<Arc<AtTheEnd>>,
}

impl Import {
    /// An import of a file that was read.
    pub fn new(file: impl Into<File>) -> Self {
        Self { file: Arc::new(file.into()), whole_menu: false, by: None, at_the_end: None }
    }

    /// The file's menu is all of it: what it leaves out is taken off.
    #[must_use]
    pub fn as_whole_menu(self) -> Self {
        Self { whole_menu: true, ..self }
    }

    /// Who brings it; without this it is somebody with a shell, or the cloud.
    #[must_use]
    pub fn by(self, user_id: i64) -> Self {
        Self { by: Some(user_id), ..self }
    }

    /// What is done in the last step, together with the last of the file.
    #[must_use]
    pub fn at_the_end(self, then: impl Fn(&Tx<'_>) -> Result<()> + Send + Sync + 'static) -> Self {
        Self { at_the_end: Some(Arc::new(then)), ..self }
    }

    /// Says what the file would change. It is done whole on a copy in memory, so nobody waits, and
    /// it cannot say anything else than the import itself.
    ///
    /// # Errors
    /// 422 that names every wrong place; what a box refuses.
    pub async fn dry_run(&self, store: &Store) -> Result<Report> {
        let copy = store.read_long(copy::of).await?;
        let import = self.clone();
        let report =
            in_background(move || crate::core::store::dry_run(&copy, |tx| import.whole(tx, None)));
        let report = report.await??;
        Ok(Report { dry_run: true, ..report })
    }

    /// Prepares the import as one command, for a box that serves nobody yet.
    ///
    /// # Errors
    /// When the hashing or the reading fails.
    pub async fn at_once(self, store: &Store, hasher: &Hasher) -> Result<WholeImport> {
        let secrets = hash_secrets(&self.file.content.staff, store, hasher).await?;
        Ok(WholeImport { import: self, secrets })
    }

    /// Everything in one transaction. Without secrets nobody new can sign in: a rehearsal.
    fn whole(&self, tx: &mut Tx<'_>, secrets: Option<&Secrets>) -> Result<Report> {
        let mut done = Done::default();
        let outcome = self.all_units(tx, secrets, &mut done);
        // What was wrong before the import broke off is more to the point than why it did.
        std::mem::take(&mut done.wrong).refuse_if_any()?;
        outcome?;
        Ok(done.report)
    }

    fn all_units(&self, tx: &mut Tx<'_>, secrets: Option<&Secrets>, done: &mut Done) -> Result<()> {
        for unit in Unit::all(&self.file.content, self.whole_menu) {
            let mut importer =
                Importer { tx: &mut *tx, file: &self.file, by: self.by, secrets, done: &mut *done };
            while !importer.unit_or_wrong(unit)? {}
        }
        self.finish(&mut Importer { tx, file: &self.file, by: self.by, secrets, done })
    }

    fn finish(&self, importer: &mut Importer<'_, '_>) -> Result<()> {
        if self.whole_menu {
            // What is not named is gone now: the rest has to make a menu.
            let (tx, told) = (&*importer.tx, |at| move |error| told_at(at, error));
            ensure_all_choices(tx).map_err(told("modifier_groups"))?;
            ensure_no_empty_part(tx).map_err(told("combos"))?;
        }
        importer.settle()?;
        ensure_fits(importer.tx)?;
        importer.tell()?;
        self.at_the_end.as_ref().map_or(Ok(()), |then| then(importer.tx))
    }
}

/// An import as one command: all of it, or nothing.
pub struct WholeImport {
    import: Import,
    secrets: Secrets,
}

impl Command for WholeImport {
    type Output = Report;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Report> {
        self.import.whole(tx, Some(&self.secrets))
    }
}

/// A restaurant that begins with what a file holds, in one transaction: a demo that was cut off
/// half-way would never be filled.
pub struct Found {
    /// The restaurant.
    pub site: NewSite,
    /// What it begins with.
    pub import: WholeImport,
}

impl Command for Found {
    type Output = SiteRow;

    fn apply(self, tx: &mut Tx<'_>) -> Result<SiteRow> {
        let row = CreateSite(self.site).apply(tx)?;
        self.import.apply(tx)?;
        Ok(site::load(tx)?.unwrap_or(row))
    }
}
