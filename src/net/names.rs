//! The names of a box in the network: the ones that it wishes for, and the ones that nobody else
//! has.

use super::Card;

/// The longest label of a name in the DNS, in bytes.
const LABEL: usize = 63;

/// Under which names a box is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names {
    /// Leads to its addresses, e.g. `qres.local.`.
    pub host: String,
    /// What people read in a list of services.
    pub instance: String,
    /// Whether they bear the mark of the restaurant.
    pub is_own: bool,
}

impl Names {
    /// What is easiest to say: `qres.local` and the restaurant's name.
    pub fn wished(card: &Card) -> Self {
        let instance = clipped(&card.restaurant, LABEL);
        let instance = if instance.is_empty() { "QRes".into() } else { instance };
        Self { host: "qres.local.".into(), instance, is_own: false }
    }

    /// The same with a mark that only this restaurant has: `qres-1a2b.local`.
    pub fn own(card: &Card) -> Self {
        let mark = mark(&card.site);
        let wished = Self::wished(card).instance;
        let instance = clipped(&wished, LABEL - mark.len() - " ()".len());
        Self {
            host: format!("qres-{mark}.local."),
            instance: format!("{instance} ({mark})"),
            is_own: true,
        }
    }
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

    fn card(restaurant: &str) -> Card {
        Card {
            restaurant: restaurant.into(),
            site: "1A2b3c4d-0000-4000-8000-000000000000".into(),
            listen: ([0, 0, 0, 0], 8000).into(),
        }
    }

    #[test]
    fn a_box_has_a_short_name_and_one_of_its_own() {
        let card = card("  Anna's ");
        assert_eq!(Names::wished(&card).host, "qres.local.");
        assert_eq!(Names::wished(&card).instance, "Anna's");
        assert_eq!(Names::own(&card).host, "qres-1a2b.local.");
        assert_eq!(Names::own(&card).instance, "Anna's (1a2b)");
        assert_eq!(Names::wished(&self::card("\n")).instance, "QRes");
    }

    #[test]
    fn long_names_fit_in_a_label_and_no_letter_is_cut_in_half() {
        let card = card(&"Я".repeat(100));
        assert_eq!(Names::wished(&card).instance, "Я".repeat(31));
        assert_eq!(Names::own(&card).instance, format!("{} (1a2b)", "Я".repeat(28)));
    }
}
