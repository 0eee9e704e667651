//! A connection of the right box: what was in doubt is settled first, then batch follows batch.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::connect::{CloudError, Connection};
use super::push::{self, Outcome, Sender, Statements};
use super::store::{self, Batch, Shape, Taken, next_batch};
use super::sync_state::SyncHandle;
use super::{hardware, join};
use crate::core::clock;
use crate::core::store::{has_change, newest_schema};
use crate::platform::app::App;
use crate::platform::config::Enrolment;

/// A cloud that does not end a batch in this time is silent.
const BATCH_TIMEOUT: Duration = Duration::from_mins(1);

pub(super) struct Session<'a> {
    app: &'a App,
    sender: Sender,
    /// The number of the batch that was taken last.
    batch: i64,
    shapes: Arc<Vec<Shape>>,
    statements: Statements,
}

impl<'a> Session<'a> {
    /// Says who is there, and finds out where to go on.
    ///
    /// # Errors
    /// Why this box is not let on, in plain words.
    pub(super) async fn open(
        app: &'a App,
        enrolment: &Enrolment,
        connection: &mut Connection,
    ) -> Result<Self, CloudError> {
        let hardware = hardware::id(&app.settings);
        let state = join::introduce(app, enrolment, connection, &hardware).await?;
        let shapes = join::known_shapes(app, connection, &state).await?;
        let mut session = Self {
            app,
            sender: Sender {
                site_id: enrolment.site_id,
                epoch: state.epoch,
                hardware,
                schema: i32::try_from(newest_schema()).unwrap_or(i32::MAX),
            },
            batch: state.batch,
            shapes: Arc::new(shapes),
            statements: Statements::default(),
        };
        session.meet(connection).await?;
        Ok(session)
    }

    /// Settles whether the last batch before the connection broke was taken. It was, if the cloud
    /// has it and it ended with a change of this very box; then all that waits goes once more under
    /// the next number, for nobody knows how much of it went along.
    async fn meet(&mut self, connection: &mut Connection) -> Result<(), CloudError> {
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

    async fn go_on_from(&mut self, batch: i64, all: bool) -> Result<(), CloudError> {
        self.batch = batch;
        Ok(self.app.store.run(store::GoOnFrom { batch, all }).await?)
    }

    /// Up to about so many waiting rows; none when nothing waits.
    ///
    /// # Errors
    /// When the box's database cannot be read.
    pub(super) async fn next(&self, rows: i64) -> Result<Option<Batch>, CloudError> {
        let shapes = Arc::clone(&self.shapes);
        Ok(self.app.store.read_long(move |db| next_batch(db, &shapes, rows)).await?)
    }

    /// Sends a batch and forgets what the cloud has taken of it.
    ///
    /// # Errors
    /// What is wrong, in plain words. The batch is in doubt then; the next connection settles it.
    pub(super) async fn send(
        &mut self,
        connection: &mut Connection,
        batch: Batch,
    ) -> Result<(), CloudError> {
        let started = Instant::now();
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
            timeout(BATCH_TIMEOUT, sending).await.unwrap_or_else(|_| Err(CloudError::silent()))?;
        self.batch = number;
        let rows = batch.rows();
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
        let rate = rows as f64 / started.elapsed().as_secs_f64().max(0.001);
        self.app.state::<SyncHandle>().change(|sync| {
            sync.answered_at = Some(clock::now().0);
            sync.rows_per_second = rate;
        });
        Ok(())
    }
}
