//! What a file says of a restaurant: the form of `demo/restaurant.json`.

use serde::{Deserialize, Serialize};

use super::bill_content::{Account, HouseRule, OfferedReason, Permissions};
use super::offers::{Combo, DishGroup, MenuTimes, ModifierGroup, Nth, Period, PriceList};
use crate::core::kernel::fields::{
    Code, Color, Course, Line, Name, Place, Prose, SortOrder, Weight,
};
use crate::core::kernel::money::Price;
use crate::core::kernel::{DayHour, Int, Patch, TaxRate, Text, Translations};
use crate::features::checks::MethodKind;
use crate::features::floor::{TableName, TableNumber, TableShape, Thousandths};
use crate::features::menu::{Barcode, Department, ExternalId, SaleUnit};
use crate::features::restaurant::{NextCourse, PriceGrace};
use crate::features::staff::{FullName, Phone, Pin, Username};
use crate::features::taxes::{ClassRate, TaxKind};
use crate::platform::auth::Role;
use crate::platform::config::GuestOrders;

/// A restaurant, or any part of one.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Content {
    /// The restaurant itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restaurant: Option<Restaurant>,
    /// How things are taxed; matched by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tax_classes: Vec<TaxClass>,
    /// What dishes are made of, and what guests may have to avoid; matched by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ingredients: Vec<Ingredient>,
    /// Groups of options; matched by outside id, or by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modifier_groups: Vec<ModifierGroup>,
    /// The menu; matched by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// Dishes of the menu that are combos.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub combos: Vec<Combo>,
    /// The rooms; matched by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// Tables that stand in no room; matched by name, else by number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// Stretches of the week; matched by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<Period>,
    /// When categories and dishes are on the menu.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub menu_times: Vec<MenuTimes>,
    /// Other prices than the menu's own; matched by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub price_lists: Vec<PriceList>,
    /// Ways to pay; matched by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payment_methods: Vec<PaymentMethod>,
    /// The people who work here; matched by username.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<Member>,
    /// What the house puts on bills by itself, or takes off; matched by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adjustment_rules: Vec<HouseRule>,
    /// Why something is taken off, given back or given away; matched by kind and words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<OfferedReason>,
    /// Who pays before or after; matched by name and telephone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub house_accounts: Vec<Account>,
    /// What roles and single people may, where that was changed; all of one at a time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permissions>,
}

/// The restaurant itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restaurant {
    /// Its name.
    pub name: Option<Name>,
    /// ISO 4217 code; stays once there are prices.
    pub currency: Option<String>,
    /// The zone's name in the tz database.
    pub timezone: Option<String>,
    /// The hour of the clock at which a day begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_begins_hour: Option<DayHour>,
    /// Languages of the menu, the main one first (ISO 639-1).
    pub languages: Option<Vec<String>>,
    /// Whether a guest's order waits for a waiter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest_orders: Option<GuestOrders>,
    /// The tax of what names no class, in percent, from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_percent: Option<TaxRate>,
    /// The name of the class of what names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<Line>,
    /// The name of the class of service charges; an empty one where they are taxed like what they
    /// are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_tax_class: Option<Line>,
    /// Whether a tip may be given to the house, where it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house_tips: Option<bool>,
    /// After so many minutes the house fires the next course by itself; `null` where people do.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub next_course_minutes: Patch<NextCourse>,
    /// For so many minutes what was shown holds after prices changed by the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_grace_minutes: Option<PriceGrace>,
}

/// How things are taxed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxClass {
    /// What it is called.
    pub name: Name,
    /// The same in other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
    /// Whether the tax is in the price or beside it; needed for a new class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<TaxKind>,
    /// Whether it is offered for dishes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// All its rates; needed for a new class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rates: Option<Vec<ClassRate>>,
}

/// What dishes are made of.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingredient {
    /// What it is called.
    pub name: Name,
    /// A short description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<0, 500>>,
    /// Whether guests may have to avoid it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_allergen: Option<bool>,
    /// The same in other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
}

/// A part of the menu.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// What it is called.
    pub name: Name,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Prose>,
    /// Picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<Line>,
    /// The color it has on screens, `#RRGGBB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// Whether it is shown large.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub featured: Option<bool>,
    /// Whether guests see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// Its place on the menu; a new one stands where it stands in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<SortOrder>,
    /// The same in other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
    /// The name of the tax class of its dishes; an empty one for the restaurant's usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<Line>,
    /// The usual course of its dishes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course: Option<Course>,
    /// Its dishes; matched by outside id, by code, or by name within the category.
    #[serde(default)]
    pub dishes: Vec<Dish>,
}

/// A dish.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dish {
    /// What it is called.
    pub name: Name,
    /// Which of those of its name it is, in their order; left out where no other is called so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Nth>,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Prose>,
    /// The restaurant's own number of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Its id in another program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    /// Picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_image_url: Option<Line>,
    /// Who cooks it; needed for a new dish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<Department>,
    /// Minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooking_time: Option<Int<1, 240>>,
    /// Grams or millilitres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Weight>,
    /// Kilocalories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calories: Option<Int<1, 10_000>>,
    /// Whether guests often take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_popular: Option<bool>,
    /// Whether there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_available: Option<bool>,
    /// Its place in the category; a new one stands where it stands in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<Place>,
    /// The names of all its ingredients, allergens among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingredients: Option<Vec<Name>>,
    /// The names of its allergens alone; its other ingredients stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allergens: Option<Vec<Name>>,
    /// What guests read of it; made of `ingredients` where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingredients_text: Option<Prose>,
    /// The same in other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
    /// The name of its tax class; an empty one for that of its category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<Line>,
    /// Its usual course; without one that of its category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course: Option<Course>,
    /// All groups of options that it asks for, in their order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modifier_groups: Option<Vec<DishGroup>>,
    /// What it is sold as; without any it is not on sale. Matched by outside id, by SKU, or by name within the dish.
    #[serde(default)]
    pub variations: Vec<Variation>,
}

/// What a dish is sold as: a size, a way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variation {
    /// What it is called.
    pub name: Name,
    /// Which of those of its name it is, in their order; left out where no other is called so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Nth>,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<0, 500>>,
    /// What it costs.
    pub price: Price,
    /// Of what the price is: a piece, or so much by weight or volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<SaleUnit>,
    /// Picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<Line>,
    /// Grams or millilitres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Weight>,
    /// Kilocalories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calories: Option<Int<1, 10_000>>,
    /// The restaurant's own number of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<Code>,
    /// Its id in another program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    /// All that a scanner reads off its packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcodes: Option<Vec<Barcode>>,
    /// Whether it is what somebody gets who names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// Whether there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_available: Option<bool>,
    /// Its place in the dish; a new one stands where it stands in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<SortOrder>,
    /// The same in other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
}

/// A room.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// What it is called.
    pub name: Name,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Line>,
    /// The color it has on screens, `#RRGGBB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// An inactive one takes its tables with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// Its tables; matched by name, else by number.
    #[serde(default)]
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its number; left out beside a name, it is a free one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<TableNumber>,
    /// What people call it; its number when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<TableName>,
    /// How many can sit at it.
    pub seats: Int<1, 20>,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Line>,
    /// Whether guests can be seated at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// What its QR code carries: printed codes go on working in a new box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_code: Option<Text<8, 64>>,
    /// Where its middle stands on the plan of its room, in thousandths of the plan's width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<Thousandths>,
    /// The same in thousandths of the plan's height; only together with `x`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<Thousandths>,
    /// How it looks on the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<TableShape>,
}

/// A way to pay.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentMethod {
    /// What it is called.
    pub name: Name,
    /// What it is: cash, a card, an account, …; where it is left out, what its name says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<MethodKind>,
    /// Whether it can be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// A person who works here.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The name to sign in with.
    #[serde(serialize_with = "as_text")]
    pub username: Username,
    /// The name colleagues see.
    pub full_name: FullName,
    /// What he may.
    pub role: Role,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<Line>,
    /// Whether he can sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// His first password; who has one already keeps it.
    #[serde(skip_serializing)]
    pub password: Option<Text<1, 128>>,
    /// His first PIN; who is here already keeps his.
    #[serde(skip_serializing)]
    pub pin_code: Option<Pin>,
}

fn as_text<S: serde::Serializer>(name: &Username, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name)
}
