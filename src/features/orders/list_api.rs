//! Lists of orders, and what happened to one.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::history::OrderHistory;
use super::states::{OrderStatus, OrderType, PaymentStatus};
use super::store::{self, Wanted};
use super::types::{OrderList, OrderSort};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::{Day, Period, Text};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, MANAGER};
use crate::platform::http::{Page, Params, Path, Problems, Repeated, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(history))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    table_id: Option<i64>,
    waiter_id: Option<i64>,
    payment_method_id: Option<i64>,
    /// The number of the day.
    number: Option<i64>,
    /// Part of a customer's name or telephone, in capital letters or small ones.
    #[param(value_type = Option<String>, max_length = 100)]
    search: Option<Text<0, 100>>,
    /// Placed on this day or later.
    date_from: Option<Day>,
    /// Placed on this day or earlier; at most 366 days.
    date_to: Option<Day>,
    /// In which order; all but `newest` look at the last 366 days when no days are named, and so
    /// do `search` and `number`.
    #[serde(default)]
    #[param(inline)]
    sort: OrderSort,
}

impl Filter {
    /// The days that are looked at; none for all of them.
    fn period(&self, app: &App) -> Result<Option<Period>> {
        let asks_for_days = self.date_from.is_some() || self.date_to.is_some();
        let looks_far = self.search.is_some() || self.number.is_some();
        if !asks_for_days && !looks_far && self.sort == OrderSort::Newest {
            return Ok(None);
        }
        let today = app.site().zone.day_of(clock::now());
        let to = self.date_to.unwrap_or(self.date_from.map_or(today, |from| from.max(today)));
        let from = self.date_from.unwrap_or_else(|| to.plus_days(-365));
        Period::new(from, to).map(Some)
    }
}

/// Orders, newest first. `status`, `payment_status` and `order_type` may be named more than once.
#[utoipa::path(get, path = "/orders", tag = "orders",
    params(Page, Filter, ("status" = Option<Vec<OrderStatus>>, Query),
        ("payment_status" = Option<Vec<PaymentStatus>>, Query),
        ("order_type" = Option<Vec<OrderType>>, Query)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = OrderList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ANYONE>,
    page: Page,
    Params(filter): Params<Filter>,
    words: Repeated,
) -> Result<Json<OrderList>> {
    let wanted = Wanted {
        statuses: words.all("status")?,
        payment_statuses: words.all("payment_status")?,
        order_types: words.all("order_type")?,
        period: filter.period(&app)?,
        table_id: filter.table_id,
        waiter_id: filter.waiter_id,
        payment_method_id: filter.payment_method_id,
        number: filter.number,
        search: filter.search.and_then(Text::non_empty),
        sort: filter.sort,
    };
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), &wanted)).await?))
}

/// What happened to an order, when, and by whom.
#[utoipa::path(get, path = "/orders/{order_id}/history", tag = "orders",
    params(("order_id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = OrderHistory), Problems))]
async fn history(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(order_id): Path<i64>,
) -> Result<Json<OrderHistory>> {
    Ok(Json(app.store.read(move |db| store::history(db, order_id)).await?))
}
