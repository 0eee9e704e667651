//! `/uploads`.

use std::io::ErrorKind;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tokio::time::timeout;
use utoipa_axum::router::OpenApiRouter;

use super::{Uploaded, Uploads};
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Created, Path, Problems, created, file_of, routes};

/// The largest photo in bytes; what telephones make has 3 to 12 MB.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// How long one may wait for those before him.
const WAIT: Duration = Duration::from_secs(20);
/// How long a photo may take to arrive.
const ARRIVE: Duration = Duration::from_mins(2);

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take_in))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .routes(routes!(file))
}

/// Add a photo: the body is the file itself, a JPEG, PNG or WebP.
///
/// The box looks at what is in the file, turns it upright, makes the sizes that pages show and
/// keeps nothing but the pixels: no place, no time, no camera. The same photo again has the same
/// address. A photo that nothing shows for a week is removed.
#[utoipa::path(post, path = "/uploads", tag = "uploads",
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "The file, 16 MiB and 25 million pixels at most"),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = Uploaded), Problems))]
async fn take_in(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    headers: HeaderMap,
    request: Request,
) -> Result<Created<Uploaded>> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/")) {
        let detail = "Send the picture itself as the body, not a form that holds it.";
        return Err(Error::rule("not_a_picture", detail));
    }
    let waits = timeout(WAIT, app.state::<Uploads>().coming_in.acquire()).await;
    let _permit = waits.map_err(|_| Error::busy())?.map_err(Error::internal)?;
    let bytes = timeout(ARRIVE, Bytes::from_request(request, &())).await;
    let bytes = bytes.map_err(|_| cut_off())?.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => cut_off(),
    })?;
    Ok(created(app.state::<Uploads>().take_in(bytes).await?))
}

fn too_large() -> Error {
    let most = MOST_BYTES / 1024 / 1024;
    let detail =
        format!("This file is larger than {most} MB. Save the picture smaller, or as a JPEG.");
    Error::too_large_because(detail).with("most", most)
}

fn cut_off() -> Error {
    Error::invalid("", "body broke off before its end; nothing was kept")
}

type Photo = ([(HeaderName, HeaderValue); 3], Body);

/// A photo in one size. Its name says what is in it, so a browser may keep it for ever.
#[utoipa::path(get, path = "/uploads/{file}", tag = "uploads", security(()),
    params(("file" = String, Path, description = "`HASH-WIDTH.jpg`")),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), Problems))]
async fn file(State(app): State<App>, Path(name): Path<String>) -> Result<Photo> {
    let no_such = || Error::not_found("photo", &name);
    let path = app.state::<Uploads>().find(&name).ok_or_else(no_such)?;
    let (length, photo) = file_of(path).await.map_err(|error| match error.kind() {
        ErrorKind::NotFound => no_such(),
        _ => Error::internal(format!("uploads: {error}")),
    })?;
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CONTENT_LENGTH, length.into()),
        (header::CACHE_CONTROL, kept),
    ];
    Ok((headers, photo))
}
