//! Word of late orders.

use super::store::{MarkDelayed, overdue_orders};
use crate::core::clock;
use crate::core::error::Result;
use crate::platform::app::App;

/// Tells once of every order that is past its time.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn tell_of_late_orders(app: &App) -> Result<()> {
    let late = app.store.read(|db| overdue_orders(db, clock::now())).await?;
    for order_id in late {
        app.store.run(MarkDelayed { order_id }).await?;
    }
    Ok(())
}
