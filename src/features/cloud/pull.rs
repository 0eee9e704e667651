//! What a head office publishes: menu, prices, and the settings that go with them, as one whole
//! version, checked whole, and applied in short steps, now or after closing. What ran out here, the
//! restaurant's name, its currency and zone stay the box's own word.

use std::sync::Arc;

use serde_json::Value;

use super::connect::{CloudError, Connection, cloud_error};
use super::store::{is_closed, note_menu_version, state};
use super::sync_state::SyncHandle;
use crate::core::error::{Error, Result};
use crate::core::kernel::Patch;
use crate::features::import::Turn;
use crate::features::import::{Content, Import, Report, Restaurant, read_json};
use crate::platform::app::App;

/// A published version.
#[derive(Debug)]
struct Publication {
    version: i64,
    after_closing: bool,
    content: Value,
}

/// Looks for a newer version, applies it when it is time, and tells the cloud which one runs.
///
/// # Errors
/// When the connection breaks.
pub(super) async fn look(app: &App, connection: &Connection) -> Result<(), CloudError> {
    // What was taken and could not be told before the connection broke is told now.
    report(app, connection).await?;
    let running = app.store.read(state).await?.map_or(0, |state| state.menu_version);
    let Some(newest) = newest(connection, running).await? else { return Ok(()) };
    app.state::<SyncHandle>().change(|sync| sync.published_menu = Some(newest.version));
    let now = app.state::<SyncHandle>().now();
    if now.refused_menu.is_some_and(|(version, _)| version == newest.version) {
        return Ok(());
    }
    let wanted = now.apply_now == Some(newest.version);
    let due = !newest.after_closing || wanted || app.store.read(is_closed).await?;
    let version = newest.version;
    match take(app, newest, !due).await {
        Ok(done) if due => {
            tracing::info!(version, changes = done.changes_count, "cloud: a new version runs");
            app.state::<SyncHandle>().change(|sync| {
                sync.planned = None;
                sync.refused_menu = None;
            });
            report(app, connection).await
        }
        Ok(planned) => {
            app.state::<SyncHandle>().change(|sync| sync.planned = Some(Arc::new(planned)));
            Ok(())
        }
        // It is no fault of the version: the next look goes on.
        Err(error) if error.status() >= 500 || error.problem().code == "import_stopped" => {
            tracing::warn!(version, %error, "cloud: a version could not be taken whole yet");
            Ok(())
        }
        Err(error) => {
            let problem = in_words(&error);
            tracing::warn!(version, %problem, "cloud: a published version cannot be used");
            app.state::<SyncHandle>().change(|sync| {
                sync.planned = None;
                sync.refused_menu = Some((version, problem));
            });
            report(app, connection).await
        }
    }
}

/// What is wrong, with the first place where it is.
fn in_words(error: &Error) -> String {
    match error.problem().errors.first() {
        Some(first) => format!("{}: {}", first.field, first.message),
        None => error.to_string(),
    }
}

async fn newest(connection: &Connection, running: i64) -> Result<Option<Publication>, CloudError> {
    // The content may be large: it comes only when it is new.
    let row = connection
        .client
        .query_opt(
            "SELECT version, apply_when, content FROM qres.my_publication() WHERE version > $1",
            &[&running],
        )
        .await
        .map_err(cloud_error)?;
    Ok(row.map(|row| Publication {
        version: row.get(0),
        after_closing: row.get::<_, &str>(1) == "after_closing",
        content: row.get(2),
    }))
}

/// Applies it, or says what it would change.
async fn take(app: &App, publication: Publication, dry_run: bool) -> Result<Report> {
    let bytes = serde_json::to_vec(&own_words_removed(publication.content)).unwrap_or_default();
    let content = read_json(&bytes)?;
    let published = Content {
        restaurant: content.restaurant.map(|told| settings(app, told)).transpose()?,
        tax_classes: content.tax_classes,
        ingredients: content.ingredients,
        modifier_groups: content.modifier_groups,
        categories: content.categories,
        combos: content.combos,
        periods: content.periods,
        price_lists: content.price_lists,
        ..Content::default()
    };
    let version = publication.version;
    // The version runs when all of it is in; one that was cut off is taken again.
    let import =
        Import::new(published).as_whole_menu().at_the_end(move |tx| note_menu_version(tx, version));
    let _turn = app.state::<Turn>().take().await;
    if dry_run {
        return import.dry_run(&app.store).await;
    }
    import.run(&app.store, &app.auth.hasher, app.hub.stopping.clone()).await
}

/// Of the restaurant itself only the settings are published. Prices in another currency would be
/// wrong prices.
fn settings(app: &App, told: Restaurant) -> Result<Restaurant> {
    let own = &app.site().currency;
    if let Some(currency) = told.currency.filter(|currency| currency != own) {
        let detail = format!("its prices are in {currency}, and this restaurant's in {own}");
        return Err(Error::rule("currency_fixed", detail));
    }
    let Restaurant { languages, guest_orders, tax_percent, tax_class, service_tax_class, .. } =
        told;
    Ok(Restaurant {
        name: None,
        currency: None,
        timezone: None,
        day_begins_hour: None,
        languages,
        guest_orders,
        tax_percent,
        tax_class,
        service_tax_class,
        house_tips: None,
        next_course_minutes: Patch::Keep,
        price_grace_minutes: None,
    })
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
    each(&mut content, "modifier_groups", &mut |group| each(group, "options", &mut forget));
    content
}

/// Tells the cloud which version runs and why the newest does not, unless it was told so over this
/// connection. What is told follows from what is, so a report that got lost is made good.
async fn report(app: &App, connection: &Connection) -> Result<(), CloudError> {
    let running = app.store.read(state).await?.map_or(0, |state| state.menu_version);
    let sync = app.state::<SyncHandle>().now();
    let refused = sync.refused_menu;
    let problem = refused.map(|(version, problem)| format!("version {version}: {problem}"));
    let is_told = sync.told_menu.as_ref() == Some(&(running, problem.clone()));
    if is_told || (running == 0 && problem.is_none()) {
        return Ok(());
    }
    connection
        .client
        .execute("SELECT qres.report_menu($1, $2)", &[&running, &problem])
        .await
        .map_err(cloud_error)?;
    app.state::<SyncHandle>().change(|sync| sync.told_menu = Some((running, problem)));
    Ok(())
}
