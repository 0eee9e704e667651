//! Whether a request comes from a foreign page. The box keeps no cookies, so such a page has
//! nobody's rights; but it could try passwords or sit down at a table with a visitor's browser.

use axum::http::HeaderValue;
use axum::http::header::{
    AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, RETRY_AFTER,
};
use axum::http::{Method, Uri};
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::host_check::Named;
use super::limits;

/// Whether the page of this `Origin` may write here and listen: a page of the box itself, under
/// the name that the request uses, or one that the settings name.
pub fn is_welcome(origin: &str, named: &Named, is_secure: bool, listed: &[String]) -> bool {
    if listed.iter().any(|name| name.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
        return true;
    }
    let Ok(uri) = origin.parse::<Uri>() else { return false };
    let usual = |is_secure: bool| if is_secure { 443 } else { 80 };
    let of_page = uri.scheme_str().zip(uri.authority());
    of_page.is_some_and(|(scheme, authority)| {
        let port = named.port.unwrap_or(usual(is_secure));
        Named::parse(authority.as_str()).is_some_and(|page| {
            page.host == named.host && page.port.unwrap_or(usual(scheme == "https")) == port
        })
    })
}

/// Lets pages of the named origins read the API; none when there are none.
pub fn cors(listed: &[String]) -> Option<CorsLayer> {
    let origins = listed.iter().map(|origin| origin.trim_end_matches('/'));
    let origins: Vec<_> = origins.filter_map(|name| HeaderValue::from_str(name).ok()).collect();
    if origins.is_empty() {
        return None;
    }
    let named = HeaderName::from_static;
    Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([
                AUTHORIZATION,
                CONTENT_TYPE,
                IF_NONE_MATCH,
                named("idempotency-key"),
                named("x-device"),
                named("x-request-id"),
            ])
            .expose_headers(
                [ETAG, RETRY_AFTER, named("idempotent-replayed"), named("x-request-id")]
                    .into_iter()
                    .chain(limits::HEADERS)
                    .collect::<Vec<_>>(),
            )
            .max_age(Duration::from_mins(10)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_box_or_a_listed_one_is_welcome() {
        let listed = ["https://app.example".to_owned()];
        let named = Named::parse("192.168.1.20:8443").unwrap();
        for origin in ["https://192.168.1.20:8443", "https://app.example", "HTTPS://App.Example"] {
            assert!(is_welcome(origin, &named, true, &listed), "{origin}");
        }
        for origin in [
            "null",
            "",
            "https://evil.example",
            "https://192.168.1.20",
            "https://192.168.1.20:3000",
            "https://192.168.1.20:8443.evil.example",
            "https://app.example.evil.example",
            "https://evil.example/https://app.example",
        ] {
            assert!(!is_welcome(origin, &named, true, &listed), "{origin}");
        }
        let named = Named::parse("till.example").unwrap();
        assert!(is_welcome("https://till.example", &named, true, &[]));
        assert!(is_welcome("http://till.example:80", &named, false, &[]));
        assert!(!is_welcome("http://till.example", &named, true, &[]));
    }
}
