//! Learns of orders after they are closed, for as long as the box runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

use super::known::Known;
use super::learn_store::{Begin, Forget, Learn, LearnPast, load, margins};
use super::rules::day_count;
use crate::core::clock;
use crate::core::error::Result;
use crate::core::event::{Event, Kind};
use crate::platform::app::App;

/// What is closed within this is read together.
const PAUSE: Duration = Duration::from_millis(300);
/// Without a closed order it reads on so often, so that the log can be trimmed.
const LOOK: Duration = Duration::from_mins(5);
/// After something went wrong.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(10);
/// So often margins are read anew, over so many days.
const MARGINS_EVERY: Duration = Duration::from_hours(1);
const MARGIN_DAYS: i64 = 30;

/// Runs for as long as the box does.
pub async fn learn(app: App) {
    let stopping = app.hub.stopping.clone();
    let mut begun = false;
    let mut margins_at: Option<Instant> = None;
    loop {
        // Listened to before it is read, so that nothing falls in between.
        let mut events = app.hub.listen();
        let done = round(&app, &mut begun, &mut margins_at).await;
        let pause = match &done {
            Ok(()) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "nothing could be learnt of orders; it is tried again");
                PAUSE_AFTER_ERROR
            }
        };
        if done.is_ok() {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = a_closed_order(&mut events) => {}
                () = sleep(LOOK) => {}
            }
        }
        drop(events);
        tokio::select! {
            () = stopping.cancelled() => return,
            () = sleep(pause) => {}
        }
    }
}

async fn a_closed_order(events: &mut Receiver<Arc<Event>>) {
    loop {
        match events.recv().await {
            Ok(event) if event.kind != Kind::OrderStatusChanged => {}
            Ok(event) if event.status.as_deref() != Some("COMPLETED") => {}
            Ok(_) | Err(RecvError::Lagged(_) | RecvError::Closed) => return,
        }
    }
}

async fn round(app: &App, begun: &mut bool, margins_at: &mut Option<Instant>) -> Result<()> {
    let known = app.state::<Known>();
    if !*begun {
        app.store.run(Begin).await?;
        known.begin(app.store.read_long(load).await?);
        *begun = true;
        let past = app.store.run_in_steps(LearnPast::new(app.site().zone.clone())).await;
        // What was written before it broke off is read back with the rest.
        if past.is_err() {
            *begun = false;
        }
        known.learn(&past?);
    }
    loop {
        let (zone, offered) = (app.site().zone.clone(), known.all_offered());
        let learnt = app.store.run(Learn { zone, offered }).await?;
        known.learn(&learnt.baskets);
        known.clear_offered(&learnt.tables);
        if !learnt.is_more {
            break;
        }
    }
    let today = app.site().zone.day_of(clock::now());
    forget(app, known, day_count(today)).await?;
    if margins_at.is_none_or(|at| at.elapsed() >= MARGINS_EVERY) {
        let since = today.plus_days(-MARGIN_DAYS);
        known.set_margins(app.store.read_long(move |db| margins(db, since)).await?);
        *margins_at = Some(Instant::now());
    }
    Ok(())
}

/// Forgets what is too much, in the database first.
async fn forget(app: &App, known: &Known, today: i32) -> Result<()> {
    loop {
        let (pairs, dishes) = known.too_many(today);
        if pairs.is_empty() && dishes.is_empty() {
            return Ok(());
        }
        app.store.run(Forget { pairs: pairs.clone(), dishes: dishes.clone() }).await?;
        known.forget(&pairs, &dishes);
    }
}
