//! Paths, queries and pages, with refusals that say what is wrong.

use axum::extract::{FromRequestParts, Path as AxumPath, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
use utoipa::IntoParams;

use super::words;
use crate::core::error::Error;
use crate::core::kernel::Int;

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
            if let Some(field) = reason.strip_prefix("missing field `") {
                return Error::invalid(field.trim_end_matches('`'), "is missing");
            }
            let (field, message) = reason.split_once(": ").unwrap_or(("query", reason));
            Error::invalid(field, words::plain(message))
        })?;
        Ok(Self(value))
    }
}

/// A query that may name a key more than once: `?a=x&a=y`, or `?a=x,y`.
pub struct Repeated(Vec<(String, String)>);

impl Repeated {
    /// All words under a key, each read as a `T`; none when the key is not there.
    ///
    /// # Errors
    /// 422 when one of them is not known.
    pub fn all<T: DeserializeOwned>(&self, key: &str) -> Result<Vec<T>, Error> {
        let values = self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value);
        let words = values.flat_map(|value| value.split(',')).map(str::trim);
        words
            .filter(|word| !word.is_empty())
            .map(|word| {
                let word: StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
                T::deserialize(word)
                    .map_err(|error| Error::invalid(key, words::plain(&error.to_string())))
            })
            .collect()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Repeated {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Params::from_request_parts(parts, state).await.map(|Params(pairs)| Self(pairs))
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// How many to leave out at the beginning.
    #[serde(default)]
    #[param(value_type = i64, minimum = 0, default = 0)]
    skip: Int<0, { crate::core::kernel::fields::MAX_SAFE }>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Fruit {
        Apple,
        Pear,
    }

    async fn fruits(query: &str) -> Result<Vec<Fruit>, Error> {
        let request = axum::http::Request::get(format!("/fruits{query}")).body(()).unwrap();
        let mut parts = request.into_parts().0;
        Repeated::from_request_parts(&mut parts, &()).await?.all("fruit")
    }

    #[tokio::test]
    async fn a_key_may_come_more_than_once() {
        assert_eq!(fruits("").await.unwrap(), []);
        assert_eq!(fruits("?other=plum&fruit=").await.unwrap(), []);
        for query in
            ["?fruit=apple&fruit=pear", "?fruit=apple,pear", "?a=1&fruit=%61pple%2C+pear&b"]
        {
            assert_eq!(fruits(query).await.unwrap(), [Fruit::Apple, Fruit::Pear], "{query}");
        }
        let error = fruits("?fruit=apple&fruit=plum").await.unwrap_err();
        assert_eq!(error.status(), 422);
        assert_eq!(error.problem().errors[0].field, "fruit");
    }
}
