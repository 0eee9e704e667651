//! `/security/blocks` and `/security/whitelist`.

use std::net::IpAddr;

use axum::extract::State;
use axum::{Extension, Json};
use ipnet::IpNet;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, DistrustNet, LiftBlock, MakeBlock, TrustNet};
use super::{
    Block, BlockCreate, BlockList, Reason, TrustedNet, TrustedNetCreate, TrustedNetList, net_of,
};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, Person};
use crate::platform::http::{ApiResponse, Body, Created, Page, Path, Problems, created, routes};
use crate::platform::security::Client;
use crate::platform::security::events::{Kind, SecurityEvent};

/// The routes under `/security` that are about who is kept out.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, make))
        .routes(routes!(lift))
        .routes(routes!(trusted, trust))
        .routes(routes!(distrust))
}

/// The shortest and the longest block, in seconds.
const SHORTEST: u32 = 60;
const LONGEST: u32 = 365 * 24 * 3600;
/// A net may be as wide as one of the great private ones.
const WIDEST: u8 = 8;

/// Who is kept out now.
#[utoipa::path(get, path = "/security/blocks", tag = "security", params(Page),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = BlockList), Problems))]
async fn list(State(app): State<App>, _: By<ADMIN>, page: Page) -> Result<Json<BlockList>> {
    let now = clock::now();
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), now)).await?))
}

/// Keep an address or a net out: nobody comes in from there, staff neither, until it expires. A net
/// that is blocked already gets the new end.
#[utoipa::path(post, path = "/security/blocks", tag = "security", request_body = BlockCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Block), Problems))]
async fn make(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Extension(client): Extension<Client>,
    Body(wish): Body<BlockCreate>,
) -> Result<Created<Block>> {
    let net = read_net(&wish.net)?;
    let seconds = wish.seconds.unwrap_or(app.settings.rate_limit_block_duration);
    if !(SHORTEST..=LONGEST).contains(&seconds) {
        return Err(Error::invalid("seconds", format!("must be from {SHORTEST} to {LONGEST}")));
    }
    let own = client.address.ip();
    if net.contains(&own) || net.addr().is_loopback() {
        let detail = format!("{net} is where you are yourself: the block would shut you out.");
        return Err(Error::rule("blocks_yourself", detail));
    }
    let note = wish.note.and_then(Text::non_empty);
    let by = Some(person.id);
    let block = MakeBlock { net, reason: Reason::ByHand, note, seconds, by };
    let block = app.store.run(block).await?;
    tell(&app, Kind::AddressBlocked, &person, &client, &block.net);
    Ok(created(block))
}

/// Let an address or net in again.
#[utoipa::path(delete, path = "/security/blocks/{id}", tag = "security",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn lift(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Extension(client): Extension<Client>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    let net = app.store.run(LiftBlock { id, by: person.id }).await?;
    tell(&app, Kind::AddressUnblocked, &person, &client, &net);
    Ok(ApiResponse::done(format!("{net} may come in again.")))
}

/// Who is never limited and never blocked.
#[utoipa::path(get, path = "/security/whitelist", tag = "security",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = TrustedNetList), Problems))]
async fn trusted(State(app): State<App>, _: By<ADMIN>) -> Result<Json<TrustedNetList>> {
    let listed = app.settings.rate_limit_whitelist.iter().map(|net| TrustedNet {
        id: None,
        net: String::from(*net),
        note: None,
        created_at: None,
    });
    let kept = app.store.read(store::trusted).await?;
    let nets: Vec<_> = listed.chain(kept).collect();
    Ok(Json(TrustedNetList { total: nets.len() as i64, nets }))
}

/// Never limit or block an address or net, e.g. that of a proxy or of the kitchen's router. Failed
/// sign-ins count all the same.
#[utoipa::path(post, path = "/security/whitelist", tag = "security",
    request_body = TrustedNetCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = TrustedNet), Problems))]
async fn trust(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Extension(client): Extension<Client>,
    Body(wish): Body<TrustedNetCreate>,
) -> Result<Created<TrustedNet>> {
    let note = wish.note.and_then(Text::non_empty);
    let net = TrustNet { net: read_net(&wish.net)?, note, by: person.id };
    let net = app.store.run(net).await?;
    tell(&app, Kind::AdminAction, &person, &client, &format!("never limited: {}", net.net));
    Ok(created(net))
}

/// Treat an address or net as any other.
#[utoipa::path(delete, path = "/security/whitelist/{id}", tag = "security",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn distrust(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Extension(client): Extension<Client>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    let net = app.store.run(DistrustNet { id, by: person.id }).await?;
    tell(&app, Kind::AdminAction, &person, &client, &format!("limited again: {net}"));
    Ok(ApiResponse::done("It is treated as any other address."))
}

/// Writes down what an admin did; `address` is his own.
fn tell(app: &App, kind: Kind, by: &Person, client: &Client, what: &str) {
    let event = SecurityEvent::new(kind, "by_hand").from(client.address.ip());
    let event = event.named(&by.full_name).acting_as(by.role).detail(what);
    app.security_events.record(event);
}

/// `192.0.2.7`, `192.0.2.0/24`, `fd00::7` (its /64).
fn read_net(text: &str) -> Result<IpNet> {
    let wrong = || Error::invalid("net", "must be an address, or a net such as 192.0.2.0/24");
    let net = match text.parse::<IpAddr>() {
        Ok(address) => net_of(address),
        Err(_) => text.parse::<IpNet>().map_err(|_| wrong())?.trunc(),
    };
    if net.prefix_len() < WIDEST {
        let message = format!("must not be wider than /{WIDEST}: it would name half of the world");
        return Err(Error::invalid("net", message));
    }
    Ok(net)
}
