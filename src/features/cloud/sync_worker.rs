//! The box's own side of the cloud: a thread that sends what waits, gently and for as long as it
//! takes, and says in plain words what is wrong when it cannot.

use std::time::{Duration, Instant};

use serde_json::json;

use super::backoff::Backoff;
use super::connect::{CloudError, Connection};
use super::session::Session;
use super::store::{self, Fold, Tell};
use super::sync_state::SyncHandle;
use super::{join, pull};
use crate::core::background::go_behind;
use crate::core::clock;
use crate::core::kernel::Timestamp;
use crate::core::store::{backlog, newest_change};
use crate::platform::app::App;
use crate::platform::config::{CloudHours, Enrolment};
use crate::platform::upkeep::keep_going;

/// Changes that wait are made into one when there are this many.
const FOLD_AT: i64 = 500;
/// How often a menu is looked for, and a quiet connection is tried.
const LOOK: Duration = Duration::from_mins(1);
/// How often it is looked how long the copy has been missing something.
const LOOK_AT_AGE: Duration = Duration::from_secs(20);
/// What follows a commit within this time goes along.
const GATHER: Duration = Duration::from_millis(200);
/// The lowest priority there is: the copy runs when nobody else wants the processor.
const LAST: i32 = 19;

/// Begins to copy, until the box stops: on a thread of its own and of the lowest priority, so that
/// nobody in the restaurant waits for the cloud.
pub async fn copy(app: App) {
    let Ok(Some(enrolment)) = app.settings.cloud.check() else { return };
    let work = move || {
        go_behind(LAST);
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(keep_going(app.hub.stopping.clone(), || {
                run(app.clone(), enrolment.clone())
            })),
            Err(error) => tracing::error!(%error, "the copy to the cloud does not run"),
        }
    };
    if let Err(error) = std::thread::Builder::new().name("cloud".into()).spawn(work) {
        tracing::error!(%error, "the copy to the cloud does not run");
    }
}

async fn run(app: App, enrolment: Enrolment) {
    tokio::select! {
        () = app.hub.stopping.cancelled() => {}
        () = keep_copying(&app, &enrolment) => {}
        () = watch_age(&app) => {}
    }
}

async fn keep_copying(app: &App, enrolment: &Enrolment) {
    let mut backoff = Backoff::default();
    loop {
        let may_run = in_hours(app);
        app.state::<SyncHandle>().change(|sync| sync.paused = !may_run);
        let mut wait = LOOK;
        if may_run {
            if let Err(error) = talk(app, enrolment, &mut backoff).await {
                tell(app, Some(error)).await;
            }
            wait = backoff.pause();
        }
        app.state::<SyncHandle>().change(|sync| {
            sync.connected = false;
            sync.rows_per_second = 0.0;
        });
        // What waits now may have been sent: it stays as it is until that is settled.
        let told = app.store.read(newest_change).await.unwrap_or(i64::MAX);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = app.state::<SyncHandle>().woken() => {}
            () = keep_small(app, told) => {}
        }
    }
}

/// Whether the copy may run now: always, unless its hours are set.
fn in_hours(app: &App) -> bool {
    let hours = app.settings.cloud.hours.as_deref().and_then(|text| CloudHours::parse(text).ok());
    hours.is_none_or(|hours| hours.has(app.site().zone.minute_of_day(clock::now())))
}

/// While the cloud is away the log of changes still must not grow with time.
async fn keep_small(app: &App, after: i64) {
    loop {
        app.store.changed().await;
        fold_when_long(app, after).await;
    }
}

async fn fold_when_long(app: &App, after: i64) {
    if let Ok((_, changes)) = app.store.read(backlog).await
        && changes > FOLD_AT
    {
        let _ = app.store.run(Fold { after }).await;
    }
}

/// Notes since when the cloud has missed something, once that is longer than it may: the screens of
/// the staff say so.
async fn watch_age(app: &App) {
    let limit = i64::from(app.settings.cloud.warn_after_minutes) * 60_000;
    if limit == 0 {
        return std::future::pending().await;
    }
    let mut complete = None;
    let begun = clock::now().0;
    loop {
        let read = app.store.read(|db| Ok((store::state(db)?, backlog(db)?.0))).await;
        if let Ok((state, waiting)) = read {
            let now = clock::now().0;
            let joined = state.is_some();
            if joined && waiting == 0 {
                complete = Some(now);
            }
            let since = complete.max(state.and_then(|state| state.synced_at)).unwrap_or(begun);
            let is_late = (!joined || waiting > 0) && now - since > limit;
            let late_since = is_late.then_some(since);
            app.state::<SyncHandle>().change(|sync| sync.late_since = late_since);
            let told = late_since.map(|since| json!(Timestamp(since)));
            app.hub.set_notice("cloud_late_since", told);
        }
        tokio::time::sleep(LOOK_AT_AGE).await;
    }
}

/// Remembers what is wrong, for a person who looks later, and says it once in the log.
async fn tell(app: &App, error: Option<CloudError>) {
    let known = app.store.read(store::current_error).await.ok().flatten();
    let same =
        known.as_ref().map(|(code, _)| code.as_str()) == error.as_ref().map(|error| error.code);
    if same {
        return;
    }
    if let Some(error) = &error {
        tracing::warn!(code = error.code, "cloud: {error}");
    } else {
        tracing::info!("cloud: connected");
    }
    let _ = app.store.run(Tell(error.map(|error| (error.code, error.words)))).await;
}

/// One connection, for as long as it holds.
async fn talk(app: &App, enrolment: &Enrolment, backoff: &mut Backoff) -> Result<(), CloudError> {
    let mut connection = Connection::enrolled(enrolment).await?;
    let mut session = Session::open(app, enrolment, &mut connection).await?;
    app.state::<SyncHandle>().change(|sync| {
        sync.connected = true;
        sync.told_menu = None;
        sync.answered_at = Some(clock::now().0);
    });
    while in_hours(app) {
        fold_when_long(app, 0).await;
        while send_next(app, &mut session, &mut connection, backoff).await? {
            tell(app, None).await;
        }
        tell(app, None).await;
        pull::look(app, &connection).await?;
        if app.state::<SyncHandle>().change(|sync| std::mem::take(&mut sync.take_over)) {
            join::again(app, enrolment, &connection).await?;
            return Ok(());
        }
        app.state::<SyncHandle>().change(|sync| sync.answered_at = Some(clock::now().0));
        backoff.is_well();
        tokio::select! {
            () = app.store.changed() => {
                backoff.orders_come();
                tokio::time::sleep(GATHER).await;
            }
            () = app.state::<SyncHandle>().woken() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    Ok(())
}

/// Sends a batch, if anything waits, and rests from it.
async fn send_next(
    app: &App,
    session: &mut Session<'_>,
    connection: &mut Connection,
    backoff: &mut Backoff,
) -> Result<bool, CloudError> {
    let started = Instant::now();
    let Some(batch) = session.next(backoff.rows()).await? else { return Ok(false) };
    if let Err(error) = session.send(connection, batch).await {
        backoff.was_cut_off();
        return Err(error);
    }
    backoff.came_through(started.elapsed());
    if app.store.has_changed() {
        backoff.orders_come();
    }
    tokio::time::sleep(backoff.rest(started.elapsed())).await;
    Ok(true)
}
