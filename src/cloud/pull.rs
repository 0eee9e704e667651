//! Menus that a head office publishes.

use super::connect::{Connection, Trouble, trouble};
use crate::app::App;

/// Looks for a newer menu.
///
/// # Errors
/// When the wire breaks.
pub(super) async fn look(app: &App, connection: &Connection) -> Result<(), Trouble> {
    let row = connection
        .client
        .query_one("SELECT version FROM qres.my_publication()", &[])
        .await
        .map_err(trouble)?;
    let version: Option<i64> = row.get(0);
    app.cloud.change(|link| link.published_menu = version);
    Ok(())
}
