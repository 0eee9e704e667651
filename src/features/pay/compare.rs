//! Each day a provider's own list is held against the books: what a lost reply hid, or came long after its
//! time, is found.

use super::provider::{Provider, Seen};
use super::reach::Reached;
use super::states::How;
use super::steps::reached;
use super::store::{self, Adopt, Adopted, NoteDay, Settle, Step};
use super::types::ComparisonView;
use super::uplink::Uplink;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::platform::app::App;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// So far back the list is read at least, and before the last time that it was (ms).
const BACK: i64 = 2 * DAY;
/// And no further than this: after a longer rest somebody looks at the provider's own pages.
const LONGEST: i64 = 31 * DAY;

/// Holds the lists of all providers against the books, once a day.
///
/// # Errors
/// When the database cannot be read; a provider that does not answer is asked the next time.
pub async fn each_day(app: &App) -> Result<()> {
    let today = app.site().zone.day_of(clock::now()).number();
    for id in app.store.read(store::asked).await? {
        if app.store.read(move |db| store::is_compared(db, id, today)).await? {
            continue;
        }
        if let Err(error) = compare(app, id).await {
            tracing::info!(%error, provider = id, "a provider's list is not read yet");
        }
    }
    Ok(())
}

/// Holds a provider's list against the books.
///
/// # Errors
/// 409 when it does not answer.
pub async fn compare(app: &App, provider_id: i64) -> Result<ComparisonView> {
    let provider = reached(app, provider_id).await?;
    let now = clock::now().0;
    let last = app.store.read(move |db| store::last_compared(db, provider_id)).await?;
    let from = last.map_or(now - BACK, |last| (last - DAY).min(now - BACK)).max(now - LONGEST);
    let told = provider.list(from, now + HOUR).await;
    app.state::<Uplink>().note(provider_id, &told);
    let listed = told.map_err(|trouble| {
        let detail = format!("The provider did not tell its list: {}.", trouble.words());
        Error::conflict("provider_silent", detail)
    })?;
    let outcome = match listed {
        Some(all) => take_in(app, provider_id, all).await?,
        None => ask_each(app, provider_id, &provider, from).await?,
    };
    let day = app.site().zone.day_of(clock::now()).number();
    app.store.run(NoteDay { provider_id, day, outcome: outcome.clone() }).await?;
    Ok(outcome)
}

/// Where there is no list: what ended without money is looked at once more.
async fn ask_each(
    app: &App,
    provider_id: i64,
    provider: &Reached,
    from: i64,
) -> Result<ComparisonView> {
    let ended = app.store.read(move |db| store::ended_since(db, provider_id, from)).await?;
    let mut outcome = ComparisonView::none();
    for row in ended {
        let Ok(seen) = provider.look(&row.known()).await else { continue };
        if seen.how == How::Paid {
            outcome.listed += 1;
            outcome.sum += seen.amount.unwrap_or(row.sum());
            let step = Step::Seen(Box::new(seen), true);
            app.store.run(Settle { id: row.id, step }).await?;
            outcome.found += 1;
        }
    }
    Ok(outcome)
}

async fn take_in(app: &App, provider_id: i64, all: Vec<Seen>) -> Result<ComparisonView> {
    let mut outcome = ComparisonView { has_list: true, ..ComparisonView::none() };
    let mut references = std::collections::HashSet::new();
    for seen in all.into_iter().filter(|seen| seen.how == How::Paid) {
        // A page may begin with the last row of the one before.
        if !references.insert(seen.reference.clone()) {
            continue;
        }
        outcome.listed += 1;
        outcome.sum += seen.amount.unwrap_or(Money::ZERO);
        let reference = seen.reference.clone();
        let known = move |db: &_| store::is_known(db, provider_id, &reference);
        if app.store.read(known).await? {
            continue;
        }
        match app.store.run(Adopt { provider_id, seen }).await? {
            Adopted::Known => {}
            Adopted::Found => outcome.found += 1,
            Adopted::Stranger => outcome.strangers += 1,
        }
    }
    Ok(outcome)
}

impl ComparisonView {
    fn none() -> Self {
        Self { has_list: false, listed: 0, sum: Money::ZERO, found: 0, strangers: 0 }
    }
}
