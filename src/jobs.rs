//! What the box does by itself: tells of late orders, forgets what is old, tidies the log.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::clock;
use crate::error::Result;
use crate::kernel::Timestamp;
use crate::orders::{MarkDelayed, overdue_orders};
use crate::store::{Command, Priority, Tx, trim, trim_keys};
use crate::{audit, auth, calls, error, security, uploads};

const LOOK_FOR_LATE: Duration = Duration::from_secs(10);
const TIDY: Duration = Duration::from_hours(1);
/// How many old events go at once, so that nobody waits behind a long command.
const TRIMMED_AT_ONCE: i64 = 2000;

/// Runs until the box stops.
pub async fn run(app: App) {
    let mut late = interval(LOOK_FOR_LATE);
    let mut tidy = interval(TIDY);
    late.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tidy.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let outcome = tokio::select! {
            () = app.hub.stopping.cancelled() => return,
            _ = late.tick() => tell_of_late_orders(&app).await,
            _ = tidy.tick() => forget_what_is_old(&app).await,
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "a job of the box failed; it is tried again");
        }
    }
}

/// Tells once of every order that is past its time.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn tell_of_late_orders(app: &App) -> error::Result<()> {
    let late = app.store.read(|db| overdue_orders(db, clock::now())).await?;
    for order_id in late {
        app.store.run(MarkDelayed { order_id }).await?;
    }
    Ok(())
}

/// Deletes what is past its time.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_what_is_old(app: &App) -> Result<()> {
    let days = i64::from(app.settings.event_days);
    let before = Timestamp(clock::now().0 - days * 24 * 3_600_000);
    while app.store.run(Forget { before }).await? == usize::try_from(TRIMMED_AT_ONCE).unwrap_or(0) {
    }
    uploads::tidy(app).await?;
    // In the log it is out of reach of those who can write to the database.
    if let Some(head) = app.store.read(audit::head).await? {
        tracing::info!(target: "qres::audit", %head, "the head of the audit trail");
    }
    Ok(())
}

/// Deletes expired sessions, kept replies, answered calls and old events; returns how many events went.
struct Forget {
    before: Timestamp,
}

impl Command for Forget {
    type Output = usize;
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        auth::trim_sessions(tx)?;
        trim_keys(tx)?;
        security::forget_expired(tx)?;
        security::events::trim(tx)?;
        calls::trim(tx, self.before)?;
        trim(tx, self.before, TRIMMED_AT_ONCE)
    }
}
