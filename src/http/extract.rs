//! Paths, queries and pages, with refusals that say what is wrong.

use axum::extract::{FromRequestParts, Path as AxumPath, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::error::Error;
use crate::kernel::Int;

/// The ids in a path.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let AxumPath(value) = AxumPath::from_request_parts(parts, state)
            .await
            .map_err(|_| Error::invalid("path", "must hold whole numbers or known words"))?;
        Ok(Self(value))
    }
}

/// The query of a request.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let Query(value) = Query::try_from_uri(&parts.uri).map_err(|rejection| {
            // "Failed to deserialize query string: FIELD: what is wrong"
            let text = rejection.body_text();
            let reason = text.split_once(": ").map_or(text.as_str(), |(_, reason)| reason);
            let (field, message) = reason.split_once(": ").unwrap_or(("query", reason));
            Error::invalid(field, message)
        })?;
        Ok(Self(value))
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// How many to leave out at the beginning.
    #[serde(default)]
    #[param(value_type = i64, minimum = 0, default = 0)]
    skip: Int<0, { crate::kernel::fields::MAX_SAFE }>,
    /// How many to return at most.
    #[serde(default = "most")]
    #[param(value_type = i64, minimum = 1, maximum = 100, default = 100)]
    limit: Int<1, 100>,
}

fn most() -> Int<1, 100> {
    Int::new(100).unwrap_or_default()
}

impl Page {
    /// As the store wants it: how many to leave out, how many to return.
    pub fn window(self) -> (i64, i64) {
        (self.skip.get(), self.limit.get())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Params::from_request_parts(parts, state).await.map(|Params(page)| page)
    }
}
