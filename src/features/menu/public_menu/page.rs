//! The guests' page with the menu in it: readable in the first reply, before any script.
//!
//! The app (`web/src/guest/`) draws the same elements with the same classes in its place, so
//! nothing moves when it takes over; it reads the menu from the data beside each category. The data
//! stand there, and not together at the end, because the same words so near to each other cost
//! nearly nothing once they are compressed.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::price::price;
use super::types::{MenuCategory, MenuDish, MenuResponse, MenuVariation};
use super::words::{Lang, Words};
use crate::core::error::{Error, Result};
use crate::core::kernel::html::escaped;
use crate::core::kernel::{Money, Translations};
use crate::features::restaurant::Facts;

/// The page as the web apps' build left it, cut where the menu goes in.
pub struct Frame {
    head: String,
    middle: String,
    tail: String,
    /// What the content policy must allow, for the style that stands in the page.
    pub style_source: String,
}

impl Frame {
    /// None when the text is not the guests' page.
    pub fn cut(text: &str) -> Option<Self> {
        let (head, rest) = text.split_once("<title>")?;
        let (_, rest) = rest.split_once("</title>")?;
        let (middle, tail) = rest.split_once("<div id=\"app\">")?;
        let (_, style) = text.split_once("<style>").unwrap_or(("", "</style>"));
        let (style, _) = style.split_once("</style>")?;
        let hash = STANDARD.encode(digest(&SHA256, style.as_bytes()));
        Some(Self {
            head: head.into(),
            middle: middle.into(),
            tail: tail.into(),
            style_source: format!("'sha256-{hash}'"),
        })
    }
}

/// The page with the first `most` dishes of the menu; the app or a link fetches the others.
pub fn html(
    frame: &Frame,
    menu: &MenuResponse,
    house: &Facts,
    lang: Lang,
    most: usize,
) -> Result<String> {
    let writer = Writer { house, lang, words: lang.words() };
    let head =
        frame.head.replacen("<html lang=\"ru\"", &format!("<html lang=\"{}\"", lang.code()), 1);
    let (name, title) = (escaped(&house.name), writer.words.title);
    let mut out = format!("{head}<title>{name} · {title}</title>{}<div id=\"app\">", frame.middle);
    out.push_str("<div class=\"page\">");
    writer.top(&mut out, menu);
    let mut left = most;
    for category in menu.sold() {
        let here = category.dishes.len().min(left);
        left -= here;
        writer.category(&mut out, category, here);
        data(&mut out, "category", &writer.told(category, here)?);
    }
    if menu.dishes().next().is_none() {
        out.push_str(&format!("<p class=\"nothing\">{}</p>", writer.words.empty));
    }
    writer.rest(&mut out, menu, menu.dishes().count().saturating_sub(most));
    writer.groups(&mut out, menu, most)?;
    data(&mut out, "house", &serde_json::to_value(house).map_err(Error::internal)?);
    out.push_str("</main></div>");
    out.push_str(&frame.tail);
    Ok(out)
}

/// Data for the app: not a script, so the content policy has no say in it. A `<` could end it.
fn data(out: &mut String, kind: &str, value: &Value) {
    tell(out, kind, &value.to_string());
}

fn tell(out: &mut String, kind: &str, json: &str) {
    let json = json.replace('<', "\\u003c");
    out.push_str(&format!("<script type=\"application/json\" data-{kind}>{json}</script>"));
}

/// Takes out what the app knows without being told, what is the staff's alone, and every language
/// but the page's own.
fn strip(value: &mut Value, lang: Lang) {
    const NOT_SENT: [&str; 6] =
        ["sku", "code", "barcodes", "is_available", "category_id", "sort_order"];
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !NOT_SENT.contains(&name.as_str()));
            if let Some(mut translations) = fields.remove("translations") {
                for name in ["name", "description"] {
                    let own = translations.get_mut(lang.code()).and_then(|of| of.get_mut(name));
                    if let Some(own) = own.filter(|own| own.is_string()) {
                        fields.insert(name.into(), own.take());
                    }
                }
            }
            fields.values_mut().for_each(|value| strip(value, lang));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| strip(value, lang)),
        _ => {}
    }
}

/// Of a combo the page says only that it is one: its parts come with the menu once somebody opens it.
fn only_name_combo(dish: &mut Value) {
    if let Some(parts) = dish.get_mut("combo") {
        *parts = Value::Array(Vec::new());
    }
}

struct Writer<'a> {
    house: &'a Facts,
    lang: Lang,
    words: &'static Words,
}

impl Writer<'_> {
    fn name(&self, own: &str, translations: &Translations) -> String {
        escaped(translations.name(self.lang.code()).unwrap_or(own))
    }

    fn description(&self, own: Option<&str>, translations: &Translations) -> String {
        escaped(translations.description(self.lang.code()).or(own).unwrap_or(""))
    }

    /// Name, search, what can be left out, the row of categories.
    fn top(&self, out: &mut String, menu: &MenuResponse) {
        let Words { search, categories, popular, leave_out, .. } = self.words;
        let other = self.lang.other().code();
        out.push_str(&format!(
            "<header class=\"house\"><h1>{}</h1>\
             <a class=\"lang\" lang=\"{other}\" href=\"?lang={other}\">{}</a></header><main>\
             <div class=\"search\"><input type=\"search\" aria-label=\"{search}\" \
             placeholder=\"{search}\"></div>",
            escaped(&self.house.name),
            other.to_uppercase(),
        ));
        let allergens = self.allergens(menu);
        let is_any_popular = menu.dishes().any(|dish| dish.is_popular);
        if is_any_popular || !allergens.is_empty() {
            out.push_str("<div class=\"filter\">");
            if is_any_popular {
                out.push_str(&format!("<a class=\"chip\" href=\"#popular\">★ {popular}</a>"));
            }
            if !allergens.is_empty() {
                out.push_str(&format!("<span class=\"of\">{leave_out}</span>"));
            }
            for (id, allergen) in &allergens {
                let name = allergen.to_lowercase();
                out.push_str(&format!("<a class=\"chip\" href=\"#a{id}\">{name}</a>"));
            }
            out.push_str("</div>");
        }
        out.push_str(&format!(
            "<div class=\"top\"><nav class=\"parts\" aria-label=\"{categories}\">"
        ));
        let mut current = " aria-current=\"true\"";
        for category in menu.sold() {
            let (id, name) = (category.id, self.name(&category.name, &category.translations));
            out.push_str(&format!("<a href=\"#c{id}\"{current}>{name}</a>"));
            current = "";
        }
        out.push_str("</nav></div>");
    }

    fn allergens(&self, menu: &MenuResponse) -> BTreeMap<i64, String> {
        menu.dishes()
            .flat_map(|dish| &dish.allergens)
            .map(|allergen| (allergen.id, self.name(&allergen.name, &allergen.translations)))
            .collect()
    }

    /// What the app is told of a category, with the dishes that are here.
    fn told(&self, category: &MenuCategory, here: usize) -> Result<Value> {
        let mut told = serde_json::to_value(category).map_err(Error::internal)?;
        if let Some(dishes) = told.get_mut("dishes").and_then(Value::as_array_mut) {
            dishes.truncate(here);
            dishes.iter_mut().for_each(only_name_combo);
        }
        strip(&mut told, self.lang);
        Ok(told)
    }

    /// The way to the dishes that are not here, and what of them can be filtered by.
    fn rest(&self, out: &mut String, menu: &MenuResponse, more: usize) {
        let allergens: Vec<_> = self
            .allergens(menu)
            .into_iter()
            .map(|(id, name)| serde_json::json!({"id": id, "name": name}))
            .collect();
        let popular = menu.dishes().any(|dish| dish.is_popular);
        let told = serde_json::json!({"more": more, "allergens": allergens, "popular": popular});
        data(out, "part", &told);
        if more > 0 {
            let words = self.words.whole_menu;
            out.push_str(&format!("<a class=\"rest\" href=\"?whole\">{words} · {more}</a>"));
        }
    }

    /// The groups of options that the dishes which are here ask for.
    fn groups(&self, out: &mut String, menu: &MenuResponse, most: usize) -> Result<()> {
        let links = menu.dishes().take(most).flat_map(|dish| &dish.modifier_groups);
        let mut asked: BTreeSet<i64> = links.map(|link| link.group_id).collect();
        let groups = || menu.modifier_groups.iter();
        let options = groups().filter(|group| asked.contains(&group.id));
        let options = options.flat_map(|group| &group.options);
        let nested: Vec<i64> = options.filter_map(|option| option.nested_group_id).collect();
        asked.extend(nested);
        // One after another: there may be thousands of options, and a value takes ten times its text.
        let told =
            groups().filter(|group| asked.contains(&group.id)).map(|group| -> Result<String> {
                let mut told = serde_json::to_value(group).map_err(Error::internal)?;
                strip(&mut told, self.lang);
                Ok(told.to_string())
            });
        let told = told.collect::<Result<Vec<_>>>()?;
        if !told.is_empty() {
            tell(out, "groups", &format!("[{}]", told.join(",")));
        }
        Ok(())
    }

    fn category(&self, out: &mut String, category: &MenuCategory, here: usize) {
        if here == 0 {
            return;
        }
        let id = category.id;
        let name = self.name(&category.name, &category.translations);
        out.push_str(&format!(
            "<section class=\"part\" id=\"c{id}\" aria-labelledby=\"h{id}\"><h2 id=\"h{id}\">{name}</h2>"
        ));
        let about = self.description(category.description.as_deref(), &category.translations);
        if !about.is_empty() {
            out.push_str(&format!("<p class=\"about\">{about}</p>"));
        }
        out.push_str("<ul>");
        for dish in &category.dishes[..here] {
            self.dish(out, dish);
        }
        out.push_str("</ul></section>");
    }

    /// A link, so that a tap before the app is there is not lost: the app reads it from the address.
    fn dish(&self, out: &mut String, dish: &MenuDish) {
        let name = self.name(&dish.name, &dish.translations);
        let about = self.description(Some(&dish.description), &dish.translations);
        let image = dish.main_image_url.as_deref();
        let pictured = if image.is_some() { " pictured" } else { "" };
        out.push_str(&format!(
            "<li class=\"dish{pictured}\"><a class=\"open\" href=\"#d{}\"><b>{name}</b>\
             <span class=\"price num\">{}</span><span class=\"what\">{about}</span>",
            dish.id,
            self.price(dish)
        ));
        self.facts(out, dish);
        out.push_str("</a>");
        if let Some(url) = image {
            out.push_str(&picture(url));
        }
        out.push_str("</li>");
    }

    fn price(&self, dish: &MenuDish) -> String {
        let prices = dish.variations.iter().map(|variation| variation.price);
        let cheapest = dish.variations.iter().min_by_key(|variation| variation.price);
        let least = cheapest.map_or(Money(0), |variation| variation.price);
        let per = self.words.per(cheapest.map(|variation| variation.unit).unwrap_or_default());
        let Facts { currency, currency_digits, languages, .. } = self.house;
        let main = languages.first().map_or("ru", String::as_str);
        let money = |amount| escaped(&price(amount, currency, *currency_digits, main));
        let mut written = money(least) + &per;
        let usual = cheapest.and_then(|variation| variation.list_price);
        if let Some(usual) = usual.filter(|usual| *usual > least) {
            let (instead, usual) = (self.words.instead_of, money(usual));
            written.push_str(&format!(" <span class=\"from\">{instead} <s>{usual}</s></span>"));
        }
        if prices.max().is_none_or(|most| most == least) {
            return written;
        }
        format!("<span class=\"from\">{}</span> {written}", self.words.from)
    }

    /// The small lines: what many choose, weight, energy and time; what one may not bear.
    fn facts(&self, out: &mut String, dish: &MenuDish) {
        let Words { popular, left: [before, behind], grams, kcal, minutes, contains, .. } =
            self.words;
        let mut facts = Vec::new();
        if dish.is_popular {
            facts.push(format!(
                "<span class=\"popular\"><span aria-hidden=\"true\">★</span> {popular}</span>"
            ));
        }
        // Of several sizes each says it for itself, where one chooses.
        if let [MenuVariation { left: Some(left), .. }] = dish.variations[..] {
            facts.push(format!("<span class=\"few\">{before}{left}{behind}</span>"));
        }
        let weights = dish.variations.iter().map(|variation| variation.weight);
        let calories = dish.variations.iter().map(|variation| variation.calories);
        #[expect(clippy::cast_precision_loss, reason = "kilocalories are small")]
        let energy = |calories: Option<i64>| calories.map(|kilocalories| kilocalories as f64);
        let known = [
            span([dish.weight].into_iter().chain(weights), grams),
            span([dish.calories].into_iter().chain(calories).map(energy), kcal),
            dish.cooking_time.map(|time| format!("{time} {minutes}")),
        ];
        let known = known.into_iter().flatten();
        facts.extend(known.map(|fact| format!("<span>{fact}</span>")));
        if !facts.is_empty() {
            out.push_str(&format!("<small class=\"facts\">{}</small>", facts.concat()));
        }
        let allergens: Vec<_> = dish
            .allergens
            .iter()
            .map(|allergen| self.name(&allergen.name, &allergen.translations).to_lowercase())
            .collect();
        if !allergens.is_empty() {
            out.push_str(&format!("<small>{contains}: {}</small>", allergens.join(", ")));
        }
    }
}

/// `340–650 г`: from the smallest to the largest size.
fn span(values: impl Iterator<Item = Option<f64>>, unit: &str) -> Option<String> {
    let known: Vec<f64> = values.flatten().collect();
    let least = known.iter().copied().reduce(f64::min)?;
    let most = known.iter().copied().reduce(f64::max)?;
    let both = if least < most { format!("{least}–{most}") } else { format!("{least}") };
    Some(format!("{both} {unit}"))
}

/// A photo of ours comes in squares of 96 and 192; another's stays as it is.
fn picture(url: &str) -> String {
    let ours = url.strip_prefix("/uploads/").and_then(|name| name.strip_suffix("-960.jpg"));
    let source = match ours.map(escaped) {
        Some(name) => format!(
            "src=\"/uploads/{name}-96.jpg\" \
             srcset=\"/uploads/{name}-96.jpg 1x, /uploads/{name}-192.jpg 2x\""
        ),
        None => format!("src=\"{}\"", escaped(url)),
    };
    format!("<img {source} alt=\"\" width=\"96\" height=\"96\" loading=\"lazy\">")
}
