//! `/kitchen`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store;
use super::types::{
    DepartmentLoad, DepartmentStats, ItemProgress, KitchenOrderItem, OrderProgress, TicketStep,
    TicketUndo,
};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Int, Text, Timestamp};
use crate::core::store::Idempotent;
use crate::features::menu::Department;
use crate::features::orders::{
    self, AddItems, AddedReply, Direction, ItemStatus, KitchenStep, MoveLines, MovedLines,
    OrderItemCreate, OrderItemStatusUpdate, SendToKitchen, SetItemStatus,
};
use crate::features::permissions::{AT_THE_BILL, Acting};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, CASHIER, KITCHEN, Person, WAITER};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Params, Path, Problems, Repeated, once, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(orders_of_department))
        .routes(routes!(dishes))
        .routes(routes!(set_status))
        .routes(routes!(add_items))
        .routes(routes!(send))
        .routes(routes!(start))
        .routes(routes!(ready))
        .routes(routes!(undo))
        .routes(routes!(departments))
        .routes(routes!(stats))
        .routes(routes!(progress))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfDepartment {
    department: Department,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfAnyDepartment {
    department: Option<Department>,
}

/// The statuses that a query asks for; what the kitchen works on when it names none.
fn statuses(wanted: &Repeated) -> Result<Vec<ItemStatus>> {
    let named = wanted.all("status_filter")?;
    Ok(if named.is_empty() { store::OPEN.to_vec() } else { named })
}

/// What a department has to do, oldest first.
#[utoipa::path(get, path = "/kitchen/orders", tag = "kitchen",
    params(OfDepartment, ("status_filter" = Option<Vec<ItemStatus>>, Query)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<KitchenOrderItem>), Problems))]
async fn orders_of_department(
    State(app): State<App>,
    _: By<ANYONE>,
    Params(OfDepartment { department }): Params<OfDepartment>,
    wanted: Repeated,
) -> Result<Json<Vec<KitchenOrderItem>>> {
    let statuses = statuses(&wanted)?;
    Ok(Json(app.store.read(move |db| store::lines(db, Some(department), &statuses)).await?))
}

/// What the kitchen, or one department, has to do, oldest first.
#[utoipa::path(get, path = "/kitchen/dishes", tag = "kitchen",
    params(OfAnyDepartment, ("status_filter" = Option<Vec<ItemStatus>>, Query)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<KitchenOrderItem>), Problems))]
async fn dishes(
    State(app): State<App>,
    _: By<ANYONE>,
    Params(OfAnyDepartment { department }): Params<OfAnyDepartment>,
    wanted: Repeated,
) -> Result<Json<Vec<KitchenOrderItem>>> {
    let statuses = statuses(&wanted)?;
    Ok(Json(app.store.read(move |db| store::lines(db, department, &statuses)).await?))
}

/// Move a line on.
#[utoipa::path(patch, path = "/kitchen/items/{item_id}/status",
    request_body = OrderItemStatusUpdate, tag = "kitchen",
    params(("item_id" = i64, Path),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn set_status(
    State(app): State<App>,
    Acting(by): Acting<{ AT_THE_BILL | KITCHEN }>,
    Path(item_id): Path<i64>,
    Body(update): Body<OrderItemStatusUpdate>,
) -> Result<Json<ApiResponse>> {
    let OrderItemStatusUpdate { status, reason, expected_total: expected } = update;
    let (order_id, reason) = (None, reason.and_then(Text::non_empty));
    let command = SetItemStatus { item_id, order_id, status, by, reason, expected };
    let status = app.store.run(command).await?;
    Ok(ApiResponse::done(format!("The line is {status} now.")))
}

/// Add lines to an order; the kitchen is told at once.
#[utoipa::path(post, path = "/kitchen/orders/{order_id}/items", tag = "kitchen",
    params(("order_id" = i64, Path),
        OnceKey),
    request_body = Vec<OrderItemCreate>,
    security(("bearer" = ["admin", "waiter", "cashier"])),
    responses((status = 201, body = ApiResponse), Problems))]
async fn add_items(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | WAITER | CASHIER }>,
    Path(order_id): Path<i64>,
    request: Keyed<Vec<OrderItemCreate>>,
) -> Result<Response> {
    let key = request.key(by.id);
    let (items, zone) = (request.body, app.site().zone.clone());
    let command = AddItems { order_id, by, items, zone, reply: AddedReply::Done };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// Send a guest's waiting lines to the kitchen: the named ones, or all when none is named.
#[utoipa::path(post, path = "/kitchen/orders/{order_id}/send-to-kitchen", tag = "kitchen",
    params(("order_id" = i64, Path),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")), request_body = Vec<Id>,
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn send(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(order_id): Path<i64>,
    Body(item_ids): Body<Vec<Id>>,
) -> Result<Json<ApiResponse>> {
    let item_ids = item_ids.into_iter().map(Id::get).collect();
    let sent = app.store.run(SendToKitchen { order_id, item_ids, by }).await?;
    Ok(ApiResponse::with(format!("Sent to the kitchen: {sent}."), json!({"sent": sent})))
}

/// Begin a ticket: its lines that nobody has begun. Sent twice it happens once.
#[utoipa::path(post, path = "/kitchen/orders/{order_id}/start", tag = "kitchen",
    params(("order_id" = i64, Path)), request_body = TicketStep,
    security(("bearer" = ["admin", "kitchen"])),
    responses((status = 200, body = MovedLines), Problems))]
async fn start(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | KITCHEN }>,
    Path(order_id): Path<i64>,
    Body(ticket): Body<TicketStep>,
) -> Result<Json<MovedLines>> {
    step(&app, by, order_id, (KitchenStep::Start, Direction::Forward), ticket).await
}

/// Mark a ticket ready: its lines that are not. Sent twice it happens once.
#[utoipa::path(post, path = "/kitchen/orders/{order_id}/ready", tag = "kitchen",
    params(("order_id" = i64, Path)), request_body = TicketStep,
    security(("bearer" = ["admin", "kitchen"])),
    responses((status = 200, body = MovedLines), Problems))]
async fn ready(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | KITCHEN }>,
    Path(order_id): Path<i64>,
    Body(ticket): Body<TicketStep>,
) -> Result<Json<MovedLines>> {
    step(&app, by, order_id, (KitchenStep::Ready, Direction::Forward), ticket).await
}

/// Take a step back: READY calls lines back that are ready, START makes lines wait that were begun.
/// Sent twice it happens once.
#[utoipa::path(post, path = "/kitchen/orders/{order_id}/undo", tag = "kitchen",
    params(("order_id" = i64, Path)), request_body = TicketUndo,
    security(("bearer" = ["admin", "kitchen"])),
    responses((status = 200, body = MovedLines), Problems))]
async fn undo(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | KITCHEN }>,
    Path(order_id): Path<i64>,
    Body(undone): Body<TicketUndo>,
) -> Result<Json<MovedLines>> {
    let TicketUndo { step: taken, department, item_ids } = undone;
    step(&app, by, order_id, (taken, Direction::Back), TicketStep { department, item_ids }).await
}

async fn step(
    app: &App,
    by: Person,
    order_id: i64,
    (step, direction): (KitchenStep, Direction),
    TicketStep { department, item_ids }: TicketStep,
) -> Result<Json<MovedLines>> {
    let item_ids = item_ids.into_iter().map(Id::get).collect();
    Ok(Json(
        app.store.run(MoveLines { order_id, step, direction, department, item_ids, by }).await?,
    ))
}

/// Every department with what it has to do now.
#[utoipa::path(get, path = "/kitchen/departments", tag = "kitchen",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<DepartmentLoad>), Problems))]
async fn departments(State(app): State<App>, _: By<ANYONE>) -> Result<Json<Vec<DepartmentLoad>>> {
    Ok(Json(app.store.read(store::departments).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LastHours {
    /// 1 to 168; 24 when left out.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 168)]
    hours: Option<Int<1, 168>>,
}

/// How a department did over the last hours.
#[utoipa::path(get, path = "/kitchen/departments/{department}/stats", tag = "kitchen",
    params(("department" = Department, Path), LastHours),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = DepartmentStats), Problems))]
async fn stats(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(department): Path<Department>,
    Params(LastHours { hours }): Params<LastHours>,
) -> Result<Json<DepartmentStats>> {
    let hours = hours.map_or(24, Int::get);
    let since = Timestamp(clock::now().0 - hours * 3_600_000);
    // Lines may be added to an order of the day before.
    let day = app.site().zone.day_of(since).plus_days(-1).number();
    let stats = app.store.read(move |db| store::stats(db, department, hours, (day, since)));
    Ok(Json(stats.await?))
}

/// How far an order is.
#[utoipa::path(get, path = "/kitchen/orders/{order_id}/progress", tag = "kitchen",
    params(("order_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = OrderProgress), Problems))]
async fn progress(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(order_id): Path<i64>,
) -> Result<Json<OrderProgress>> {
    let order = app.store.read(move |db| orders::order_with_items(db, order_id)).await?;
    let live = |status: Option<ItemStatus>| {
        let counts = |s: ItemStatus| s != ItemStatus::Cancelled && status.is_none_or(|w| w == s);
        order.items.iter().filter(|item| counts(item.status)).count()
    };
    let total_items = live(None);
    let (ready_items, served_items) =
        (live(Some(ItemStatus::Ready)), live(Some(ItemStatus::Served)));
    let items = order.items.iter().map(|item| ItemProgress {
        id: item.id,
        dish_name: item.dish_name.clone(),
        quantity: item.quantity,
        unit: item.unit,
        status: item.status,
        department: item.department,
    });
    Ok(Json(OrderProgress {
        order_id,
        number: order.order.number,
        status: order.order.status,
        total_items,
        ready_items,
        served_items,
        progress_percent: (ready_items + served_items) * 100 / total_items.max(1),
        items: items.collect(),
    }))
}
