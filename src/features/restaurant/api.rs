//! The restaurant's public facts.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::{Restaurant, RestaurantUpdate, UpdateSite, check_facts};
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By};
use crate::platform::http::{Body, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(restaurant, update))
}

/// Name, currency, zone and languages of the restaurant.
#[utoipa::path(get, path = "/restaurant", tag = "restaurant", security(()),
    responses((status = 200, body = Restaurant), Problems))]
async fn restaurant(State(app): State<App>) -> Json<Restaurant> {
    Json(Restaurant::of(&app))
}

/// Change the restaurant's facts. What the box's settings file or environment says is refused.
#[utoipa::path(patch, path = "/restaurant", tag = "restaurant", request_body = RestaurantUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Restaurant), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Body(changes): Body<RestaurantUpdate>,
) -> Result<Json<Restaurant>> {
    let RestaurantUpdate { name, currency, timezone, languages, guest_orders, .. } = changes;
    let (day_begins, tax) = (changes.day_begins_hour, changes.tax_percent);
    check_facts("", currency.as_deref(), timezone.as_deref(), languages.as_deref())?;
    let named = [
        ("name", name.is_some()),
        ("timezone", timezone.is_some()),
        ("guest_orders", guest_orders.is_some()),
    ];
    let fixed = Restaurant::fixed(&app);
    if let Some((field, _)) = named.iter().find(|(name, given)| *given && fixed.contains(name)) {
        let detail =
            format!("“{field}” is set in the box's settings file or environment. Change it there.");
        return Err(Error::rule("fixed_by_settings", detail).with("field", *field));
    }
    let name = name.map(Text::into_inner);
    let by = Some(admin.id);
    let command =
        UpdateSite { name, currency, timezone, day_begins, languages, guest_orders, tax, by };
    app.store.run(command).await?;
    Ok(Json(Restaurant::of(&app)))
}
