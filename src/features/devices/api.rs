//! `/devices`.

use axum::extract::State;
use axum::{Extension, Json};
use utoipa_axum::router::OpenApiRouter;

use super::rules::{code_of, tidy};
use super::store::{self, OfferPairing, PairDevice, RenameDevice, Revoke};
use super::{Device, DeviceList, DeviceUpdate, PairRequest, PairedDevice, Pairing, ThisDevice};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::auth::{self, ADMIN, By, FromDevice, Guess, Origin, Secret};
use crate::platform::http::{ApiResponse, Body, Created, Page, Path, Problems, created, routes};
use crate::platform::qr::Picture;
use crate::platform::security::Client;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(this))
        .routes(routes!(offer))
        .routes(routes!(pair))
        .routes(routes!(rename, revoke))
}

/// The account in whose name wrong codes are counted; no user can be called so.
const GUESSER: &str = "pairing a tablet";

/// The paired tablets, and who is signed in on them.
#[utoipa::path(get, path = "/devices", tag = "devices", params(Page),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = DeviceList), Problems))]
async fn list(State(app): State<App>, _: By<ADMIN>, page: Page) -> Result<Json<DeviceList>> {
    let now = clock::now();
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), now)).await?))
}

/// What the box knows of the device that asks, and whether a PIN signs in on it.
#[utoipa::path(get, path = "/devices/this", tag = "devices", security(()),
    params(("X-Device" = Option<String>, Header, description = "The token of a paired tablet")),
    responses((status = 200, body = ThisDevice), Problems))]
async fn this(State(app): State<App>, FromDevice(device): FromDevice) -> Json<ThisDevice> {
    let pin_allowed = device.is_some() || !auth::pin_needs_device(&app);
    Json(ThisDevice { device, pin_allowed })
}

/// A code that pairs one tablet within ten minutes. A new one makes the one before worthless.
#[utoipa::path(post, path = "/devices/pairing", tag = "devices",
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Pairing), Problems))]
async fn offer(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Extension(client): Extension<Client>,
) -> Result<Created<Pairing>> {
    let code = code_of(auth::random_bytes()?);
    let url = format!("{}/app/waiter#pair={code}", app.addresses.staff(&client.found()));
    let qr_svg = Picture::of(&url)?.svg();
    let code_hash = auth::digest_of(&tidy(&code));
    let expires_at = app.store.run(OfferPairing { code_hash, by: person.id }).await?;
    Ok(created(Pairing { code, url, qr_svg, expires_at }))
}

/// Make this tablet known to the box, with the code that an admin shows.
#[utoipa::path(post, path = "/devices/pair", request_body = PairRequest, tag = "devices",
    security(()), responses((status = 201, body = PairedDevice), Problems))]
async fn pair(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    Body(wish): Body<PairRequest>,
) -> Result<Created<PairedDevice>> {
    let address = client.address.ip();
    let guess = Guess::new(Origin::of(address, None), GUESSER, Secret::Code);
    let counted = app.auth.failures.begin(guess)?;
    let device_token = format!("d_{}", auth::random_key()?);
    let name = wish.name.to_string();
    let command = PairDevice {
        code_hash: auth::digest_of(&tidy(&wish.code)),
        token_hash: auth::digest_of(&device_token),
        name: wish.name,
    };
    let paired = match app.store.run(command).await {
        Ok(paired) => paired,
        Err(refusal) => {
            // The code was right, or nobody looked at it.
            counted.give_back();
            return Err(refusal);
        }
    };
    let Some(id) = paired else {
        auth::note_failure(&app, address, GUESSER, counted);
        let detail = "This code is wrong, used or older than ten minutes. Ask an admin to show a \
                      new one.";
        return Err(Error::rule("wrong_pairing_code", detail));
    };
    counted.forgive();
    Ok(created(PairedDevice { id, name, device_token }))
}

/// Give a tablet another name.
#[utoipa::path(patch, path = "/devices/{id}", request_body = DeviceUpdate, tag = "devices",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Device), Problems))]
async fn rename(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<DeviceUpdate>,
) -> Result<Json<Device>> {
    let command = RenameDevice { id, name: changes.name, by: person.id };
    Ok(Json(app.store.run(command).await?))
}

/// Cut a lost tablet off: who is signed in on it is signed out, and no PIN opens it.
#[utoipa::path(delete, path = "/devices/{id}", tag = "devices", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn revoke(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(Revoke { id, by: person.id }).await?;
    Ok(ApiResponse::done("The tablet was cut off; whoever was signed in on it is signed out."))
}
