//! `/orders/{id}/customer`: who sits there.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, SetOrderCustomer};
use super::types::{CustomerDetails, OrderCustomer};
use crate::core::error::{Error, Result};
use crate::core::kernel::Patch;
use crate::core::store::Idempotent;
use crate::features::orders::{OrderWithDetails, customer_of};
use crate::features::permissions::{AT_THE_BILL, Permission, may, require};
use crate::platform::app::App;
use crate::platform::auth::By;
use crate::platform::http::{Keyed, OnceKey, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, set))
}

/// Who sits at an order.
#[derive(Serialize, ToSchema)]
struct CustomerOfOrder {
    /// The guest; null where nobody knows.
    customer: Option<CustomerDetails>,
}

/// Whose order it is, with what the guest must not eat. Needs `CUSTOMERS_SEE`.
#[utoipa::path(get, path = "/orders/{order_id}/customer", tag = "customers",
    params(("order_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CustomerOfOrder), Problems))]
async fn read(
    State(app): State<App>,
    By(person, _): By<AT_THE_BILL>,
    Path(order_id): Path<i64>,
) -> Result<Json<CustomerOfOrder>> {
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersSee)?;
        let in_full = may(db, &person, Permission::CustomersEdit)?;
        let customer = match customer_of(db, order_id)? {
            None => None,
            // Who was erased sits nowhere.
            Some(id) => match store::details(db, id, in_full) {
                Err(error) if error.status() == 404 => None,
                known => Some(known?),
            },
        };
        Ok(CustomerOfOrder { customer })
    };
    Ok(Json(app.store.read(query).await?))
}

/// Say whose open order it is, or with `null` that nobody knows. Needs `CUSTOMERS_SEE`.
#[utoipa::path(put, path = "/orders/{order_id}/customer", tag = "customers",
    params(OnceKey, ("order_id" = i64, Path)), request_body = OrderCustomer,
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OrderWithDetails), Problems))]
async fn set(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(order_id): Path<i64>,
    request: Keyed<OrderCustomer>,
) -> Result<Response> {
    let key = request.key(by.id);
    let customer_id = match request.body.customer_id {
        Patch::Keep => return Err(Error::invalid("customer_id", "is missing")),
        Patch::Clear => None,
        Patch::Set(id) => Some(id.get()),
    };
    let command = SetOrderCustomer { order_id, customer_id, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}
