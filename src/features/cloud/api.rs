//! `/cloud`: how the copy is, for the admin.

use axum::Json;
use axum::extract::State as Shared;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::store::{RefusedRow, SendRefusedAgain, State, current_error, refused, state};
use super::sync_state::SyncHandle;
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{Connection, Tables, backlog};
use crate::features::import::Report;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By};
use crate::platform::http::{ApiResponse, Problems, routes};

/// How many refused rows are shown.
const SHOWN: i64 = 50;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(status))
        .routes(routes!(send_again))
        .routes(routes!(apply_menu))
        .routes(routes!(take_over))
}

/// How the copy in the cloud is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CloudStatus {
    /// Whether this box belongs to a cloud at all.
    pub enrolled: bool,
    /// Whether the cloud answers now.
    pub connected: bool,
    /// When it answered last.
    pub answered_at: Option<Timestamp>,
    /// Up to which moment nothing is missing in the cloud.
    pub synced_at: Option<Timestamp>,
    /// Rows that wait.
    pub waiting_rows: i64,
    /// Rows that it has taken in all.
    pub pushed_rows: i64,
    /// Whether it waits for its hours of the day.
    pub paused: bool,
    /// Those hours, such as `02:00-06:00`; none where it runs always.
    pub hours: Option<String>,
    /// Since when the cloud has missed something, once that is longer than it may.
    pub late_since: Option<Timestamp>,
    /// Up to which moment the cloud had this restaurant's data when this box came to it.
    pub cloud_reaches: Option<Timestamp>,
    /// The cloud's host.
    pub host: Option<String>,
    /// Rows a second, of the last batch.
    pub rows_per_second: f64,
    /// Seconds until nothing waits, at that rate.
    pub seconds_to_catch_up: Option<f64>,
    /// What is wrong: a stable word.
    pub trouble: Option<String>,
    /// What is wrong: a sentence.
    pub trouble_text: Option<String>,
    /// How many rows the cloud could not take.
    pub refused_count: i64,
    /// The newest of them.
    pub refused: Vec<CloudRefusedRow>,
    /// The version of menu and settings that a head office published last.
    pub published_menu: Option<i64>,
    /// The published version that runs here.
    pub running_menu: Option<i64>,
    /// What the newest version would change, while it waits for closing.
    pub planned: Option<Report>,
    /// Why the newest version cannot be used.
    pub menu_problem: Option<String>,
}

/// A row that the cloud could not take.
#[derive(Debug, Serialize, ToSchema)]
pub struct CloudRefusedRow {
    /// Its table.
    pub table: &'static str,
    /// Its id.
    pub row: i64,
    /// What the cloud said.
    pub reason: String,
}

/// How the copy in the cloud is.
#[utoipa::path(get, path = "/cloud", tag = "cloud",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = CloudStatus), Problems))]
async fn status(Shared(app): Shared<App>, _: By<ADMIN>) -> Result<Json<CloudStatus>> {
    Ok(Json(of(&app).await?))
}

/// Send the rows that the cloud could not take once more.
#[utoipa::path(post, path = "/cloud/refused/send-again", tag = "cloud",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn send_again(Shared(app): Shared<App>, _: By<ADMIN>) -> Result<Json<ApiResponse>> {
    let rows = app.store.run(SendRefusedAgain).await?;
    Ok(ApiResponse::done(format!("{rows} rows are sent again.")))
}

/// Apply the published menu now instead of after closing.
#[utoipa::path(post, path = "/cloud/menu/apply", tag = "cloud",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn apply_menu(Shared(app): Shared<App>, _: By<ADMIN>) -> Result<Json<ApiResponse>> {
    app.state::<SyncHandle>().apply_menu_now();
    Ok(ApiResponse::done("The published menu is applied in a moment."))
}

/// Say that this box is the right one, after a backup was restored or a card was copied: another box
/// is refused from then on, and everything is copied anew.
#[utoipa::path(post, path = "/cloud/take-over", tag = "cloud",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn take_over(Shared(app): Shared<App>, _: By<ADMIN>) -> Result<Json<ApiResponse>> {
    app.state::<SyncHandle>().take_over();
    Ok(ApiResponse::done("The cloud is told that this box is the right one."))
}

async fn of(app: &App) -> Result<CloudStatus> {
    let sync = app.state::<SyncHandle>().now();
    let (state, trouble, (waiting_rows, _), (refused_count, rows)) = app
        .store
        .read(|db| Ok((state(db)?, current_error(db)?, backlog(db)?, refused(db, SHOWN)?)))
        .await?;
    let running = state.as_ref().map(|state| state.menu_version).filter(|version| *version > 0);
    let mut status = CloudStatus::at_rest(state, trouble);
    status.enrolled = app.settings.cloud.enrolment.is_some();
    status.connected = sync.connected;
    status.answered_at = sync.answered_at.map(Timestamp);
    status.waiting_rows = waiting_rows;
    status.rows_per_second = sync.rows_per_second;
    let moves = sync.connected && sync.rows_per_second > 0.0 && waiting_rows > 0;
    status.seconds_to_catch_up = moves.then(|| waiting_rows as f64 / sync.rows_per_second);
    status.refused_count = refused_count;
    status.refused = shown(rows, app.store.tables());
    status.published_menu = sync.published_menu.or(running);
    status.planned = sync.planned.as_deref().cloned();
    status.menu_problem = sync.refused_menu.map(|(_, problem)| problem);
    status.paused = sync.paused;
    status.hours.clone_from(&app.settings.cloud.hours);
    status.late_since = sync.late_since.map(Timestamp);
    status.cloud_reaches = sync.cloud_reaches.map(Timestamp);
    status.host = app.settings.cloud.check().ok().flatten().map(|enrolment| enrolment.host);
    Ok(status)
}

fn shown(rows: Vec<RefusedRow>, tables: &Tables) -> Vec<CloudRefusedRow> {
    let shown = |row: RefusedRow| CloudRefusedRow {
        table: tables.with_code(row.table).map_or("", |table| table.name),
        row: row.row,
        reason: row.reason,
    };
    rows.into_iter().map(shown).collect()
}

impl CloudStatus {
    /// What the database alone tells.
    fn at_rest(state: Option<State>, trouble: Option<(String, String)>) -> Self {
        let (trouble, trouble_text) = trouble.unzip();
        Self {
            enrolled: state.is_some(),
            connected: false,
            answered_at: None,
            synced_at: state.as_ref().and_then(|state| state.synced_at).map(Timestamp),
            waiting_rows: 0,
            pushed_rows: state.as_ref().map_or(0, |state| state.pushed_rows),
            rows_per_second: 0.0,
            seconds_to_catch_up: None,
            trouble,
            trouble_text,
            refused_count: 0,
            refused: Vec::new(),
            published_menu: None,
            running_menu: state.map(|state| state.menu_version).filter(|version| *version > 0),
            planned: None,
            menu_problem: None,
            paused: false,
            hours: None,
            late_since: None,
            cloud_reaches: None,
            host: None,
        }
    }

    /// Of a box that does not run, or runs elsewhere.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(db: &Connection, tables: &Tables) -> Result<Self> {
        let mut status = Self::at_rest(state(db)?, current_error(db)?);
        (status.waiting_rows, _) = backlog(db)?;
        let (count, rows) = refused(db, SHOWN)?;
        (status.refused_count, status.refused) = (count, shown(rows, tables));
        Ok(status)
    }
}
