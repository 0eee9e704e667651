//! `/approvals`: asked for on one device, answered there by a PIN or elsewhere.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::approvals_store::{self, AnswerApproval, AskApproval, WithdrawApproval};
use super::approver_store;
use super::catalog::Permission;
use super::deeds_store::{Stake, Within};
use super::refusals::{Described, Refusals};
use super::{Approval, ApprovalCreate, ApproverName};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::auth::{self, ANYONE, Attempt, By, Person};
use crate::platform::http::{ApiResponse, Body, Created, Params, Path, Problems, created, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open, ask))
        .routes(routes!(approvers))
        .routes(routes!(read, withdraw))
        .routes(routes!(approve))
        .routes(routes!(refuse))
}

/// What others ask of the caller now, oldest first.
#[utoipa::path(get, path = "/approvals", tag = "permissions",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<Approval>), Problems))]
async fn open(State(app): State<App>, By(person, _): By<ANYONE>) -> Result<Json<Vec<Approval>>> {
    Ok(Json(app.store.read(move |db| approvals_store::open_for(db, &person)).await?))
}

/// Ask for an approval of what was refused to this sign-in with `approval_needed`, within a quarter of an
/// hour; of nothing else (409 `approval_not_asked_for`). With somebody's PIN it is there
/// at once; without, it waits three minutes for an answer. It is good once, for a minute, for this
/// very deed at this very sum, on this sign-in.
#[utoipa::path(post, path = "/approvals", tag = "permissions", request_body = ApprovalCreate,
    params(("X-Device" = Option<String>, Header, description = "The token of a paired tablet")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 201, body = Approval), Problems))]
async fn ask(
    State(app): State<App>,
    By(asker, session): By<ANYONE>,
    attempt: Attempt,
    Body(body): Body<ApprovalCreate>,
) -> Result<Created<Approval>> {
    let permission = body.permission;
    let amount = amount_of(permission, &body.amount)?;
    let refused = app.state::<Refusals>();
    let described = Described {
        permission,
        subject: (&*body.subject, body.subject_id),
        amount,
        method_id: body.method_id,
        account_id: body.account_id,
        payment_state: body.payment_state,
        to_table_id: body.to_table_id,
    };
    let wish = refused.find(session, described, clock::since_start());
    let wish = wish.ok_or_else(|| {
        let detail = "Nothing like this was refused to you just now. Try it again, then ask.";
        Error::conflict("approval_not_asked_for", detail)
    })?;
    let mut command = AskApproval {
        wish,
        reason: body.reason.and_then(Text::non_empty),
        asker,
        session,
        approver: None,
    };
    let Some(approver) = body.approver else { return Ok(created(app.store.run(command).await?)) };
    let id = approver.user_id;
    let username = app.store.read(move |db| auth::user_by_id(db, id)).await?.username;
    command.approver = Some((id, approver.code.map(Text::into_inner)));
    let run = || app.store.run(command);
    Ok(created(attempt.with_pin(&app, &username, &approver.pin_code, run).await?))
}

fn amount_of(permission: Permission, text: &str) -> Result<i64> {
    permission.parse_amount(text).map_err(|why| Error::invalid("amount", why))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct What {
    /// What is to be approved.
    permission: Permission,
    /// How much of it.
    #[param(value_type = String, min_length = 1, max_length = 20)]
    amount: Text<1, 20>,
    /// Of which order, where it is of one: what they approved of there counts.
    order_id: Option<i64>,
    /// By which way money goes.
    method_id: Option<i64>,
    /// Of which account, where its money moves and it is of no order: what they approved of today counts.
    account_id: Option<i64>,
    /// In which cash shift: what they approved of there counts.
    shift_id: Option<i64>,
}

/// Who may approve of something by their PIN.
#[utoipa::path(get, path = "/approvals/approvers", tag = "permissions", params(What),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<ApproverName>), Problems))]
async fn approvers(
    State(app): State<App>,
    By(person, _): By<ANYONE>,
    Params(what): Params<What>,
) -> Result<Json<Vec<ApproverName>>> {
    let permission = what.permission;
    let shift = (what.shift_id.map_or("", |_| "cash_shift"), what.shift_id.unwrap_or(0));
    let within = Within::of(what.order_id, shift, what.account_id, what.method_id);
    let stake = Stake { permission, within, amount: amount_of(permission, &what.amount)? };
    let read = move |db: &_| approver_store::approvers(db, stake, person.id);
    Ok(Json(app.store.read(read).await?))
}

/// One approval, for who asked for it or may answer it.
#[utoipa::path(get, path = "/approvals/{id}", tag = "permissions", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Approval), Problems))]
async fn read(
    State(app): State<App>,
    By(person, _): By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<Approval>> {
    Ok(Json(app.store.read(move |db| approvals_store::approval(db, id, &person)).await?))
}

/// Give up what one asked for.
#[utoipa::path(delete, path = "/approvals/{id}", tag = "permissions", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn withdraw(
    State(app): State<App>,
    By(person, _): By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(WithdrawApproval { id, by: person.id }).await?;
    Ok(ApiResponse::done("Nobody is asked any more."))
}

/// Say yes: the asker may do this one thing within a minute.
#[utoipa::path(post, path = "/approvals/{id}/approve", tag = "permissions",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Approval), Problems))]
async fn approve(
    State(app): State<App>,
    By(by, _): By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<Approval>> {
    answer(&app, id, by, true).await
}

/// Say no.
#[utoipa::path(post, path = "/approvals/{id}/refuse", tag = "permissions",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Approval), Problems))]
async fn refuse(
    State(app): State<App>,
    By(by, _): By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<Approval>> {
    answer(&app, id, by, false).await
}

async fn answer(app: &App, id: i64, by: Person, is_approved: bool) -> Result<Json<Approval>> {
    Ok(Json(app.store.run(AnswerApproval { id, by, is_approved }).await?))
}
