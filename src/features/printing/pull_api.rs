//! `/print`: printers that ask the box for their work. The address that their owner entered in them has
//! a name in it that nobody guesses, and that is all they know.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;

use super::desk::Desk;
use super::pull::{self, Confirmed, Counter, Given, NOTHING, Offered, PICTURE, Polled, Wanted};
use super::store::{self, NoteLies};
use super::wire::{ASKS, Extras, Work};
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::http::{Body, Params, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(epson)).routes(routes!(poll, fetch, confirm))
}

/// The printer that asks by this name, and where it finds its work.
async fn printer(app: &App, token: &str) -> Result<(i64, Arc<Counter>)> {
    let address = format!("{ASKS}{}", token.to_ascii_lowercase());
    let known = address.clone();
    let id = app.store.read(move |db| store::printer_at(db, &known)).await?;
    // The name itself is not said again: whoever reads over somebody's shoulder knows it then.
    let id = id.ok_or_else(|| Error::not_found("printer", "that asks by this name"))?;
    Ok((id, app.state::<Desk>().counter(&address)))
}

/// What was taken, when it is written down that it does not lie there any more: what goes out behind
/// that may be on paper, whenever the box stops.
async fn given_away(app: &App, given: Given) -> Result<Given> {
    app.store.run(NoteLies { id: given.job_id, only_lies: false }).await?;
    Ok(given)
}

/// Epson's Server Direct Print: the printer asks for work, or says what became of it. Each document is
/// given until that is said; a second time it says that it may be a repeat.
#[utoipa::path(post, path = "/print/epson/{token}", tag = "printing", security(()),
    params(("token" = String, Path, description = "The name in the printer's address, behind `pull:`")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded",
        description = "`ConnectionType=GetRequest`, or `SetResponse` with `ResponseFile`"),
    responses((status = 200, body = String, content_type = "text/xml",
        description = "A `PrintRequestInfo` of version 2.00; empty where there is nothing to do"),
        Problems))]
async fn epson(
    State(app): State<App>,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response> {
    let (id, counter) = printer(&app, &token).await?;
    let Form(form) = Form::<pull::Form>::from_request(request, &())
        .await
        .map_err(|_| Error::invalid("ConnectionType", "must be there, in a form"))?;
    let given = pull::asked(&counter, &form);
    app.state::<Desk>().asked(id, &counter.told());
    let answer = match given {
        Some(given) => pull::answer(&given_away(&app, given).await?),
        None => String::new(),
    };
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], answer).into_response())
}

/// Star's CloudPRNT: the printer says how it is, and hears whether there is work.
#[utoipa::path(post, path = "/print/star/{token}", tag = "printing", security(()),
    params(("token" = String, Path, description = "The name in the printer's address, behind `pull:`")),
    request_body = Polled,
    responses((status = 200, body = Offered), Problems))]
async fn poll(
    State(app): State<App>,
    Path(token): Path<String>,
    Body(said): Body<Polled>,
) -> Result<Json<Offered>> {
    let (id, counter) = printer(&app, &token).await?;
    let offered = said.asks(&counter);
    app.state::<Desk>().asked(id, &counter.told());
    Ok(Json(offered))
}

/// Star's CloudPRNT: the printer fetches its work. What was fetched before says that it may be a repeat.
#[utoipa::path(get, path = "/print/star/{token}", tag = "printing", security(()),
    params(("token" = String, Path, description = "The name in the printer's address, behind `pull:`"),
        Wanted),
    responses((status = 200, content((Vec<u8> = "image/png"), (String = "text/plain")),
        description = "A page, or nothing where only the drawer opens"), Problems))]
async fn fetch(
    State(app): State<App>,
    Path(token): Path<String>,
    Params(wanted): Params<Wanted>,
) -> Result<Response> {
    let (_, counter) = printer(&app, &token).await?;
    let given = counter.take(wanted.token.as_deref());
    let given = given.ok_or_else(|| Error::not_found("work", "for this printer"))?;
    match given_away(&app, given).await?.work {
        Work::Page(page, extras) => Ok((beside(extras), page.dots.png()?).into_response()),
        Work::Drawer(_) => {
            let opens = [
                (header::CONTENT_TYPE, NOTHING),
                (HeaderName::from_static("x-star-cashdrawer"), "start"),
                (HeaderName::from_static("x-star-cut"), "none"),
            ];
            Ok((opens, "").into_response())
        }
    }
}

/// What is done with a page beside printing it, in the words of Star's printers.
fn beside(extras: Extras) -> HeaderMap {
    let cut = if extras.cuts { "partial; feed=true" } else { "none" };
    let said = [
        (header::CONTENT_TYPE, PICTURE),
        (HeaderName::from_static("x-star-cut"), cut),
        // It is black and white: nothing of it is gray.
        (HeaderName::from_static("x-star-imageditherpattern"), "none"),
    ];
    let sound =
        extras.sounds.then_some((HeaderName::from_static("x-star-buzzerstartpattern"), "1"));
    said.into_iter()
        .chain(sound)
        .map(|(name, word)| (name, HeaderValue::from_static(word)))
        .collect()
}

/// Star's CloudPRNT: the printer says what became of its work. Said twice it is said once.
#[utoipa::path(delete, path = "/print/star/{token}", tag = "printing", security(()),
    params(("token" = String, Path, description = "The name in the printer's address, behind `pull:`"),
        Confirmed),
    responses((status = 200, description = "It is noted"), Problems))]
async fn confirm(
    State(app): State<App>,
    Path(token): Path<String>,
    Params(said): Params<Confirmed>,
) -> Result<StatusCode> {
    let (_, counter) = printer(&app, &token).await?;
    said.tells(&counter);
    Ok(StatusCode::OK)
}
