//! The restaurant's public facts.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::{Facts, Restaurant, RestaurantUpdate, UpdateSite, check_facts};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::core::kernel::fields::Id;
use crate::features::taxes;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By};
use crate::platform::http::{Body, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(restaurant, update))
}

/// Name, currency, zone and languages of the restaurant.
#[utoipa::path(get, path = "/restaurant", tag = "restaurant", security(()),
    responses((status = 200, body = Restaurant), Problems))]
async fn restaurant(State(app): State<App>) -> Result<Json<Restaurant>> {
    shown(&app).await
}

async fn shown(app: &App) -> Result<Json<Restaurant>> {
    let site = app.site();
    let today = site.zone.day(clock::now());
    let tax_percent = app.store.read(move |db| taxes::usual_rate(db, today)).await?;
    let (tax_class_id, service_tax_class_id) = (site.tax_class_id, site.service_tax_class_id);
    Ok(Json(Restaurant {
        facts: Facts::of(app),
        tax_percent,
        tax_class_id,
        service_tax_class_id,
        price_grace_minutes: site.price_grace_minutes,
        house_tips: site.house_tips,
        next_course_minutes: site.next_course_minutes,
    }))
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
    let tax_class_id = changes.tax_class_id.map(Id::get);
    let service_tax_class_id = changes.service_tax_class_id.map(Id::get);
    check_facts("", currency.as_deref(), timezone.as_deref(), languages.as_deref())?;
    let named = [
        ("name", name.is_some()),
        ("timezone", timezone.is_some()),
        ("guest_orders", guest_orders.is_some()),
    ];
    let fixed = Facts::fixed(&app);
    if let Some((field, _)) = named.iter().find(|(name, given)| *given && fixed.contains(name)) {
        let detail =
            format!("“{field}” is set in the box's settings file or environment. Change it there.");
        return Err(Error::rule("fixed_by_settings", detail).with("field", *field));
    }
    let name = name.map(Text::into_inner);
    let by = Some(admin.id);
    let command = UpdateSite {
        name,
        currency,
        timezone,
        day_begins,
        languages,
        guest_orders,
        tax,
        tax_class_id,
        service_tax_class_id,
        price_grace: changes.price_grace_minutes,
        house_tips: changes.house_tips,
        next_course: changes.next_course_minutes,
        by,
        ..UpdateSite::in_zone(app.site().zone.clone())
    };
    app.store.run(command).await?;
    shown(&app).await
}
