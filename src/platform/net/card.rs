//! What a box tells its network of itself, and under which names.

use super::Listening;

/// Every box has this service, and only boxes.
pub(super) const QRES: &str = "_qres._tcp.local.";
/// Browsers and phones look for this one.
pub(super) const HTTP: &str = "_http._tcp.local.";
/// The same by HTTPS, where the box serves it.
pub(super) const HTTPS: &str = "_https._tcp.local.";

/// What a box tells its network of itself.
#[derive(Debug, Clone)]
pub struct Card {
    /// The restaurant's name.
    pub restaurant: String,
    /// Tells the restaurant from all others.
    pub site: String,
    /// Where it is served.
    pub listening: Listening,
}

/// The instance in the full name of a service of this kind, as people read it: of
/// `Dr\\. Anna._http._tcp.local.` it is “Dr. Anna”.
pub(super) fn instance_of(fullname: &str, kind: &str) -> String {
    let instance = fullname.strip_suffix(kind).unwrap_or(fullname).trim_end_matches('.');
    let mut plain = String::new();
    let mut letters = instance.chars();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{HTTP, QRES, instance_of};

    #[test]
    fn an_instance_is_read_without_its_escapes() {
        assert_eq!(instance_of("Anna's._qres._tcp.local.", QRES), "Anna's");
        assert_eq!(instance_of("Dr\\. Anna \\\\._http._tcp.local.", HTTP), "Dr. Anna \\");
    }
}
