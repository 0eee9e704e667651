//! Which thing of the menu a file means: by an outside id, by the restaurant's own code, else by its name,
//! and where several have that name, by which of them it is.

use rusqlite::{OptionalExtension, params};

use super::done::{Noted, Place, TWICE};
use super::importer::Importer;
use crate::core::error::{Error, Result};
use crate::features::import::offers::Nth;

/// A kind of things that may have the same name.
pub(super) struct Kind {
    pub(super) table: &'static str,
    /// The column that says in what they stand; none where they stand in nothing.
    pub(super) within: Option<&'static str>,
    /// The column of the restaurant's own code of them.
    code: Option<&'static str>,
    /// Whether one that is known by an id or a code is meant wherever it stands.
    moves: bool,
    /// What one is called, and several.
    one: &'static str,
    many: &'static str,
    /// By what they are told apart.
    told_apart: &'static str,
}

pub(super) const GROUPS: Kind = Kind {
    table: "modifier_groups",
    within: None,
    code: None,
    moves: true,
    one: "a group of options",
    many: "groups of options",
    told_apart: "outside ids, or number them",
};
pub(super) const OPTIONS: Kind = Kind {
    table: "modifier_options",
    within: Some("group_id"),
    code: None,
    moves: false,
    one: "an option of that group",
    many: "options of that group",
    told_apart: "outside ids, or number them",
};
pub(super) const DISHES: Kind = Kind {
    table: "dishes",
    within: Some("category_id"),
    code: Some("code"),
    moves: true,
    one: "a dish of the menu",
    many: "dishes",
    told_apart: "their category, codes or outside ids, or number them",
};
pub(super) const SIZES: Kind = Kind {
    table: "dish_variations",
    within: Some("dish_id"),
    code: Some("sku"),
    moves: false,
    one: "a size of that dish",
    many: "sizes of that dish",
    told_apart: "SKUs or outside ids, or number them",
};

/// What a file says of a thing that it describes.
#[derive(Clone, Copy)]
pub(super) struct Described<'a> {
    pub(super) name: &'a str,
    pub(super) number: Option<Nth>,
    pub(super) outside: Option<&'a str>,
    pub(super) code: Option<&'a str>,
}

/// A thing that stands under a name.
pub(super) struct Standing {
    pub(super) id: i64,
    outside: Option<String>,
    code: Option<String>,
}

impl Importer<'_, '_> {
    /// The thing that the file describes; none where it is new. `others` are what else the file describes
    /// there: what is theirs by an id or a code is not meant by a name.
    ///
    /// # Errors
    /// 422 where several have the name, and nothing says which is meant.
    pub(super) fn described<'a>(
        &mut self,
        place: &str,
        kind: &'static Kind,
        within: i64,
        new: Described<'a>,
        others: &(impl Iterator<Item = Described<'a>> + Clone),
    ) -> Result<Option<i64>> {
        let place_of_it = match new.number {
            Some(number) => Some(self.place_of(place, kind, within, (new.name, number))?),
            None => None,
        };
        let mut is_elsewhere = false;
        for (column, said) in kind.ids(new) {
            match self.holder(kind, column, said)? {
                Some((id, at)) if kind.moves || at == within => {
                    self.count_before(kind, id)?;
                    return Ok(Some(id));
                }
                found => is_elsewhere |= found.is_some(),
            }
        }
        let there = self.standing(kind, Some(within), new.name)?;
        let is_others = |one: &Standing| {
            let same =
                |own: &Option<String>, said: Option<&str>| own.is_some() && own.as_deref() == said;
            let is_it = |other: Described<'_>| {
                same(&one.outside, other.outside) || same(&one.code, other.code)
            };
            others.clone().any(is_it)
        };
        // Two with codes, and different ones, are two; but what gets the code of another thing is what it was.
        let differs = |own: &Option<String>, said: Option<&str>| {
            !is_elsewhere && own.is_some() && said.is_some() && own.as_deref() != said
        };
        let fits = |one: &&Standing| {
            !is_others(one) && !differs(&one.outside, new.outside) && !differs(&one.code, new.code)
        };
        let fitting: Vec<i64> = there.iter().filter(fits).map(|one| one.id).collect();
        match place_of_it {
            None => only(place, kind, new.name, &fitting),
            Some(None) => Ok(None),
            Some(Some(at)) => {
                let is_free = |id: &i64| !self.done.seen.contains(&(kind.table, *id));
                let mut free = fitting.into_iter().filter(is_free);
                Ok(free.clone().find(|id| *id == at).or_else(|| free.next()))
            }
        }
    }

    /// Notes which thing it was that the file described, so that others of the file find it by its number.
    pub(super) fn note_described(
        &mut self,
        place: &str,
        (kind, within): (&Kind, i64),
        new: Described<'_>,
        (id, is_new): (i64, bool),
    ) {
        let Some(number) = new.number else { return };
        let noted = Noted {
            place: self.file.lines.name(&format!("{place}.number")),
            is_by_number: kind.ids(new).next().is_none(),
            is_new,
        };
        let places = self.done.places.entry((kind.table, within, new.name.to_owned())).or_default();
        let at = index(number);
        places.resize(places.len().max(at + 1), Place::default());
        places[at] = Place { id: Some(id), noted: Some(noted) };
    }

    /// The thing that stands at this number, if so many stand there.
    fn place_of(
        &mut self,
        place: &str,
        kind: &Kind,
        within: i64,
        (name, number): (&str, Nth),
    ) -> Result<Option<i64>> {
        match self.counted(kind, within, name)?.get(index(number)) {
            Some(there) if there.noted.is_some() => Err(Error::invalid(place, TWICE)),
            there => Ok(there.and_then(|there| there.id)),
        }
    }

    /// Counts those that have a thing's name while it has it too: the file may give it another name or
    /// place, and has counted before that.
    fn count_before(&mut self, kind: &Kind, id: i64) -> Result<()> {
        let Kind { table, within, .. } = kind;
        let within = within.unwrap_or("0");
        let sql = format!("SELECT {within}, name FROM {table} WHERE id = ?1");
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (within, name): (i64, String) = self.tx.prepare_cached(&sql)?.query_row([id], row)?;
        self.counted(kind, within, &name).map(drop)
    }

    /// Those of a name by their numbers, as they were counted when it first came up.
    fn counted(&mut self, kind: &Kind, within: i64, name: &str) -> Result<&[Place]> {
        let key = (kind.table, within, name.to_owned());
        if !self.done.places.contains_key(&key) {
            let there = self.standing(kind, Some(within), name)?;
            let places = there.iter().map(|one| Place::at(one.id)).collect();
            self.done.places.insert(key.clone(), places);
        }
        Ok(self.done.places.get(&key).map_or(&[], Vec::as_slice))
    }

    /// The thing that another one names.
    ///
    /// # Errors
    /// 422 where there is none, or the name is of several.
    pub(super) fn named(
        &self,
        place: &str,
        kind: &'static Kind,
        within: Option<i64>,
        (name, number): (&str, Option<Nth>),
    ) -> Result<i64> {
        let all = |there: Vec<Standing>| there.iter().map(|one| one.id).collect::<Vec<_>>();
        if let Some(number) = number {
            let known = within.or(kind.within.is_none().then_some(0));
            let known = known.map(|within| (kind.table, within, name.to_owned()));
            let places = match known.and_then(|key| self.done.places.get(&key)) {
                Some(places) => places.clone(),
                None => {
                    self.standing(kind, within, name)?.iter().map(|one| Place::at(one.id)).collect()
                }
            };
            return places.get(index(number)).and_then(|place| place.id).ok_or_else(|| {
                let (number, count) = (number.get(), places.len());
                let message = format!(
                    "names number {number} of “{name}”, and there are {count} of this name"
                );
                Error::invalid(place, message)
            });
        }
        let told = Described { name, number, outside: Some(name), code: Some(name) };
        for (column, said) in kind.ids(told) {
            if let Some((id, at)) = self.holder(kind, column, said)?
                && (kind.moves || Some(at) == within)
            {
                return Ok(id);
            }
        }
        let named = all(self.standing(kind, within, name)?);
        only(place, kind, name, &named)?.ok_or_else(|| {
            Error::invalid(place, format!("names “{name}”, which is not {}", kind.one))
        })
    }

    /// Who has this id or code, and in what it stands.
    fn holder(&self, kind: &Kind, column: &str, said: &str) -> Result<Option<(i64, i64)>> {
        let Kind { table, within, .. } = kind;
        let within = within.unwrap_or("0");
        let sql = format!(
            "SELECT id, {within} FROM {table} WHERE {column} = ?1 AND deleted_at IS NULL LIMIT 1"
        );
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(self.tx.prepare_cached(&sql)?.query_row([said], row).optional()?)
    }

    /// All of this name, in the order of the menu.
    pub(super) fn standing(
        &self,
        kind: &Kind,
        within: Option<i64>,
        name: &str,
    ) -> Result<Vec<Standing>> {
        let Kind { table, within: parent, code, .. } = kind;
        let (parent, code) = (parent.unwrap_or("0"), code.unwrap_or("NULL"));
        let stands = if within.is_some() { format!("{parent} = ?2") } else { "?2 IS NULL".into() };
        let sql = format!(
            "SELECT id, external_id, {code} FROM {table}
             WHERE {stands} AND name = ?1 AND deleted_at IS NULL ORDER BY sort_order, id"
        );
        let mut statement = self.tx.prepare_cached(&sql)?;
        let rows = statement.query_map(params![name, within], |row| {
            Ok(Standing { id: row.get(0)?, outside: row.get(1)?, code: row.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Kind {
    /// The columns by which one is known alone, with what is said of them.
    fn ids<'a>(
        &self,
        said: Described<'a>,
    ) -> impl Iterator<Item = (&'static str, &'a str)> + use<'a> {
        let code = self.code.and_then(|column| Some((column, said.code?)));
        let outside = said.outside.map(|said| ("external_id", said));
        outside.into_iter().chain(code).filter(|(_, said)| !said.is_empty())
    }
}

/// An id or a code where there is one: an empty one says that there is none.
pub(super) fn said(code: Option<&str>) -> Option<&str> {
    code.filter(|code| !code.is_empty())
}

pub(super) fn index(number: Nth) -> usize {
    usize::try_from(number.get() - 1).unwrap_or_default()
}

/// The only one of those with a name.
fn only(place: &str, kind: &Kind, name: &str, found: &[i64]) -> Result<Option<i64>> {
    match found {
        [] => Ok(None),
        [id] => Ok(Some(*id)),
        _ => {
            let Kind { many, told_apart, .. } = kind;
            let message = format!(
                "names “{name}”, and several {many} have this name: tell them apart by {told_apart}"
            );
            Err(Error::invalid(place, message))
        }
    }
}
