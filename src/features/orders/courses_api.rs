//! `/orders/{order_id}/courses`: what is held, and when it is fired.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::order_requests::CourseLines;
use super::states::CourseStep;
use super::store::{MovedLines, StepCourse};
use crate::core::error::Result;
use crate::core::kernel::fields::{Course, Id};
use crate::core::store::Idempotent;
use crate::features::permissions::AT_THE_BILL;
use crate::platform::app::App;
use crate::platform::auth::{By, Person};
use crate::platform::http::{Keyed, OnceKey, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(fire)).routes(routes!(hold))
}

/// Fire a course: what is held of it goes to the kitchen, and is late from now on. Sent twice it
/// happens once. Answers with the lines that went.
#[utoipa::path(post, path = "/orders/{order_id}/courses/{course}/fire", tag = "orders",
    request_body = CourseLines,
    params(("order_id" = i64, Path), ("course" = i64, Path, minimum = 1, maximum = 5),
        OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = MovedLines), Problems))]
async fn fire(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(of): Path<(i64, Course)>,
    request: Keyed<CourseLines>,
) -> Result<Response> {
    step(&app, by, of, CourseStep::Fire, request).await
}

/// Hold a course again, while nobody has begun any of it: until somebody fires it. Sent twice it
/// happens once. Answers with the lines that were taken back.
#[utoipa::path(post, path = "/orders/{order_id}/courses/{course}/hold", tag = "orders",
    request_body = CourseLines,
    params(("order_id" = i64, Path), ("course" = i64, Path, minimum = 1, maximum = 5),
        OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = MovedLines), Problems))]
async fn hold(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(of): Path<(i64, Course)>,
    request: Keyed<CourseLines>,
) -> Result<Response> {
    step(&app, by, of, CourseStep::Hold, request).await
}

async fn step(
    app: &App,
    by: Person,
    (order_id, course): (i64, Course),
    step: CourseStep,
    request: Keyed<CourseLines>,
) -> Result<Response> {
    let key = request.key(by.id);
    let item_ids = request.body.item_ids.into_iter().map(Id::get).collect();
    let command = StepCourse { order_id, course, step, item_ids, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}
