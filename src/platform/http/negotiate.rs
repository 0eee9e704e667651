//! What a client says it takes, prefers and already has: encodings, languages, entity tags.

use axum::http::{HeaderMap, header};

/// Whether the client takes a content coding such as `gzip`: the coding's own weight counts
/// before that of `*`, and a weight of 0 is a no.
pub fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let weight_of = |coding: &str| {
        parts(headers, header::ACCEPT_ENCODING).find_map(|part| {
            let (name, weight) = part.split_once(';').unwrap_or((part, ""));
            let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
            name.trim().eq_ignore_ascii_case(coding).then(|| weight.parse().unwrap_or(0.0))
        })
    };
    weight_of(coding).or_else(|| weight_of("*")).is_some_and(|weight: f32| weight > 0.0)
}

/// Whether the client has what bears this ETag (with its quotes) already: the answer is 304.
pub fn is_known(headers: &HeaderMap, etag: &[u8]) -> bool {
    parts(headers, header::IF_NONE_MATCH)
        .any(|part| part == "*" || part.strip_prefix("W/").unwrap_or(part).as_bytes() == etag)
}

/// The languages that the client reads, as tags such as `en-GB`, in its order.
pub fn languages(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    parts(headers, header::ACCEPT_LANGUAGE)
        .map(|part| part.split(';').next().unwrap_or(part).trim())
}

/// The values of the cookies with this name.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).map(str::trim);
    pairs
        .filter_map(move |pair| pair.split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value)
}

/// The parts of a header that is a list, e.g. `gzip;q=0.5` and `br`.
fn parts(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asked(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_coding_goes_only_to_those_who_take_it() {
        for (value, takes) in [
            ("gzip, deflate, br", true),
            ("GZIP;q=0.5", true),
            ("br, *", true),
            ("gzip;q=0, *", false),
            ("gzip; q=0", false),
            ("identity", false),
            ("", false),
            ("gzip;q=much", false),
        ] {
            assert_eq!(accepts(&asked(header::ACCEPT_ENCODING, value), "gzip"), takes, "{value}");
        }
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn a_tag_is_known_alone_in_a_list_and_weakened() {
        for (value, known) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ] {
            let headers = asked(header::IF_NONE_MATCH, value);
            assert_eq!(is_known(&headers, b"\"a\""), known, "{value}");
        }
    }
}
