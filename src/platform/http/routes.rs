//! Routes as their handlers' `utoipa::path` attributes name them.
//!
//! utoipa's own macro also builds each handler's part of the API document: 1.3 MB of code on arm64.
//! A box never needs that: it serves the document that was stored when the program was made
//! (docs/openapi.json), and tests hold the stored one against the routes. So only debug builds
//! describe what they route.

use axum::handler::Handler;
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::Path;
use utoipa::openapi::path::Operation;
use utoipa_axum::PathItemExt;
use utoipa_axum::router::UtoipaMethodRouter;

use crate::platform::app::App;

/// The routes of one address, as [`utoipa_axum::router::OpenApiRouter::routes`] takes them.
#[derive(Default)]
pub struct Routes(pub UtoipaMethodRouter<App>);

impl Routes {
    /// One more handler; `D` is what `utoipa::path` made of its attribute.
    pub fn add<D, H, T>(&mut self, handler: &H)
    where
        D: Path + Tags<'static> + SchemaReferences,
        H: Handler<T, App>,
        T: 'static,
    {
        let (schemas, paths, router) = &mut self.0;
        let methods = D::methods();
        for method in &methods {
            *router = std::mem::take(router).on(method.to_method_filter(), handler.clone());
        }
        let mut operation = Operation::new();
        if cfg!(debug_assertions) {
            operation = D::operation();
            let tags = D::tags().into_iter().map(str::to_owned);
            operation.tags.get_or_insert_default().extend(tags);
            D::schemas(schemas);
        }
        paths.add_path_operation(D::path(), methods, operation);
    }
}

/// The routes of handlers that share an address.
macro_rules! routes {
    ($($handler:ident),+ $(,)?) => {{
        let mut routes = $crate::platform::http::Routes::default();
        utoipa_axum::paste! { $(routes.add::<[<__path_ $handler>], _, _>(&$handler);)+ }
        routes.0
    }};
}
pub(crate) use routes;
