//! The courses that the house fires by itself.

use super::store::{FireDue, due_orders};
use crate::core::clock;
use crate::core::error::Result;
use crate::platform::app::App;

/// Fires what is due, where the restaurant has said after how many minutes.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn fire_due_courses(app: &App) -> Result<()> {
    let Some(minutes) = app.site().next_course_minutes else { return Ok(()) };
    let due = app.store.read(move |db| due_orders(db, minutes, clock::now())).await?;
    for order_id in due {
        app.store.run(FireDue { order_id, minutes }).await?;
    }
    Ok(())
}
