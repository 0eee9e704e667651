//! The names of a box in the network: the ones that it wishes for, and the ones that nobody else
//! has.

use super::card::Card;

/// The longest label of a name in the DNS, in bytes.
const LABEL: usize = 63;

/// Under which names a box is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names {
    /// Leads to its addresses, e.g. `qres.local.`.
    pub host: Wish,
    /// What people read in a list of web pages.
    pub page: Wish,
    /// What programs read in a list of boxes: nobody else ever wishes for it.
    pub machine: String,
}

/// A name, and whether only this restaurant wishes for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    pub name: String,
    pub is_own: bool,
}

impl Names {
    /// What is easiest to say: `qres.local` and the restaurant's name.
    pub fn wished(card: &Card) -> Self {
        let wish = |name| Wish { name, is_own: false };
        Self { host: wish("qres.local.".into()), page: wish(restaurant(card)), ..Self::own(card) }
    }

    /// The same with a mark that only this restaurant has: `qres-1a2b.local`.
    pub fn own(card: &Card) -> Self {
        let mark = mark(&card.site);
        let beginning = clipped(&restaurant(card), LABEL - mark.len() - " ()".len());
        let machine = format!("{beginning} ({mark})");
        let own = |name| Wish { name, is_own: true };
        Self { host: own(format!("qres-{mark}.local.")), page: own(machine.clone()), machine }
    }
}

fn restaurant(card: &Card) -> String {
    let name = clipped(&card.restaurant, LABEL);
    if name.is_empty() { "QRes".into() } else { name }
}

/// Four letters that tell a restaurant from its neighbours.
pub(super) fn mark(site: &str) -> String {
    let mark: String = site.chars().filter(char::is_ascii_hexdigit).take(4).collect();
    mark.to_ascii_lowercase()
}

/// The beginning of a text that fits in so many bytes, without control characters.
pub(super) fn clipped(text: &str, bytes: usize) -> String {
    let mut clipped = String::new();
    for c in text.trim().chars().filter(|c| !c.is_control()) {
        if clipped.len() + c.len_utf8() > bytes {
            break;
        }
        clipped.push(c);
    }
    clipped.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::net::Listening;

    fn card(restaurant: &str) -> Card {
        Card {
            restaurant: restaurant.into(),
            site: "1A2b3c4d-0000-4000-8000-000000000000".into(),
            listening: Listening { plain: ([0, 0, 0, 0], 8000).into(), tls: None },
        }
    }

    #[test]
    fn a_box_has_a_short_name_and_one_of_its_own() {
        let card = card("  Anna's ");
        let (wished, own) = (Names::wished(&card), Names::own(&card));
        assert_eq!((&*wished.host.name, &*wished.page.name), ("qres.local.", "Anna's"));
        assert_eq!((&*own.host.name, &*own.page.name), ("qres-1a2b.local.", "Anna's (1a2b)"));
        assert_eq!([wished.machine, own.machine], ["Anna's (1a2b)", "Anna's (1a2b)"]);
        assert!(own.host.is_own && own.page.is_own && !wished.host.is_own);
        assert_eq!(Names::wished(&self::card("\n")).page.name, "QRes");
    }

    #[test]
    fn long_names_fit_in_a_label_and_no_letter_is_cut_in_half() {
        let card = card(&"Я".repeat(100));
        assert_eq!(Names::wished(&card).page.name, "Я".repeat(31));
        assert_eq!(Names::own(&card).page.name, format!("{} (1a2b)", "Я".repeat(28)));
    }
}
