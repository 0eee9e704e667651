//! Menus that a head office publishes: taken as a whole version, checked, and applied in one
//! transaction, now or after closing. What ran out here stays the box's own word.

use serde_json::Value;

use super::connect::{Connection, Trouble, trouble};
use super::store::{TakeMenu, is_closed, state};
use crate::app::App;
use crate::error::Result;
use crate::import::{Content, Import, read_json};

/// A published menu.
#[derive(Debug)]
struct Publication {
    version: i64,
    after_closing: bool,
    content: Value,
}

/// Looks for a newer menu, applies it when it is time, and tells the cloud which one runs.
///
/// # Errors
/// When the wire breaks.
pub(super) async fn look(app: &App, connection: &Connection) -> Result<(), Trouble> {
    let running = app.store.read(state).await?.map_or(0, |state| state.menu_version);
    let Some(newest) = newest(connection, running).await? else { return Ok(()) };
    app.cloud.change(|link| link.published_menu = Some(newest.version));
    if newest.version == app.cloud.now().refused_menu.unwrap_or_default() {
        return Ok(());
    }
    let wanted = app.cloud.now().apply_now == Some(newest.version);
    let due = !newest.after_closing || wanted || app.store.read(is_closed).await?;
    let version = newest.version;
    match take(app, newest, !due).await {
        Ok(told) if due => {
            tracing::info!(version, "cloud: a new menu runs: {told}");
            app.cloud.change(|link| link.menu_changes = None);
            report(connection, version, None).await
        }
        Ok(told) => {
            app.cloud.change(|link| link.menu_changes = Some(told));
            Ok(())
        }
        Err(error) => {
            tracing::warn!(version, %error, "cloud: a published menu cannot be used");
            app.cloud.change(|link| link.refused_menu = Some(version));
            report(connection, running, Some(&format!("version {version}: {error}"))).await
        }
    }
}

async fn newest(connection: &Connection, running: i64) -> Result<Option<Publication>, Trouble> {
    // The content may be large: it comes only when it is new.
    let row = connection
        .client
        .query_opt(
            "SELECT version, apply_when, content FROM qres.my_publication() WHERE version > $1",
            &[&running],
        )
        .await
        .map_err(trouble)?;
    Ok(row.map(|row| Publication {
        version: row.get(0),
        after_closing: row.get::<_, &str>(1) == "after_closing",
        content: row.get(2),
    }))
}

/// Applies it, or says what it would change.
async fn take(app: &App, publication: Publication, rehearsal: bool) -> Result<String> {
    let bytes = serde_json::to_vec(&own_words_removed(publication.content)).unwrap_or_default();
    let content = read_json(&bytes)?;
    let only_menu = Content {
        ingredients: content.ingredients,
        categories: content.categories,
        ..Content::default()
    };
    let import = Import::prepare(only_menu, &app.store, &app.auth.hasher, rehearsal).await?;
    let import = import.as_whole_menu();
    let report = if rehearsal {
        app.store.run(import).await?
    } else {
        app.store.run(TakeMenu { import, version: publication.version }).await?
    };
    let told = report.counts.iter().map(|(what, counts)| {
        format!(
            "{what}: {} new, {} changed, {} off",
            counts.created, counts.updated, counts.removed
        )
    });
    Ok(told.collect::<Vec<_>>().join("; "))
}

/// What is sold out here is the box's own word: a publication does not speak of it.
fn own_words_removed(mut content: Value) -> Value {
    let each = |value: &mut Value, name: &str, then: &mut dyn FnMut(&mut Value)| {
        if let Some(list) = value.get_mut(name).and_then(Value::as_array_mut) {
            list.iter_mut().for_each(then);
        }
    };
    let mut forget = |thing: &mut Value| {
        thing.as_object_mut().map(|fields| fields.remove("is_available"));
    };
    each(&mut content, "categories", &mut |category| {
        each(category, "dishes", &mut |dish| {
            forget(dish);
            each(dish, "variations", &mut forget);
        });
    });
    content
}

async fn report(
    connection: &Connection,
    running: i64,
    problem: Option<&str>,
) -> Result<(), Trouble> {
    connection
        .client
        .execute("SELECT qres.report_menu($1, $2)", &[&running, &problem])
        .await
        .map_err(trouble)?;
    Ok(())
}
