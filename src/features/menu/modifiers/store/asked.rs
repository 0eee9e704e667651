//! Whether what dishes and options ask of a group can be had at all. What is sold out counts: it comes
//! back. A group of which nobody asks may be anything yet, for its options are added one by one.

use rusqlite::{OptionalExtension, params_from_iter};

use crate::core::error::{Error, Result};
use crate::core::store::Tx;

/// Who asks for a group in a way that nobody can follow: for more than its options give, for more than
/// may be chosen, or for fewer than come along by themselves. Only for the group `?1`, where one is
/// given, and only the dish `?2`. Each of these is a comparison of its own or none at all: `?1 IS NULL
/// OR …` would walk all options of the menu for one group.
fn asked(group_id: Option<i64>, dish_id: Option<i64>) -> String {
    let of = |column: &str| group_id.map_or(String::new(), |_| format!(" AND {column} = ?1"));
    let (options, links, asking) = (of("group_id"), of("l.group_id"), of("o.nested_group_id"));
    let by_others = match dish_id {
        Some(_) => " AND l.dish_id = ?2".to_owned(),
        None => format!(
            "UNION ALL
             SELECT o.nested_group_id, o.name, g.min_choices, g.max_choices, g.name
             FROM modifier_options o JOIN modifier_groups g ON g.id = o.nested_group_id
             WHERE o.deleted_at IS NULL AND g.deleted_at IS NULL{asking}"
        ),
    };
    format!(
        "WITH options AS MATERIALIZED (
             SELECT group_id, sum(max_quantity) AS most, sum(is_default) AS usual
             FROM modifier_options WHERE deleted_at IS NULL{options} GROUP BY group_id),
         asked AS (
             SELECT l.group_id, d.name AS by, coalesce(l.min_choices, g.min_choices) AS least,
                    coalesce(l.max_choices, g.max_choices) AS most, g.name
             FROM dish_modifier_groups l JOIN dishes d ON d.id = l.dish_id
             JOIN modifier_groups g ON g.id = l.group_id
             WHERE d.deleted_at IS NULL AND g.deleted_at IS NULL{links}
             {by_others})
         SELECT asked.by, asked.name, least, asked.most, coalesce(options.most, 0),
                coalesce(usual, 0)
         FROM asked LEFT JOIN options ON options.group_id = asked.group_id
         WHERE least > asked.most OR least > coalesce(options.most, 0)
            OR coalesce(usual, 0) > asked.most
         LIMIT 1"
    )
}

/// Refuses a group of which somebody asks what nobody can follow.
///
/// # Errors
/// 400 `dish_asks_for_more`, `too_few_options`, `too_many_usual`.
pub fn ensure_choices(tx: &Tx<'_>, group_id: i64) -> Result<()> {
    wrong(tx, Some(group_id), None)?.map_or(Ok(()), Err)
}

/// The same of what one dish asks.
pub fn ensure_choices_of(tx: &Tx<'_>, group_id: i64, dish_id: i64) -> Result<()> {
    wrong(tx, Some(group_id), Some(dish_id))?.map_or(Ok(()), Err)
}

/// The same of all groups.
///
/// # Errors
/// As [`ensure_choices`].
pub fn ensure_all_choices(tx: &Tx<'_>) -> Result<()> {
    wrong(tx, None, None)?.map_or(Ok(()), Err)
}

/// What was right before is to be right after; what was wrong already may be mended step by step.
///
/// # Errors
/// What `change` refuses; as [`ensure_choices`].
pub fn keeping_choices<T>(
    tx: &mut Tx<'_>,
    group_id: i64,
    change: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let was_right = wrong(tx, Some(group_id), None)?.is_none();
    let changed = change(tx)?;
    if was_right {
        ensure_choices(tx, group_id)?;
    }
    Ok(changed)
}

fn wrong(tx: &Tx<'_>, group_id: Option<i64>, dish_id: Option<i64>) -> Result<Option<Error>> {
    let mut statement = tx.prepare_cached(&asked(group_id, dish_id))?;
    let named = params_from_iter([group_id, dish_id].into_iter().flatten());
    let found = statement.query_row(named, |row| {
        let (by, group): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(refusal(&by, &group, (row.get(2)?, row.get(3)?), (row.get(4)?, row.get(5)?)))
    });
    Ok(found.optional()?)
}

fn refusal(by: &str, group: &str, (least, most): (i64, i64), (there, usual): (i64, i64)) -> Error {
    let (code, detail) = if least > most {
        let detail = format!(
            "“{by}” asks for more of “{group}” than may be chosen then. Change that at the dish first."
        );
        ("dish_asks_for_more", detail)
    } else if least > there {
        let detail = format!(
            "“{by}” asks for {least} of “{group}”, and its options give {there} at most. Ask for \
             fewer, or add options first."
        );
        ("too_few_options", detail)
    } else {
        let detail = format!(
            "“{by}” takes {most} of “{group}” at most, and {usual} of its options come along by \
             themselves. Let it take more, or fewer come along."
        );
        ("too_many_usual", detail)
    };
    let error = Error::rule(code, detail).with("dish", by).with("group", group);
    error.with("least", least).with("most", most).with("there", there).with("usual", usual)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::store::with_newest_schema;

    /// However many options a menu has, one group is asked by its indexes.
    #[test]
    fn one_group_is_looked_at_without_a_walk() {
        let steps = |group_id, dish_id| {
            with_newest_schema(|db| {
                let sql = format!("EXPLAIN QUERY PLAN {}", asked(group_id, dish_id));
                let mut plan = db.prepare(&sql)?;
                let mut rows =
                    plan.query(params_from_iter([group_id, dish_id].into_iter().flatten()))?;
                let mut steps = Vec::new();
                while let Some(row) = rows.next()? {
                    steps.push(row.get::<_, String>(3)?);
                }
                Ok(steps)
            })
            .unwrap()
        };
        let walks = |steps: &[String]| {
            let of_tables = ["SCAN modifier_options", "SCAN o", "SCAN l", "SCAN d", "SCAN g"];
            let is_walk = |step: &&String| {
                of_tables
                    .iter()
                    .any(|walk| **step == *walk || step.starts_with(&format!("{walk} ")))
            };
            steps.iter().filter(is_walk).count()
        };
        for dish_id in [None, Some(1)] {
            let steps = steps(Some(1), dish_id);
            assert_eq!(walks(&steps), 0, "{steps:?}");
        }
        assert!(walks(&steps(None, None)) > 0, "of all groups all are looked at");
    }
}
