//! Courses: what is held goes to the kitchen, or is taken back from it while nobody has begun it.

use rusqlite::{Connection, Row, params};

use super::item_status::write_step;
use super::kitchen::MovedLines;
use super::{actor, checks, events, load};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::Course;
use crate::core::kernel::late::IS_IN_KITCHEN;
use crate::core::store::{Command, Priority, Reply, Tx, course, word};
use crate::features::orders::course_rules::{self, Paced};
use crate::features::orders::events::LineChange;
use crate::features::orders::line_rules::{Touched, check_touch};
use crate::features::orders::states::{CourseStep, ItemStatus};
use crate::features::orders::types::{OrderItem, OrderWithDetails};
use crate::platform::auth::Person;

/// Most lines that are read to find what is due: of more courses than a house can hold.
const MOST_LINES: i64 = 20_000;

/// Fires a course, or holds it again. What is there already stays: a step that is sent twice happens
/// once.
pub struct StepCourse {
    /// The order.
    pub order_id: i64,
    /// Which course.
    pub course: Course,
    /// What is done with it.
    pub step: CourseStep,
    /// Only these lines; all of it when empty.
    pub item_ids: Vec<i64>,
    /// Who.
    pub by: Person,
}

impl Command for StepCourse {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let mut order = load::for_change(tx, self.order_id)?;
        check_open(&order)?;
        if checks::drop_unpaid_of(tx, &order, Some(self.by.id))? {
            order = load::for_change(tx, self.order_id)?;
        }
        for id in &self.item_ids {
            load::find_item(&order, *id)?;
        }
        let is_meant = |item: &&OrderItem| {
            item.course == Some(self.course)
                && (self.item_ids.is_empty() || self.item_ids.contains(&item.id))
        };
        let lines: Vec<&OrderItem> = order.items.iter().filter(is_meant).collect();
        let item_ids = match self.step {
            CourseStep::Fire => fire(tx, &order, lines, Some(self.by.id))?,
            CourseStep::Hold => hold(tx, &order, lines, &self.by)?,
        };
        // What is taken back from the kitchen, and nobody is to pay any more, is not made at all.
        let order = load::for_change(tx, self.order_id)?;
        checks::drop_unpaid_of(tx, &order, Some(self.by.id))?;
        let json = serde_json::to_string(&MovedLines { item_ids }).map_err(Error::internal)?;
        Ok(Reply { json: json.into(), event_seq: None })
    }
}

fn check_open(order: &OrderWithDetails) -> Result<()> {
    let number = order.order.number;
    if !order.order.status.is_closed() {
        return Ok(());
    }
    let detail = format!("Order {number} is closed.");
    Err(Error::rule("order_closed", detail).with("number", number))
}

/// Those of some lines that are held go to the kitchen: their time counts from now. Which they were.
fn fire(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    lines: Vec<&OrderItem>,
    by: Option<i64>,
) -> Result<Vec<i64>> {
    let held = lines.into_iter().filter(|item| item.status == ItemStatus::Held);
    let fired = held.map(|item| OrderItem {
        status: ItemStatus::InPreparation,
        sent_to_kitchen_at: Some(tx.now()),
        ..item.clone()
    });
    let fired: Vec<_> = fired.collect();
    write(tx, order, &fired, (LineChange::Fired, by))
}

/// Those of some lines that were fired are held again, until a person fires them. Which they were.
fn hold(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    lines: Vec<&OrderItem>,
    by: &Person,
) -> Result<Vec<i64>> {
    course_rules::check_hold(lines.iter().copied())?;
    let is_fired = |item: &&OrderItem| {
        matches!(item.status, ItemStatus::SentToKitchen | ItemStatus::InPreparation)
    };
    let held = lines.into_iter().filter(is_fired).map(|item| OrderItem {
        status: ItemStatus::Held,
        sent_to_kitchen_at: None,
        ..item.clone()
    });
    let held: Vec<_> = held.collect();
    write(tx, order, &held, (LineChange::Held, Some(by.id)))
}

/// Writes lines that were fired or held, and tells of all of them at once.
fn write(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    lines: &[OrderItem],
    (change, by): (LineChange, Option<i64>),
) -> Result<Vec<i64>> {
    let mut told = Vec::with_capacity(lines.len());
    for line in lines {
        write_step(tx, line)?;
        mark(tx, line.id, line.course, change == LineChange::Held)?;
        told.push(events::line(tx, line, change, line.quantity)?);
    }
    let item_ids = lines.iter().map(|line| line.id).collect();
    if let Some(first) = lines.first() {
        let now = load::order_with_items(tx, order.order.id)?;
        events::course_stepped(tx, by, now, told, first.course)?;
    }
    Ok(item_ids)
}

/// Writes a line's course, and whether a person holds it. Nobody has told of it as late.
fn mark(tx: &Tx<'_>, item_id: i64, course: Option<Course>, by_hand: bool) -> Result<()> {
    tx.prepare_cached(
        "UPDATE order_items SET course = ?2, held_by_hand = ?3, delayed_at = NULL WHERE id = ?1",
    )?
    .execute(params![item_id, course.map(Course::get), by_hand])?;
    Ok(())
}

/// Puts a line that is not fired into another course. One that is held goes to the kitchen where the
/// table has come to that course.
pub(super) fn put(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    item: &OrderItem,
    course: Option<Course>,
    by: &Person,
) -> Result<()> {
    check_open(order)?;
    if course == item.course {
        return Ok(());
    }
    check_touch(Touched::of(item, false), actor(by, &order.order))?;
    course_rules::check_put(item)?;
    let others = order.items.iter().filter(|other| other.id != item.id).map(Paced::from);
    let others: Vec<_> = others.collect();
    mark(tx, item.id, course, false)?;
    let put = OrderItem { course, ..item.clone() };
    if item.status == ItemStatus::Held && course_rules::goes_where_put(course, &others) {
        return fire(tx, order, vec![&put], Some(by.id)).map(drop);
    }
    let line = events::line(tx, &put, LineChange::Changed, put.quantity)?;
    let now = load::order_with_items(tx, order.order.id)?;
    events::updated(tx, Some(by.id), now, vec![line]).map(drop)
}

/// Orders of which the house fires a course now: so many minutes after the one before was served.
///
/// # Errors
/// When the database cannot be read.
pub fn due_orders(db: &Connection, minutes: i64, now: Timestamp) -> Result<Vec<i64>> {
    // The index of what the kitchen works on finds the orders, so that those that hold nothing, and
    // all that are closed, cost nothing.
    let sql = format!(
        "SELECT {PACED}, i.order_id FROM order_items i
         WHERE i.order_id IN (SELECT i.order_id FROM order_items i INDEXED BY order_items_kitchen
                              WHERE {IS_IN_KITCHEN} AND i.status = 'HELD')
         ORDER BY i.order_id LIMIT {MOST_LINES}"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(5)?, paced(row)?)))?;
    let lines: Vec<(i64, Paced)> = rows.collect::<rusqlite::Result<_>>()?;
    let orders = lines.chunk_by(|(one, _), (other, _)| one == other);
    let due = orders.filter_map(|lines| {
        let (order_id, _) = lines.first()?;
        let lines: Vec<_> = lines.iter().map(|(_, line)| *line).collect();
        course_rules::due(&lines, minutes, now).map(|_| *order_id)
    });
    Ok(due.collect())
}

/// What [`paced`] reads of a row of `order_items` that SQL calls `i`.
const PACED: &str =
    "i.course, i.status, i.sent_to_kitchen_at IS NOT NULL, i.served_at, i.held_by_hand";

fn paced(row: &Row<'_>) -> rusqlite::Result<Paced> {
    Ok(Paced {
        course: course(row, 0)?,
        status: word(row, 1, ItemStatus::parse)?,
        is_fired: row.get(2)?,
        served_at: row.get::<_, Option<i64>>(3)?.map(Timestamp),
        is_held_by_hand: row.get(4)?,
    })
}

/// The lines of an order as the house fires them: with what a person holds, which nobody else asks.
fn lines_of(tx: &Tx<'_>, order_id: i64) -> Result<Vec<Paced>> {
    let sql = format!("SELECT {PACED} FROM order_items i WHERE i.order_id = ?1");
    let mut statement = tx.prepare_cached(&sql)?;
    let lines = statement.query_map([order_id], paced)?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

/// Fires the course of an order that is due, if it still is.
pub struct FireDue {
    /// The order.
    pub order_id: i64,
    /// So many minutes after the one before was served.
    pub minutes: i64,
}

impl Command for FireDue {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let mut order = load::for_change(tx, self.order_id)?;
        if checks::drop_unpaid_of(tx, &order, None)? {
            order = load::for_change(tx, self.order_id)?;
        }
        let lines = lines_of(tx, self.order_id)?;
        let Some(due) = course_rules::due(&lines, self.minutes, tx.now()) else { return Ok(()) };
        if order.order.status.is_closed() {
            return Ok(());
        }
        let held = order.items.iter().filter(|item| item.course == Some(due)).collect();
        fire(tx, &order, held, None).map(drop)
    }
}
