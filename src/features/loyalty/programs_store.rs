//! Programs: their table, and how it is written.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::types::{
    LoyaltyProgram, LoyaltyProgramCreate, LoyaltyProgramUpdate, LoyaltyPrograms, ProgramKind,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Percent, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::platform::audit;

/// More nobody explains to guests.
const MOST_PROGRAMS: i64 = 20;

pub const PROGRAMS: Repository<LoyaltyProgram> = Repository {
    table: "loyalty_programs",
    one: "loyalty program",
    columns: "id, name, kind, earn_percent, spend_percent, stamps, category_id, is_active,
              created_at, updated_at",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a program", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<LoyaltyProgram> {
    let percent = |column: usize| {
        Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Percent::new))
    };
    Ok(LoyaltyProgram {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: word(row, 2, ProgramKind::parse)?,
        earn_percent: percent(3)?,
        spend_percent: percent(4)?,
        stamps: row.get(5)?,
        category_id: row.get(6)?,
        is_active: row.get(7)?,
        created_at: Timestamp(row.get(8)?),
        updated_at: Timestamp(row.get(9)?),
    })
}

/// All programs.
///
/// # Errors
/// When the database cannot be read.
pub fn programs(db: &Connection) -> Result<LoyaltyPrograms> {
    let (programs, _) = PROGRAMS.list(db, (0, MOST_PROGRAMS), Filter::default())?;
    Ok(LoyaltyPrograms { programs })
}

/// Adds a program.
pub struct CreateProgram {
    /// What.
    pub program: LoyaltyProgramCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateProgram {
    type Output = LoyaltyProgram;

    fn apply(self, tx: &mut Tx<'_>) -> Result<LoyaltyProgram> {
        let sql = "SELECT count(*) FROM loyalty_programs WHERE deleted_at IS NULL";
        let known: i64 = tx.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        if known >= MOST_PROGRAMS {
            let detail = format!("There are {known} programs. Remove one that nobody needs first.");
            return Err(Error::rule("too_many_programs", detail).with("most", MOST_PROGRAMS));
        }
        check(&self.program)?;
        let LoyaltyProgramCreate { name, kind, earn_percent, spend_percent, stamps, category_id } =
            self.program;
        category_id.map_or(Ok(()), |id| check_category(tx, id.get()))?;
        let columns = Columns::default()
            .set("name", name)
            .set("kind", kind.as_str().to_owned())
            .maybe("earn_percent", earn_percent.map(Percent::hundredths))
            .maybe("spend_percent", spend_percent.map(Percent::hundredths))
            .maybe("stamps", stamps)
            .maybe("category_id", category_id.map(Id::get))
            .set("counts_since", tx.now().0);
        let id = PROGRAMS.insert(tx, &columns)?;
        let new = PROGRAMS.get(tx, id)?;
        let about = ("loyalty_program", Some(id));
        let change = (Value::Null, json!(new));
        audit::note(tx, Some(self.by), "loyalty_program_added", about, change)?;
        Ok(new)
    }
}

fn check_category(db: &Connection, id: i64) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM categories WHERE id = ?1 AND deleted_at IS NULL)";
    let is_there: bool = db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    if is_there { Ok(()) } else { Err(Error::not_found("category", id)) }
}

/// What each kind needs, and what is for the other kind.
fn check(program: &LoyaltyProgramCreate) -> Result<()> {
    let LoyaltyProgramCreate { kind, earn_percent, spend_percent, stamps, category_id, .. } =
        program;
    let missing = |field: &'static str| Err(Error::invalid(field, "is missing"));
    let other =
        |field: &'static str| Err(Error::invalid(field, "is for the other kind; leave it out"));
    match kind {
        ProgramKind::Points => match (earn_percent, stamps, category_id) {
            (None, ..) => missing("earn_percent"),
            (Some(earn), ..) if earn.hundredths() == 0 => {
                Err(Error::invalid("earn_percent", "must be above 0"))
            }
            (_, Some(_), _) => other("stamps"),
            (_, _, Some(_)) => other("category_id"),
            _ => Ok(()),
        },
        ProgramKind::Stamps => match (stamps, earn_percent, spend_percent) {
            (None, ..) => missing("stamps"),
            (_, Some(_), _) => other("earn_percent"),
            (_, _, Some(_)) => other("spend_percent"),
            _ => Ok(()),
        },
    }
}

/// Changes a program.
pub struct UpdateProgram {
    /// Which one.
    pub id: i64,
    /// What.
    pub changes: LoyaltyProgramUpdate,
    /// Who.
    pub by: i64,
}

impl Command for UpdateProgram {
    type Output = LoyaltyProgram;

    fn apply(self, tx: &mut Tx<'_>) -> Result<LoyaltyProgram> {
        let Self { id, changes, by } = self;
        let old = PROGRAMS.get(tx, id)?;
        if old.kind == ProgramKind::Stamps && changes.spend_percent.is_some() {
            return Err(Error::invalid("spend_percent", "is for points; leave it out"));
        }
        let begins = (!old.is_active && changes.is_active == Some(true)).then_some(tx.now().0);
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("spend_percent", changes.spend_percent.map(Percent::hundredths))
            .maybe("is_active", changes.is_active)
            .maybe("counts_since", begins);
        PROGRAMS.update(tx, id, &columns)?;
        let new = PROGRAMS.get(tx, id)?;
        let change = audit::differences(&old, &new);
        audit::note(
            tx,
            Some(by),
            "loyalty_program_changed",
            ("loyalty_program", Some(id)),
            change,
        )?;
        Ok(new)
    }
}

/// Removes a program: nothing is earned by it. What was earned can be spent.
pub struct DeleteProgram {
    /// Which one.
    pub id: i64,
    /// Who.
    pub by: i64,
}

impl Command for DeleteProgram {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = PROGRAMS.get(tx, self.id)?;
        PROGRAMS.remove(tx, self.id)?;
        let about = ("loyalty_program", Some(self.id));
        let change = (json!({"name": old.name}), Value::Null);
        audit::note(tx, Some(self.by), "loyalty_program_removed", about, change)
    }
}
