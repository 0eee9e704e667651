//! Things of one name that a file tells apart by numbers: the same file has to mean the same things when it is
//! taken in again.

use std::collections::HashMap;

use super::alike::{DISHES, Described, GROUPS, Kind, OPTIONS, SIZES, index};
use super::done::{Alike, Noted, Place};
use super::importer::Importer;
use crate::core::error::Result;

impl Importer<'_, '_> {
    /// The place of a new thing of which the file says none: where it stands in the file, but behind those of
    /// its name with lower numbers.
    pub(super) fn place_of_new(
        &self,
        kind: &Kind,
        within: i64,
        new: Described<'_>,
        at: usize,
    ) -> Result<i64> {
        let at = at as i64;
        let Some(number) = new.number else { return Ok(at) };
        let key = (kind.table, within, new.name.to_owned());
        let places = self.done.places.get(&key).map_or(&[][..], Vec::as_slice);
        let before = places.iter().take(index(number)).filter_map(|place| place.id);
        let sql = format!("SELECT sort_order FROM {} WHERE id = ?1", kind.table);
        before
            .map(|id| self.find(&sql, [id]))
            .try_fold(at, |last, place| Ok(last.max(place?.unwrap_or_default())))
    }

    /// Notes where numbers would mean other things the next time: of what was new, where the file does not
    /// describe all before it; and of what was put before a thing with a lower number.
    pub(super) fn check_numbers(&mut self) -> Result<()> {
        let mut wrong = Vec::new();
        for (alike, places) in &self.done.places {
            wrong.extend(alone(alike, places));
            wrong.extend(self.overtaking(alike, places)?);
        }
        wrong.sort();
        for (place, message) in wrong {
            self.done.wrong.note(place, message);
        }
        Ok(())
    }

    /// What stands before another one of its name that has a lower number. What is known by an id or a code
    /// is found by that wherever it stands.
    fn overtaking(
        &self,
        (table, within, name): &Alike,
        places: &[Place],
    ) -> Result<Vec<(String, String)>> {
        let kinds = [&GROUPS, &OPTIONS, &DISHES, &SIZES];
        let kind = kinds.into_iter().find(|kind| kind.table == *table);
        let Some(kind) = kind.filter(|_| places.iter().any(|place| place.noted.is_some())) else {
            return Ok(Vec::new());
        };
        let there = self.standing(kind, Some(*within), name)?;
        let ranks: HashMap<i64, usize> = there.iter().map(|one| one.id).zip(0..).collect();
        let by_number = |noted: &Noted| noted.is_by_number;
        let stand =
            (1..).zip(places).filter(|(_, place)| place.noted.as_ref().is_none_or(by_number));
        let stand: Vec<_> = stand
            .filter_map(|(number, place)| Some((number, *ranks.get(&place.id?)?, &place.noted)))
            .collect();
        let turned = stand.windows(2).filter(|two| two[0].1 > two[1].1);
        let wrong = turned.filter_map(|two| {
            let (number, _, noted) = two.iter().rev().find(|(_, _, noted)| noted.is_some())?;
            let message = format!(
                "is number {number} of “{name}”, and would stand elsewhere among them: things of one \
                 name are numbered in the order in which they stand"
            );
            Some((noted.as_ref()?.place.clone(), message))
        });
        Ok(wrong.collect())
    }
}

/// What was new under a number while the file does not describe all that stand before it: taken in again, it
/// would be another one.
fn alone((_, _, name): &Alike, places: &[Place]) -> Option<(String, String)> {
    let is_new = |place: &Place| {
        place.noted.as_ref().is_some_and(|noted| noted.is_new && noted.is_by_number)
    };
    let last = places.iter().rposition(is_new)?;
    let missing = places[..last].iter().position(|place| place.noted.is_none())?;
    let told = places[last].noted.as_ref()?.place.clone();
    let message = format!(
        "would be new as number {} of “{name}”, and the file does not describe number {}: who adds \
         one of a name describes those before it too",
        last + 1,
        missing + 1
    );
    Some((told, message))
}
