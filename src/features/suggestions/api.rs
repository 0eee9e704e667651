//! `/suggestions` and `/guest/suggestions`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::choice_rules::{Wish, choose, is_control};
use super::effect_store::effect;
use super::known::Known;
use super::rules::{Question, Slot, day_count};
use super::settings_store::{self, Marks, Said, SetMark, SetSettings};
use super::types::{
    MarkedDishes, SuggestionAsk, SuggestionEffect, SuggestionMarkBody, SuggestionSettings,
    Suggestions, SurplusBody,
};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Day, Period};
use crate::core::store::Connection;
use crate::features::floor;
use crate::features::menu::Cache;
use crate::features::orders;
use crate::features::prices::{Channel, Place};
use crate::features::visits::Guest;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, KITCHEN, MANAGER, WAITER};
use crate::platform::http::{Body, Params, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(for_guests))
        .routes(routes!(for_staff))
        .routes(routes!(settings, set_settings))
        .routes(routes!(marked))
        .routes(routes!(mark))
        .routes(routes!(surplus))
        .routes(routes!(read_effect))
}

/// For whom suggestions are made.
struct Asked {
    table_id: Option<i64>,
    channel: Channel,
    /// Whether what the table has ordered may be looked at.
    sees_order: bool,
    ask: SuggestionAsk,
}

/// What the house says, and what the table has taken.
struct House {
    settings: SuggestionSettings,
    marks: Marks,
    location_id: Option<i64>,
    ordered: Vec<i64>,
}

impl House {
    fn read(
        db: &Connection,
        today: Day,
        (table_id, sees_order): (Option<i64>, bool),
    ) -> Result<Self> {
        let settings = settings_store::settings(db)?;
        let marks = settings_store::marks(db, today)?;
        let Some(table_id) = table_id else {
            return Ok(Self { settings, marks, location_id: None, ordered: Vec::new() });
        };
        let location_id = floor::room_of(db, table_id)?;
        let order = if sees_order { orders::table_order(db, table_id)? } else { None };
        let ordered = order.into_iter().flat_map(|order| order.items);
        let ordered = ordered.map(|line| line.dish_id).collect();
        Ok(Self { settings, marks, location_id, ordered })
    }
}

async fn suggest(app: &App, asked: Asked) -> Result<Suggestions> {
    asked.ask.check()?;
    let (now, zone) = (clock::now(), app.site().zone.clone());
    let today = zone.day_of(now);
    let Asked { table_id, channel, sees_order, ask } = asked;
    if table_id.is_some_and(|table| is_control(table, today.number())) {
        return Ok(Suggestions::default());
    }
    let house = app.store.read(move |db| House::read(db, today, (table_id, sees_order))).await?;
    if !house.settings.is_on {
        return Ok(Suggestions::default());
    }
    let place = Place { channel, location_id: house.location_id };
    let menu = app.state::<Cache>().on_sale(&app.store, place).await?;
    let mut basket: Vec<i64> = ask.dish_ids.iter().map(|id| id.get()).collect();
    basket.extend(house.ordered);
    basket.sort_unstable();
    basket.dedup();
    let known = app.state::<Known>();
    let dishes: Vec<i64> = menu.iter().map(|dish| dish.dish_id).collect();
    let question = Question {
        today: day_count(today),
        slot: Slot::of(zone.hour_of(now), today.is_weekend()),
        basket: &basket,
        surprise: house.settings.surprise.get() as f64 / 100.0,
    };
    let scores = known.scores(question, &dishes);
    let without: Vec<i64> = ask.without_allergens.iter().map(|id| id.get()).collect();
    let wish = Wish { basket: &basket, without: &without, most: ask.most() };
    let suggestions = choose(&known.candidates(menu, &house.marks), &scores, wish);
    if let Some(table_id) = table_id {
        known.note_offered(table_id, &suggestions);
    }
    Ok(Suggestions { suggestions })
}

/// What a guest may like beside what is in the basket, and what the table has ordered.
#[utoipa::path(post, path = "/guest/suggestions", tag = "suggestions",
    request_body = SuggestionAsk, security(("guest" = [])),
    responses((status = 200, body = Suggestions), Problems))]
async fn for_guests(
    State(app): State<App>,
    guest: Guest,
    Body(ask): Body<SuggestionAsk>,
) -> Result<Json<Suggestions>> {
    // A phone that was not shown the bill learns nothing of it this way either.
    let sees_order = !guest.waits;
    let table_id = Some(guest.table_id);
    let asked = Asked { table_id, channel: Channel::DineIn, sees_order, ask };
    Ok(Json(suggest(&app, asked).await?))
}

/// What guests may like, for who takes their order.
#[utoipa::path(post, path = "/suggestions", tag = "suggestions", request_body = SuggestionAsk,
    security(("bearer" = ["admin", "waiter", "cashier"])),
    responses((status = 200, body = Suggestions), Problems))]
async fn for_staff(
    State(app): State<App>,
    _: By<{ ADMIN | WAITER | CASHIER }>,
    Body(ask): Body<SuggestionAsk>,
) -> Result<Json<Suggestions>> {
    let table_id = ask.table_id.map(Id::get);
    let channel = match table_id {
        Some(_) => Channel::DineIn,
        None => ask.channel.unwrap_or(Channel::Takeaway),
    };
    Ok(Json(suggest(&app, Asked { table_id, channel, sees_order: true, ask }).await?))
}

/// How suggestions are made.
#[utoipa::path(get, path = "/suggestions/settings", tag = "suggestions",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = SuggestionSettings), Problems))]
async fn settings(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
) -> Result<Json<SuggestionSettings>> {
    Ok(Json(app.store.read(settings_store::settings).await?))
}

/// Say how suggestions are made.
#[utoipa::path(put, path = "/suggestions/settings", tag = "suggestions",
    request_body = SuggestionSettings, security(("bearer" = ["admin"])),
    responses((status = 200, body = SuggestionSettings), Problems))]
async fn set_settings(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Body(settings): Body<SuggestionSettings>,
) -> Result<Json<SuggestionSettings>> {
    Ok(Json(app.store.run(SetSettings { settings, by: admin.id }).await?))
}

/// The dishes that are pinned or banned, and those of which there is too much today.
#[utoipa::path(get, path = "/suggestions/dishes", tag = "suggestions",
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = MarkedDishes), Problems))]
async fn marked(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | KITCHEN }>,
) -> Result<Json<MarkedDishes>> {
    let today = app.site().zone.day_of(clock::now());
    Ok(Json(app.store.read(move |db| settings_store::marked(db, today)).await?))
}

/// Pin a dish, ban it, or neither.
#[utoipa::path(put, path = "/suggestions/dishes/{dish_id}", tag = "suggestions",
    params(("dish_id" = i64, Path)), request_body = SuggestionMarkBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = MarkedDishes), Problems))]
async fn mark(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(dish_id): Path<i64>,
    Body(body): Body<SuggestionMarkBody>,
) -> Result<Json<MarkedDishes>> {
    let today = app.site().zone.day_of(clock::now());
    let said = Said::Mark(body.mark);
    Ok(Json(app.store.run(SetMark { dish_id, said, today, by: admin.id }).await?))
}

/// Say that the kitchen has too much of a dish, or no longer. It ends with the restaurant's day.
#[utoipa::path(put, path = "/suggestions/dishes/{dish_id}/surplus", tag = "suggestions",
    params(("dish_id" = i64, Path)), request_body = SurplusBody,
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = MarkedDishes), Problems))]
async fn surplus(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER | KITCHEN }>,
    Path(dish_id): Path<i64>,
    Body(body): Body<SurplusBody>,
) -> Result<Json<MarkedDishes>> {
    let today = app.site().zone.day_of(clock::now());
    let said = Said::Surplus(body.is_surplus);
    Ok(Json(app.store.run(SetMark { dish_id, said, today, by: person.id }).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Days {
    /// The first day; 29 days before the last when left out.
    date_from: Option<Day>,
    /// The last day; today when left out. At most 366 days after the first.
    date_to: Option<Day>,
}

/// What suggestions brought: checks of tables that were shown some beside those of tables that were not.
#[utoipa::path(get, path = "/suggestions/effect", tag = "suggestions", params(Days),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = SuggestionEffect), Problems))]
async fn read_effect(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Params(days): Params<Days>,
) -> Result<Json<SuggestionEffect>> {
    let today = app.site().zone.day_of(clock::now());
    let last = days.date_to.unwrap_or(today);
    let first = days.date_from.unwrap_or_else(|| last.plus_days(-29));
    let period = Period::new(first, last)?;
    let learnt = app.state::<Known>().orders(day_count(today));
    Ok(Json(app.store.read_long(move |db| effect(db, period, learnt)).await?))
}
