//! `/box/backups` and `/box/restore`: what an admin does with backups from the app.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::errors::{damaged, not_written};
use super::job::JobKind;
use super::make::with_ending;
use super::{
    BackupDir, BackupFile, DataPaths, Job, KEPT_PASSPHRASE, Manifest, Passphrase, RestoredBy,
    StickCopy, backup_dir, manifest, package, prepare, stick_copies,
};
use super::{Jobs, Tickets};
use crate::core::error::{Error, Result};
use crate::core::store::{SpaceWatch, disk_space};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, random_key};
use crate::platform::config::Settings;
use crate::platform::http::{
    ApiResponse, Body, Created, Params, Path, Problems, created, file_of, routes,
};

/// No backup that is sent from another device is larger, in bytes.
const LARGEST_UPLOAD: u64 = 8 * 1024 * 1024 * 1024;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, make))
        .routes(routes!(upload))
        .routes(routes!(job))
        .routes(routes!(look))
        .routes(routes!(ticket))
        .routes(routes!(download, delete))
        .routes(routes!(restore))
        .routes(routes!(set_passphrase))
}

/// The backups on the box, and what is known of those on sticks.
#[derive(Serialize, ToSchema)]
struct BackupList {
    /// Newest first.
    backups: Vec<BackupFile>,
    /// How many there are.
    total: usize,
    /// Free space on the card, in bytes.
    free_bytes: u64,
    /// Whether new ones are encrypted.
    is_encrypted: bool,
    /// Whether the passphrase stands in the settings, so that the app cannot change it.
    is_set_elsewhere: bool,
    /// What the last run of the timer said of each stick.
    sticks: Vec<StickCopy>,
    /// What runs, or what ran last since the start.
    job: Option<Job>,
}

/// The backups on the box.
#[utoipa::path(get, path = "/box/backups", tag = "box",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = BackupList), Problems))]
async fn list(State(app): State<App>, _: By<ADMIN>) -> Result<Json<BackupList>> {
    let job = app.state::<Jobs>().last();
    let list = off_thread(move || {
        let settings = &app.settings;
        let paths = DataPaths::of(settings);
        let backups = BackupDir::of(&paths).list();
        let (free_bytes, _) = disk_space(&paths.data).unzip();
        Ok(BackupList {
            total: backups.len(),
            backups,
            free_bytes: free_bytes.unwrap_or_default(),
            is_encrypted: Passphrase::of(settings)?.is_some(),
            is_set_elsewhere: settings.backup_passphrase.is_some()
                || settings.backup_passphrase_file.is_some(),
            sticks: stick_copies(settings),
            job,
        })
    });
    Ok(Json(list.await?))
}

/// Make a backup. It goes on by itself; `GET /box/job` tells how far it is.
#[utoipa::path(post, path = "/box/backups", tag = "box",
    security(("bearer" = ["admin"])),
    responses((status = 202, body = Job), Problems))]
async fn make(State(app): State<App>, _: By<ADMIN>) -> Result<(StatusCode, Json<Job>)> {
    let settings = app.settings.clone();
    let work = move |watch: super::Watch<'_>| Ok(backup_dir::keep(&settings, "qres", watch)?.0);
    let job = app.state::<Jobs>().start(JobKind::Backup, work, || ())?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// What runs, or ran last.
#[derive(Serialize, ToSchema)]
struct LastJob {
    /// None since the start of the box.
    job: Option<Job>,
}

/// How far the backup or the restore is.
#[utoipa::path(get, path = "/box/job", tag = "box",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = LastJob), Problems))]
async fn job(State(app): State<App>, _: By<ADMIN>) -> Json<LastJob> {
    Json(LastJob { job: app.state::<Jobs>().last() })
}

/// What opens an encrypted backup.
#[derive(Deserialize, ToSchema)]
struct Opening {
    /// The passphrase that it was made with; the box's own when left out.
    passphrase: Option<String>,
}

impl Opening {
    fn passphrase(&self, app: &App) -> Result<Option<Passphrase>> {
        match &self.passphrase {
            Some(text) => Ok(Some(Passphrase::to_open(text))),
            None => Passphrase::of(&app.settings),
        }
    }
}

/// What is in a backup.
#[utoipa::path(post, path = "/box/backups/{name}/contents", tag = "box",
    params(("name" = String, Path)), request_body = Opening,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Manifest), Problems))]
async fn look(
    State(app): State<App>,
    _: By<ADMIN>,
    Path(name): Path<String>,
    Body(opening): Body<Opening>,
) -> Result<Json<Manifest>> {
    let found = off_thread(move || {
        let path = BackupDir::of(&DataPaths::of(&app.settings)).find(&name)?;
        manifest(&path, opening.passphrase(&app)?.as_ref())
    });
    Ok(Json(found.await?))
}

/// Where a backup can be loaded, once and soon.
#[derive(Serialize, ToSchema)]
struct DownloadTicket {
    /// An address that a browser can open without a token.
    url: String,
}

/// An address to download a backup: it works once, within a minute.
#[utoipa::path(post, path = "/box/backups/{name}/ticket", tag = "box",
    params(("name" = String, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 201, body = DownloadTicket), Problems))]
async fn ticket(
    State(app): State<App>,
    _: By<ADMIN>,
    Path(name): Path<String>,
) -> Result<Created<DownloadTicket>> {
    BackupDir::of(&DataPaths::of(&app.settings)).find(&name)?;
    let ticket = app.state::<Tickets>().issue(&name)?;
    Ok(created(DownloadTicket { url: format!("/box/backups/{name}?ticket={ticket}") }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Ticket {
    ticket: String,
}

/// Download a backup, with a ticket.
#[utoipa::path(get, path = "/box/backups/{name}", tag = "box", security(()),
    params(("name" = String, Path), Ticket),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
async fn download(
    State(app): State<App>,
    Path(name): Path<String>,
    Params(Ticket { ticket }): Params<Ticket>,
) -> Result<Response> {
    app.state::<Tickets>().redeem(&ticket, &name)?;
    let path = BackupDir::of(&DataPaths::of(&app.settings)).find(&name)?;
    let (length, file) = file_of(path).await.map_err(Error::internal)?;
    let mut reply = Response::new(file);
    let headers = reply.headers_mut();
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_LENGTH, length.into());
    let name = format!("attachment; filename=\"{name}\"");
    let name = HeaderValue::try_from(name).map_err(Error::internal)?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(reply)
}

/// Remove a backup.
#[utoipa::path(delete, path = "/box/backups/{name}", tag = "box",
    params(("name" = String, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    _: By<ADMIN>,
    Path(name): Path<String>,
) -> Result<Json<ApiResponse>> {
    let path = BackupDir::of(&DataPaths::of(&app.settings)).find(&name)?;
    fs::remove_file(path).map_err(Error::internal)?;
    Ok(ApiResponse::done("The backup was removed."))
}

/// Send a backup from another device to the box, to be restored. The body is the file.
#[utoipa::path(post, path = "/box/backups/upload", tag = "box",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    security(("bearer" = ["admin"])),
    responses((status = 201, body = BackupFile), Problems))]
async fn upload(State(app): State<App>, _: By<ADMIN>, body: Bytes) -> Result<Created<BackupFile>> {
    let dir = BackupDir::of(&DataPaths::of(&app.settings));
    let part = dir.path().join(format!("uploaded-{}.part", random_key()?));
    let taken = take_in(part.clone(), body).await;
    let left = part.clone();
    let kept = match taken {
        Ok(file) => off_thread(move || put_on_shelf(&app.settings, &part, file)).await,
        Err(error) => Err(error),
    };
    if kept.is_err() {
        let _ = fs::remove_file(left);
    }
    kept.map(created)
}

/// Gives a file that was sent its name, if it is a backup.
fn put_on_shelf(settings: &Settings, part: &std::path::Path, file: File) -> Result<BackupFile> {
    let dir = BackupDir::of(&DataPaths::of(settings));
    package::check(part, Passphrase::of(settings)?.as_ref())?;
    let name = dir.new_name("uploaded", package::is_sealed(part)?);
    fs::rename(part, dir.path().join(&name)).map_err(not_written)?;
    drop(file);
    dir.thin_out(backup_dir::retention(settings));
    dir.list().into_iter().find(|file| file.name == name).ok_or_else(damaged)
}

/// Writes what is sent to a file, which is whoever's it is while it is held.
async fn take_in(part: PathBuf, body: Bytes) -> Result<File> {
    let (pieces, mut queue) = mpsc::channel::<bytes::Bytes>(4);
    let writing = off_thread(move || {
        let mut file = backup_dir::begin_part(&part)?;
        let mut room = SpaceWatch::of(part.parent().unwrap_or(&part));
        let mut total = 0;
        while let Some(piece) = queue.blocking_recv() {
            if total == 0 && !package::may_begin_with(&piece) {
                return Err(damaged());
            }
            total += piece.len() as u64;
            if total > LARGEST_UPLOAD {
                return Err(Error::too_large());
            }
            room.about_to_write(piece.len() as u64)?;
            file.write_all(&piece).map_err(not_written)?;
        }
        file.sync_all().map_err(not_written)?;
        Ok(file)
    });
    let reading = async move {
        let mut body = body.into_data_stream();
        while let Some(piece) = body.next().await {
            let Ok(piece) = piece else {
                return Err(Error::invalid("", "body broke off before its end"));
            };
            // The writer's own error says why it takes no more.
            if pieces.send(piece).await.is_err() {
                break;
            }
        }
        Ok(())
    };
    let (written, read) = tokio::join!(writing, reading);
    let file = written?;
    read.map(|()| file)
}

fn private_file(path: &std::path::Path) -> Result<File> {
    let mut options = File::options();
    let file = options.create(true).truncate(true).write(true).mode(0o600).open(path);
    file.map_err(not_written)
}

/// Which backup is brought back.
#[derive(Deserialize, ToSchema)]
struct RestoreRequest {
    /// Its name on the box.
    name: String,
    /// The passphrase that it was made with; the box's own when left out.
    passphrase: Option<String>,
}

/// Bring a backup back: it is checked first, then the box starts anew with it. Everybody signs in
/// again; what was there is kept in the data folder.
#[utoipa::path(post, path = "/box/restore", tag = "box", request_body = RestoreRequest,
    security(("bearer" = ["admin"])),
    responses((status = 202, body = Job), Problems))]
async fn restore(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Body(request): Body<RestoreRequest>,
) -> Result<(StatusCode, Json<Job>)> {
    let RestoreRequest { name, passphrase } = request;
    let paths = DataPaths::of(&app.settings);
    let path = BackupDir::of(&paths).find(&name)?;
    let passphrase = Opening { passphrase }.passphrase(&app)?;
    // What cannot be opened is refused here; what is broken inside, by the job.
    let (file, key) = (path.clone(), passphrase.clone());
    off_thread(move || manifest(&file, key.as_ref())).await?;
    let by = RestoredBy { user_id: Some(person.id), ..RestoredBy::the_box(&name) };
    let work = move |watch: super::Watch<'_>| {
        prepare(&path, passphrase.as_ref(), &paths, watch)?.commit(&by)?;
        Ok(name)
    };
    let restart = app.restart.clone();
    let job = app.state::<Jobs>().start(JobKind::Restore, work, move || restart.cancel())?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// What new backups are encrypted to.
#[derive(Deserialize, ToSchema)]
struct BackupPassphrase {
    /// At least 10 letters; null to encrypt no more.
    passphrase: Option<String>,
}

/// Set or clear the passphrase of new backups. The box keeps it, so that the timer can use it;
/// whoever restores on another machine needs it written down.
#[utoipa::path(put, path = "/box/backup-passphrase", tag = "box", request_body = BackupPassphrase,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn set_passphrase(
    State(app): State<App>,
    _: By<ADMIN>,
    Body(wanted): Body<BackupPassphrase>,
) -> Result<Json<ApiResponse>> {
    let settings = &app.settings;
    if settings.backup_passphrase.is_some() || settings.backup_passphrase_file.is_some() {
        let detail = "The passphrase stands in the box's settings. Change it there.";
        return Err(Error::conflict("passphrase_in_settings", detail));
    }
    let kept = settings.data_dir.join(KEPT_PASSPHRASE);
    let Some(text) = wanted.passphrase else {
        let _ = fs::remove_file(kept);
        return Ok(ApiResponse::done("New backups are not encrypted."));
    };
    let Passphrase(text) = Passphrase::new(&text)?;
    off_thread(move || {
        let draft = with_ending(&kept, ".new");
        let mut file = private_file(&draft)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.and_then(|()| fs::rename(&draft, &kept)).map_err(not_written)
    })
    .await?;
    Ok(ApiResponse::done("New backups are encrypted."))
}

/// Files are read and written off the async threads.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
