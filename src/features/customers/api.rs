//! `/customers`: who they are, finding them, changing them.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, AddConsent, CreateCustomer, MergeCustomers, NoteSearch, UpdateCustomer};
use super::types::{
    ConsentCreate, CustomerCreate, CustomerDetails, CustomerList, CustomerMerge, CustomerSearch,
    CustomerUpdate, CustomerVisits, CustomersFound,
};
use crate::core::error::Result;
use crate::core::kernel::Int;
use crate::core::kernel::fields::MAX_SAFE;
use crate::features::permissions::{Permission, may, require};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, HOST, MANAGER, WAITER};
use crate::platform::http::{Body, Keyed, OnceKey, Params, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(search))
        .routes(routes!(read, update))
        .routes(routes!(consent))
        .routes(routes!(merge))
        .routes(routes!(visits))
}

/// Who may be let see guests; whether they are says the permission.
pub(super) const GREETERS: u8 = ADMIN | MANAGER | WAITER | CASHIER | HOST;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Cursor {
    /// `next` of the page before; the first page when left out.
    #[param(value_type = Option<i64>, minimum = 1)]
    before: Option<Int<1, MAX_SAFE>>,
    /// How many to return at most.
    #[serde(default = "usual")]
    #[param(value_type = i64, minimum = 1, maximum = 100, default = 50)]
    limit: Int<1, 100>,
}

fn usual() -> Int<1, 100> {
    Int::new(50).unwrap_or_default()
}

impl Cursor {
    fn window(self) -> (i64, i64) {
        (self.before.map_or(i64::MAX, Int::get), self.limit.get())
    }
}

/// All guests who are known, the newest first. Needs `CUSTOMERS_EDIT`.
#[utoipa::path(get, path = "/customers", tag = "customers", params(Cursor),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = CustomerList), Problems))]
async fn list(
    State(app): State<App>,
    By(person, _): By<GREETERS>,
    Params(cursor): Params<Cursor>,
) -> Result<Json<CustomerList>> {
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersEdit)?;
        store::list(db, cursor.window())
    };
    Ok(Json(app.store.read(query).await?))
}

/// Enter a guest. Needs `CUSTOMERS_EDIT`.
#[utoipa::path(post, path = "/customers", tag = "customers", params(OnceKey),
    request_body = CustomerCreate,
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 201, body = CustomerDetails), Problems))]
async fn create(
    State(app): State<App>,
    By(by, _): By<GREETERS>,
    request: Keyed<CustomerCreate>,
) -> Result<Response> {
    let actor = by.id;
    request.create(&app.store, actor, |new| CreateCustomer { new, by }).await
}

/// Find guests by the beginnings of their name's words, or by their telephone in whatever way it is typed;
/// 20 at most. The search is written into the audit trail, with the ids of who was found and no name. Needs
/// `CUSTOMERS_SEE`; without `CUSTOMERS_EDIT` only the end of telephones is told.
#[utoipa::path(post, path = "/customers/search", tag = "customers",
    request_body = CustomerSearch,
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = CustomersFound), Problems))]
async fn search(
    State(app): State<App>,
    By(person, _): By<GREETERS>,
    Body(wanted): Body<CustomerSearch>,
) -> Result<Json<CustomersFound>> {
    let by = person.id;
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersSee)?;
        let in_full = may(db, &person, Permission::CustomersEdit)?;
        store::search(db, &wanted.text, in_full)
    };
    let found = app.store.read(query).await?;
    let ids = found.customers.iter().map(|customer| customer.id).collect();
    app.store.run(NoteSearch { found: ids, by }).await?;
    Ok(Json(found))
}

/// One guest. Who was joined with another is told as that one. Needs `CUSTOMERS_SEE`; without
/// `CUSTOMERS_EDIT` only the end of the telephone is told.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = CustomerDetails), Problems))]
async fn read(
    State(app): State<App>,
    By(person, _): By<GREETERS>,
    Path(id): Path<i64>,
) -> Result<Json<CustomerDetails>> {
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersSee)?;
        store::details(db, id, may(db, &person, Permission::CustomersEdit)?)
    };
    Ok(Json(app.store.read(query).await?))
}

/// Change what is known of a guest. Needs `CUSTOMERS_EDIT`.
#[utoipa::path(patch, path = "/customers/{id}", tag = "customers",
    params(OnceKey, ("id" = i64, Path)), request_body = CustomerUpdate,
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = CustomerDetails), Problems))]
async fn update(
    State(app): State<App>,
    By(by, _): By<GREETERS>,
    Path(id): Path<i64>,
    request: Keyed<CustomerUpdate>,
) -> Result<Response> {
    let actor = by.id;
    request.change(&app.store, actor, |changes| UpdateCustomer { id, changes, by }).await
}

/// Write down what a guest agreed to, or took back. Needs `CUSTOMERS_EDIT`.
#[utoipa::path(post, path = "/customers/{id}/consents", tag = "customers",
    params(OnceKey, ("id" = i64, Path)), request_body = ConsentCreate,
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 201, body = CustomerDetails), Problems))]
async fn consent(
    State(app): State<App>,
    By(by, _): By<GREETERS>,
    Path(id): Path<i64>,
    request: Keyed<ConsentCreate>,
) -> Result<Response> {
    let actor = by.id;
    request.create(&app.store, actor, |consent| AddConsent { id, consent, by }).await
}

/// Join two guests who are one person. The other's id leads to this one from then on. Needs
/// `CUSTOMERS_EDIT`.
#[utoipa::path(post, path = "/customers/{id}/merge", tag = "customers",
    params(OnceKey, ("id" = i64, Path)), request_body = CustomerMerge,
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = CustomerDetails), Problems))]
async fn merge(
    State(app): State<App>,
    By(by, _): By<GREETERS>,
    Path(id): Path<i64>,
    request: Keyed<CustomerMerge>,
) -> Result<Response> {
    let actor = by.id;
    let merge = |body: CustomerMerge| MergeCustomers { id, other_id: body.other_id.get(), by };
    request.change(&app.store, actor, merge).await
}

/// A guest's orders, the newest first. Needs `CUSTOMERS_EDIT`.
#[utoipa::path(get, path = "/customers/{id}/visits", tag = "customers",
    params(("id" = i64, Path), Cursor),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = CustomerVisits), Problems))]
async fn visits(
    State(app): State<App>,
    By(person, _): By<GREETERS>,
    Path(id): Path<i64>,
    Params(cursor): Params<Cursor>,
) -> Result<Json<CustomerVisits>> {
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersEdit)?;
        store::visits(db, id, cursor.window())
    };
    Ok(Json(app.store.read(query).await?))
}
