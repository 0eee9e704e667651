//! `/dishes/{dish_id}/modifier-groups`.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, DishModifierGroup, DishModifierGroupsUpdate, SetGroups};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{Body, Path, Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, set))
}

/// The groups of options that a dish asks for, in their order.
#[utoipa::path(get, path = "/dishes/{dish_id}/modifier-groups", tag = "menu",
    params(("dish_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<DishModifierGroup>), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(dish_id): Path<i64>,
) -> Result<Json<Vec<DishModifierGroup>>> {
    Ok(Json(app.store.read(move |db| store::of_dish(db, dish_id)).await?))
}

/// Say which groups of options a dish asks for: these, and no others.
#[utoipa::path(put, path = "/dishes/{dish_id}/modifier-groups", tag = "menu",
    params(("dish_id" = i64, Path)),
    request_body = DishModifierGroupsUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Vec<DishModifierGroup>), Problems))]
async fn set(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(dish_id): Path<i64>,
    Body(wanted): Body<DishModifierGroupsUpdate>,
) -> Result<Json<Vec<DishModifierGroup>>> {
    let command = SetGroups { dish_id, groups: wanted.groups, by: Some(person.id) };
    Ok(Json(app.store.run(command).await?))
}
