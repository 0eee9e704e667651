//! What this part of the box brings to it.

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use super::{
    behind, doctor, documents, goods, levels, places, recipes, sales, shopping, suppliers,
    transfer, variance,
};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/stock` and `/suppliers`, reads what was sold, and does what is left for later.
pub fn feature() -> Feature<App> {
    Feature::of(routes)
        .copies(&[(120, "stock_goods"), (121, "stock_packs"), (122, "stock_places")])
        .copies(&[(123, "stock_shelves"), (124, "suppliers"), (125, "supplier_prices")])
        .copies(&[(126, "recipes"), (127, "recipe_lines"), (128, "stock_documents")])
        .copies(&[(129, "stock_document_lines"), (130, "stock_moves"), (131, "stock_levels")])
        .copies(&[(132, "stock_costs"), (134, "stock_recounts"), (135, "stock_postings")])
        .keeps(Arc::<behind::Behind>::default())
        .starts(|_, store| async move { store.run(places::NameFirstPlace).await })
        .runs(behind::keep_counting)
        .runs(sales::read_sales)
        .is_checked(doctor::checks)
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(goods::router())
        .merge(places::router())
        .merge(suppliers::router())
        .merge(recipes::router())
        .merge(documents::router())
        .merge(levels::router())
        .merge(variance::router())
        .merge(shopping::router())
        .merge(transfer::router())
}
