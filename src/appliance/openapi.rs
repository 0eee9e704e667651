//! The frame of the API document; the rest is written beside each handler.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::features;
use crate::core::error::Problem;
use crate::platform::config::Settings;

#[derive(OpenApi)]
#[openapi(
    info(title = "QRes", description = "Restaurant software that runs from one small box. \
        Every path answers with and without its trailing slash, at the root and under /api.",
        license(name = "MIT", identifier = "MIT")),
    components(schemas(Problem)),
    security(("bearer" = [])),
    modifiers(&Bearer),
)]
struct ApiDoc;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = |format: &str, description: &str| {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format(format);
            SecurityScheme::Http(scheme.description(Some(description)).build())
        };
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "bearer",
            bearer("JWT", "From `/auth/login`. The words beside it are the roles that may."),
        );
        components.add_security_scheme(
            "guest",
            bearer("g_…", "From `/guest/session`: whoever scanned the code of a table."),
        );
    }
}

/// The OpenAPI document of every route, as docs/openapi.json keeps it, with an id for each
/// operation. Handlers of different features bear the same short names, so the id is made of method
/// and path, which are unique.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = ApiDoc::openapi();
    for feature in features::all(&Settings::default()) {
        document.merge((feature.routes)().into_openapi());
    }
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let words = path.split(['/', '{', '}', '-', '.']).filter(|word| !word.is_empty());
            let id = std::iter::once(method).chain(words).collect::<Vec<_>>().join("_");
            operation.operation_id = Some(id);
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, post, put, patch, delete, .. } = item;
    [("get", get), ("post", post), ("put", put), ("patch", patch), ("delete", delete)]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
