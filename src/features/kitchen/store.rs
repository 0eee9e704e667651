//! The kitchen's queries.

use rusqlite::types::ToSql;
use rusqlite::{Connection, Row};

use super::types::{DepartmentLoad, DepartmentStats, KitchenOrderItem};
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::kernel::late::{DUE, IS_IN_KITCHEN, IS_MADE, due_at};
use crate::core::store::{course, measure, quantity, word};
use crate::features::menu::Department;
use crate::features::orders::{ItemStatus, OrderType, chosen, combo};

/// More lines than a kitchen can have open; bounds the reply.
const MOST: i64 = 500;

/// What the kitchen works on.
pub const OPEN: [ItemStatus; 3] =
    [ItemStatus::SentToKitchen, ItemStatus::InPreparation, ItemStatus::Ready];

/// What of it comes from a small index of its own: also what is held for a later course.
const IN_KITCHEN: [ItemStatus; 4] =
    [ItemStatus::Held, ItemStatus::SentToKitchen, ItemStatus::InPreparation, ItemStatus::Ready];

/// Lines of open orders in these statuses, oldest first.
pub fn lines(
    db: &Connection,
    department: Option<Department>,
    statuses: &[ItemStatus],
) -> Result<Vec<KitchenOrderItem>> {
    let words = statuses.iter().map(|s| format!("'{s}'")).collect::<Vec<_>>().join(", ");
    // Whatever the statuses, closed orders cost nothing: what the kitchen works on has an index of
    // its own, everything else is reached through the open orders. CROSS JOIN keeps that order.
    let from = if statuses.iter().all(|status| IN_KITCHEN.contains(status)) {
        &format!(
            "order_items i INDEXED BY order_items_kitchen
                 CROSS JOIN orders o ON o.id = i.order_id AND {IS_IN_KITCHEN}"
        )
    } else {
        "orders o INDEXED BY orders_open CROSS JOIN order_items i ON i.order_id = o.id"
    };
    let sql = format!(
        "SELECT i.id, i.order_id, o.number, o.order_type, t.number, coalesce(u.full_name, ''),
                o.is_guest_order, o.kitchen_notes, i.dish_name, i.variation_name,
                i.dish_image_url, i.quantity, i.comment, i.status, i.department,
                i.estimated_preparation_time, i.sent_to_kitchen_at, i.preparation_started_at,
                i.ready_at, i.created_at, i.dish_id, i.dish_variation_id,
                NOT EXISTS (SELECT 1 FROM dish_variations v
                            WHERE v.dish_id = i.dish_id AND v.id <> i.dish_variation_id
                              AND v.deleted_at IS NULL), t.label, o.guests, i.unit,
                i.chosen, i.combo_id, i.combo_dish_id, i.combo_name, i.course
         FROM {from}
         LEFT JOIN tables t ON t.id = o.table_id
         LEFT JOIN users u ON u.id = o.waiter_id
         WHERE i.status IN ({words}) AND o.closed_at IS NULL
           AND (?1 IS NULL OR i.department = ?1)
         ORDER BY coalesce(i.sent_to_kitchen_at, i.created_at), i.id LIMIT {MOST}"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let lines = statement.query_map([department.map(Department::as_str)], line_from_row)?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

fn line_from_row(row: &Row<'_>) -> rusqlite::Result<KitchenOrderItem> {
    let moment = |column: usize| row.get::<_, Option<i64>>(column).map(|m| m.map(Timestamp));
    let estimated: Option<i64> = row.get(15)?;
    let sent_to_kitchen_at = moment(16)?;
    Ok(KitchenOrderItem {
        id: row.get(0)?,
        order_id: row.get(1)?,
        order_number: row.get(2)?,
        order_type: word(row, 3, OrderType::parse)?,
        table_number: row.get(4)?,
        table_name: row.get(23)?,
        guests: row.get(24)?,
        waiter_name: row.get(5)?,
        is_guest_order: row.get(6)?,
        order_notes: row.get(7)?,
        dish_name: row.get(8)?,
        variation_name: row.get(9)?,
        dish_image_url: row.get(10)?,
        quantity: quantity(row, 11)?,
        unit: measure(row, 25)?,
        modifiers: chosen(row, 26)?,
        combo: combo(row, 27)?,
        course: course(row, 30)?,
        comment: row.get(12)?,
        status: word(row, 13, ItemStatus::parse)?,
        department: word(row, 14, Department::parse)?,
        estimated_preparation_time: estimated,
        sent_to_kitchen_at,
        preparation_started_at: moment(17)?,
        ready_at: moment(18)?,
        due_at: due_at(sent_to_kitchen_at, estimated),
        created_at: Timestamp(row.get(19)?),
        dish_id: row.get(20)?,
        dish_variation_id: row.get(21)?,
        one_size: row.get(22)?,
    })
}

/// Every department with what it has to do now.
pub fn departments(db: &Connection) -> Result<Vec<DepartmentLoad>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT count(*) FILTER (WHERE {IS_MADE}), count(*) FILTER (WHERE status = 'READY')
         FROM order_items i INDEXED BY order_items_kitchen
         WHERE department = ?1 AND {IS_IN_KITCHEN}"
    ))?;
    Department::ALL
        .iter()
        .map(|&department| {
            Ok(statement.query_row([department.as_str()], |row| {
                Ok(DepartmentLoad { department, open_items: row.get(0)?, ready_items: row.get(1)? })
            })?)
        })
        .collect()
}

/// How a department did since a moment of a day. The day finds where its orders begin, so that
/// older lines are not read.
pub fn stats(
    db: &Connection,
    department: Department,
    hours: i64,
    (day, since): (i64, Timestamp),
) -> Result<DepartmentStats> {
    let values: [&dyn ToSql; 3] = [&department.as_str(), &since.0, &day];
    Ok(db
        .prepare_cached(&format!(
            "SELECT count(*),
                    count(*) FILTER (WHERE status IN ('READY', 'SERVED')),
                    count(*) FILTER (WHERE status IN ('SENT_TO_KITCHEN', 'IN_PREPARATION')),
                    count(*) FILTER (WHERE status = 'CANCELLED'),
                    avg((ready_at - coalesce(preparation_started_at, sent_to_kitchen_at))
                        / 60000.0),
                    count(*) FILTER (WHERE ready_at > {DUE})
             FROM order_items i
             WHERE department = ?1 AND created_at >= ?2
               AND order_id >= (SELECT id FROM orders WHERE business_day >= ?3
                                ORDER BY business_day, number LIMIT 1)"
        ))?
        .query_row(values, |row| {
            Ok(DepartmentStats {
                department,
                hours,
                total_items: row.get(0)?,
                completed_items: row.get(1)?,
                open_items: row.get(2)?,
                cancelled_items: row.get(3)?,
                average_preparation_time: row.get(4)?,
                late_items: row.get(5)?,
            })
        })?)
}
