//! The page with the QR codes of all tables, ready to be printed and cut.

use crate::core::error::Result;
use crate::core::kernel::html::escaped;
use crate::platform::qr::Picture;

/// The style sheet of the page.
pub const STYLE: &str = include_str!("sheet.css");
/// Two columns of four cards fill an A4 page.
const CARDS_A_PAGE: usize = 8;

/// What stands on one card.
pub struct Card {
    pub table_id: i64,
    /// What people call the table.
    pub name: String,
    pub qr_code: String,
    pub location_name: Option<String>,
}

/// The page, as HTML.
pub fn html(restaurant: &str, menu_base: &str, cards: &[Card]) -> Result<String> {
    let restaurant = escaped(restaurant);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"ru\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>QR · {restaurant}</title>\
         <link rel=\"stylesheet\" href=\"/tables/qr-sheet.css\"></head><body>\n"
    );
    if cards.is_empty() {
        html.push_str("<p class=\"none\">Нет активных столов / No active tables</p>\n");
    }
    for page in cards.chunks(CARDS_A_PAGE) {
        html.push_str("<section class=\"page\">\n");
        for card in page {
            html.push_str(&card_html(&restaurant, menu_base, card)?);
        }
        html.push_str("</section>\n");
    }
    html.push_str("</body></html>\n");
    Ok(html)
}

fn card_html(restaurant: &str, menu_base: &str, card: &Card) -> Result<String> {
    let picture = Picture::of(&format!("{menu_base}/{}", card.qr_code))?.svg();
    let location = card.location_name.as_deref().map(escaped).unwrap_or_default();
    let (russian, english) = headings(&card.name);
    Ok(format!(
        "<article class=\"card\"><div class=\"code\">{picture}</div><div class=\"words\">\
         <p class=\"restaurant\">{restaurant}</p>\
         <h2>{russian} <span>{english}</span></h2>\
         <p class=\"location\">{location}</p>\
         <p class=\"hint\">Наведите камеру, чтобы открыть меню \
         <span>Point your camera to open the menu</span></p></div></article>\n"
    ))
}

/// What is called by a word needs no other before it: “VIP”, “Terrace 3”, but “Table A1”.
fn headings(name: &str) -> (String, String) {
    let letters = name.split(|c: char| !c.is_alphabetic());
    let is_word = letters.into_iter().any(|word| word.chars().count() >= 3);
    let name = escaped(name);
    if is_word {
        return (name, String::new());
    }
    (format!("Стол {name}"), format!("Table {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(number: i64) -> Card {
        let location_name = Some("<b>Hall</b> & \"bar\"".into());
        let name = number.to_string();
        Card { table_id: number, name, qr_code: format!("code-{number}"), location_name }
    }

    #[test]
    fn a_name_is_printed_as_people_say_it() {
        for (name, russian, english) in [
            ("A1", "Стол A1", "Table A1"),
            ("Терраса 3", "Терраса 3", ""),
            ("<b>", "Стол &lt;b&gt;", "Table &lt;b&gt;"),
        ] {
            assert_eq!(headings(name), (russian.into(), english.into()));
        }
    }

    #[test]
    fn names_cannot_break_out_of_the_page() {
        let html = html("<script>x</script>", "http://box/menu", &[card(1)]).unwrap();
        assert!(!html.contains("<script>") && !html.contains("<b>"), "{html}");
        assert!(html.contains("&lt;b&gt;Hall&lt;/b&gt; &amp; &quot;bar&quot;"), "{html}");
    }

    #[test]
    fn a_page_holds_eight_cards() {
        let cards: Vec<Card> = (1..=9).map(card).collect();
        let html = html("Test", "http://box/menu", &cards).unwrap();
        assert_eq!(html.matches("class=\"page\"").count(), 2);
        assert_eq!(html.matches("<svg").count(), 9);
        assert!(html.contains("Стол 9 <span>Table 9</span>"));
    }
}
