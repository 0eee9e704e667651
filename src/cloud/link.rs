//! The box's own side of the cloud: a task that sends what waits, gently and for as long as it
//! takes, and says in plain words what is wrong when it cannot.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::time::timeout;

use super::connect::{Connection, Trouble, trouble};
use super::push::{self, Outcome, Sender, Statements};
use super::settings::Hours;
use super::store::{
    self, Batch, CopyAll, Fold, Join, Shape, State, Taken, Tell, next_batch, shapes,
};
use super::{Enrolment, hardware, pull};
use crate::app::App;
use crate::auth::random_bytes;
use crate::clock;
use crate::config::Settings;
use crate::store::{backlog, has_change, newest_change, newest_schema};

/// Rows of the first batch on a connection; later ones follow what the cloud takes in good time.
const FIRST_BATCH: i64 = 500;
/// Rows of a batch at most: some 2 MB.
const LARGEST_BATCH: i64 = 5000;
/// A batch that takes longer halves the next one, one that takes a quarter of it doubles it.
const GOOD_TIME: Duration = Duration::from_secs(2);
/// A cloud that does not end a batch in this time is silent.
const BATCH_TIMEOUT: Duration = Duration::from_mins(1);
/// While the restaurant orders, the box rests this many times as long as it worked on a batch.
const REST: u32 = 4;
/// A commit this long ago no longer counts as ordering.
const BUSY_FOR: Duration = Duration::from_secs(3);
/// Changes that wait are made into one when there are this many.
const FOLD_AT: i64 = 500;
/// How often a menu is looked for, and a quiet wire is tried.
const LOOK: Duration = Duration::from_mins(1);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// How the link is now, for those who look.
#[derive(Debug, Clone, Default)]
pub struct LinkState {
    /// Whether the cloud answers.
    pub connected: bool,
    /// When it answered last, in milliseconds since 1970.
    pub answered_at: Option<i64>,
    /// Rows a second of the last batches.
    pub rows_per_second: f64,
    /// The newest menu published for this box.
    pub published_menu: Option<i64>,
    /// What that menu would change here, while it waits for closing.
    pub menu_changes: Option<String>,
    /// A menu that could not be used; it is not tried again.
    pub(super) refused_menu: Option<i64>,
    /// A menu that an admin wants now.
    pub(super) apply_now: Option<i64>,
}

/// The link, shared with the pages that show it.
#[derive(Default)]
pub struct Link(Mutex<LinkState>, Notify);

impl Link {
    /// As it is now.
    pub fn now(&self) -> LinkState {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The menu that waits for closing is applied at the next look, within a minute.
    pub fn apply_menu_now(&self) {
        self.change(|link| link.apply_now = link.published_menu);
        self.1.notify_one();
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut LinkState)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Copies to the cloud until the box stops.
pub async fn run(app: App, enrolment: Enrolment) {
    let mut pause = FIRST_PAUSE;
    loop {
        let outcome = tokio::select! {
            () = app.hub.stopping.cancelled() => return,
            outcome = talk(&app, &enrolment, &mut pause), if in_hours(&app) => outcome,
            () = std::future::ready(()), if !in_hours(&app) => Ok(()),
        };
        app.cloud.change(|link| {
            link.connected = false;
            link.rows_per_second = 0.0;
        });
        if let Err(trouble) = outcome {
            tell(&app, Some(trouble)).await;
        }
        // What waits now may have been sent: it stays as it is until that is settled.
        let told = app.store.read(newest_change).await.unwrap_or(i64::MAX);
        tokio::select! {
            () = app.hub.stopping.cancelled() => return,
            () = tokio::time::sleep(with_jitter(pause)) => {}
            () = keep_small(&app, told) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Whether the copy may run now: always, unless its hours are set.
fn in_hours(app: &App) -> bool {
    let hours = app.settings.cloud.hours.as_deref().and_then(|text| Hours::parse(text).ok());
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

/// Between three and five quarters of it, so that many boxes do not knock in step.
fn with_jitter(pause: Duration) -> Duration {
    let random = f64::from(u16::from_le_bytes(random_bytes().unwrap_or_default()));
    pause.mul_f64(0.75 + random / f64::from(u16::MAX) / 2.0)
}

/// Remembers what is wrong, for a person who looks later, and says it once in the log.
async fn tell(app: &App, trouble: Option<Trouble>) {
    let known = app.store.read(store::state).await.ok().flatten().and_then(|state| state.trouble);
    let same = known.as_ref().map(|(code, _)| code.as_str()) == trouble.as_ref().map(|t| t.code);
    if same {
        return;
    }
    if let Some(trouble) = &trouble {
        tracing::warn!(code = trouble.code, "cloud: {trouble}");
    } else {
        tracing::info!("cloud: connected");
    }
    let _ = app.store.run(Tell(trouble.map(|t| (t.code, t.words)))).await;
}

/// One connection, for as long as it holds.
async fn talk(app: &App, enrolment: &Enrolment, pause: &mut Duration) -> Result<(), Trouble> {
    let mut connection = Connection::enrolled(enrolment).await?;
    let hardware = hardware::id(&app.settings);
    let state = introduce(app, enrolment, &connection, &hardware).await?;
    let shapes = known_shapes(app, &connection, &state).await?;
    let mut wire = Wire {
        app,
        sender: Sender {
            site_id: enrolment.site_id,
            epoch: state.epoch,
            hardware,
            schema: i32::try_from(newest_schema()).unwrap_or(i32::MAX),
        },
        batch: state.batch,
        size: FIRST_BATCH,
        shapes: Arc::new(shapes),
        statements: Statements::default(),
        busy_until: Instant::now(),
    };
    wire.meet(&mut connection).await?;
    app.cloud.change(|link| {
        link.connected = true;
        link.answered_at = Some(clock::now().0);
    });
    while in_hours(app) {
        fold_when_long(app, 0).await;
        while wire.send_next(&mut connection).await? {
            *pause = FIRST_PAUSE;
        }
        tell(app, None).await;
        pull::look(app, &connection).await?;
        app.cloud.change(|link| link.answered_at = Some(clock::now().0));
        *pause = FIRST_PAUSE;
        tokio::select! {
            () = app.store.changed() => {
                wire.busy_until = Instant::now() + BUSY_FOR;
                // What follows at once goes along.
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            () = app.cloud.1.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    Ok(())
}

/// Says who is there; a box that comes for the first time joins.
async fn introduce(
    app: &App,
    enrolment: &Enrolment,
    connection: &Connection,
    hardware: &str,
) -> Result<State, Trouble> {
    let row = connection
        .client
        .query_one("SELECT site_id, epoch FROM qres.my_state()", &[])
        .await
        .map_err(trouble)?;
    if row.get::<_, Option<uuid::Uuid>>(0).is_none() {
        return Err(Trouble::new("cloud_refused", "The cloud has cut this restaurant off."));
    }
    let known = app.store.read(store::state).await?;
    if let Some(state) = known.filter(|state| state.site_id == enrolment.site_id) {
        return Ok(state);
    }
    if row.get::<_, i64>(1) > 0 {
        return Err(Trouble::new(
            "cloud_taken",
            "The cloud has the data of another box under this enrolment. To go on with them here, use `qres restore --from-cloud`; for a new restaurant, add a site of its own.",
        ));
    }
    let (epoch, batch) = take_over(connection, hardware).await?;
    app.store.run(Join { site_id: enrolment.site_id, epoch, batch }).await?;
    app.store
        .read(store::state)
        .await?
        .ok_or_else(|| Trouble::new("box_busy", "The box forgot its cloud."))
}

/// A person says that this box is the right one: its data count, and all of them go again.
///
/// # Errors
/// What is wrong, in plain words.
pub async fn take_over_by_hand(settings: Settings, enrolment: &Enrolment) -> Result<i64, Trouble> {
    let connection = Connection::enrolled(enrolment).await?;
    let hardware = hardware::id(&settings);
    let app = App::open(settings).await.map_err(|error| {
        Trouble::new("data_folder", format!("{error} Stop the box before this."))
    })?;
    let (epoch, batch) = take_over(&connection, &hardware).await?;
    let joined = app.store.run(Join { site_id: enrolment.site_id, epoch, batch }).await;
    app.store.close().await;
    joined?;
    Ok(epoch)
}

/// This box is the site's box from now on.
pub(super) async fn take_over(
    connection: &Connection,
    hardware: &str,
) -> Result<(i64, i64), Trouble> {
    let row = connection
        .client
        .query_one("SELECT epoch, batch FROM qres.take_over($1)", &[&hardware])
        .await
        .map_err(trouble)?;
    Ok((row.get(0), row.get(1)))
}

/// The shapes cut to what the cloud has. A box may be a version ahead: what the cloud learns later
/// is copied then.
async fn known_shapes(
    app: &App,
    connection: &Connection,
    state: &State,
) -> Result<Vec<Shape>, Trouble> {
    let rows = connection
        .client
        .query(
            "SELECT c.relname::text, a.attname::text
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'qres' AND a.attnum > 0 AND NOT a.attisdropped",
            &[],
        )
        .await
        .map_err(trouble)?;
    let there: BTreeSet<(String, String)> =
        rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut own = app.store.read(shapes).await?;
    for shape in &mut own {
        let table = shape.table.name.to_owned();
        shape.columns.retain(|column| there.contains(&(table.clone(), column.name.clone())));
    }
    own.retain(|shape| !shape.columns.is_empty());
    let columns: Vec<String> = own
        .iter()
        .flat_map(|shape| {
            shape.columns.iter().map(|column| format!("{}.{}", shape.table.name, column.name))
        })
        .collect();
    let before: BTreeSet<&str> = state.columns.split(' ').collect();
    let learned = columns.iter().any(|column| !before.contains(column.as_str()));
    if learned || columns.len() != before.len() {
        let rows = learned && !state.columns.is_empty();
        app.store.run(CopyAll { columns: columns.join(" "), rows }).await?;
    }
    Ok(own)
}

struct Wire<'a> {
    app: &'a App,
    sender: Sender,
    /// The number of the batch that was taken last.
    batch: i64,
    /// Rows of the next batch.
    size: i64,
    shapes: Arc<Vec<Shape>>,
    statements: Statements,
    busy_until: Instant,
}

impl Wire<'_> {
    /// Says who is there, and settles whether the last batch before the wire broke was taken. It
    /// was, if the cloud has it and it ended with a change of this very box; then all that waits
    /// goes once more under the next number, for nobody knows how much of it went along.
    async fn meet(&mut self, connection: &mut Connection) -> Result<(), Trouble> {
        let next = self.batch + 1;
        match push::greet(&mut connection.client, &self.sender, next).await? {
            Some(Outcome::Repeated { through, tag }) => {
                if self.app.store.read(move |db| has_change(db, through, tag)).await? {
                    self.go_on_from(next, false).await
                } else {
                    Err(push::behind())
                }
            }
            Some(Outcome::Lost(last)) => self.go_on_from(last, true).await,
            _ => Ok(()),
        }
    }

    async fn go_on_from(&mut self, batch: i64, all: bool) -> Result<(), Trouble> {
        self.batch = batch;
        Ok(self.app.store.run(store::GoOnFrom { batch, all }).await?)
    }

    /// Sends a batch, if anything waits.
    async fn send_next(&mut self, connection: &mut Connection) -> Result<bool, Trouble> {
        let started = Instant::now();
        let (shapes, size) = (Arc::clone(&self.shapes), self.size);
        let Some(batch) = self.app.store.read(move |db| next_batch(db, &shapes, size)).await?
        else {
            return Ok(false);
        };
        let number = self.batch + 1;
        let sending = push::send(
            &mut connection.client,
            &mut self.statements,
            &self.shapes,
            &self.sender,
            number,
            &batch,
        );
        let outcome =
            timeout(BATCH_TIMEOUT, sending).await.unwrap_or_else(|_| Err(Trouble::silent()))?;
        self.taken(number, batch, outcome, started.elapsed()).await?;
        self.rest(started).await;
        Ok(true)
    }

    async fn taken(
        &mut self,
        number: i64,
        batch: Batch,
        outcome: Outcome,
        took: Duration,
    ) -> Result<(), Trouble> {
        self.batch = number;
        let rows = batch.tables.iter().map(|rows| rows.len() as i64).sum();
        let (refused, waiting, until) = match outcome {
            Outcome::Taken(refused) => {
                (refused, batch.taken, batch.complete_until.map(|moment| moment.0))
            }
            // Only a batch in doubt is repeated, and `meet` has settled that.
            Outcome::Repeated { .. } => return Err(push::behind()),
            Outcome::Lost(last) => return self.go_on_from(last, true).await,
        };
        self.app
            .store
            .run(Taken { waiting, batch: number, rows, refused, complete_until: until })
            .await?;
        if took > GOOD_TIME {
            self.size = (self.size / 2).max(1);
        } else if took < GOOD_TIME / 4 {
            self.size = (self.size * 2).min(LARGEST_BATCH);
        }
        let rate = rows as f64 / took.as_secs_f64().max(0.001);
        self.app.cloud.change(|link| {
            link.answered_at = Some(clock::now().0);
            link.rows_per_second = rate;
        });
        Ok(())
    }

    /// Orders come first: while there are any, the copy takes a fifth of the time.
    async fn rest(&mut self, started: Instant) {
        let changed = timeout(Duration::ZERO, self.app.store.changed()).await.is_ok();
        if changed {
            self.busy_until = Instant::now() + BUSY_FOR;
        }
        if Instant::now() < self.busy_until {
            tokio::time::sleep(started.elapsed() * REST).await;
        }
    }
}
