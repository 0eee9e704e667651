//! What a price on the menu is for: a piece, a weight, a volume (docs/adr/0070).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::money::Price;
use crate::core::kernel::{Measure, Money};

/// What a price on the menu is for, as menus write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum SaleUnit {
    /// A piece, a portion.
    #[default]
    #[serde(rename = "piece")]
    Piece,
    /// A kilogram.
    #[serde(rename = "kg")]
    Kg,
    /// A hundred grams.
    #[serde(rename = "100g")]
    HundredGrams,
    /// A litre.
    #[serde(rename = "l")]
    Litre,
    /// A hundred millilitres.
    #[serde(rename = "100ml")]
    HundredMillilitres,
}

impl SaleUnit {
    /// All of them, in the order that screens show them.
    pub const ALL: [Self; 5] =
        [Self::Piece, Self::HundredGrams, Self::Kg, Self::HundredMillilitres, Self::Litre];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Kg => "kg",
            Self::HundredGrams => "100g",
            Self::Litre => "l",
            Self::HundredMillilitres => "100ml",
        }
    }

    /// The unit by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == word)
    }

    /// Whether it is sold by the piece.
    pub fn is_piece(&self) -> bool {
        *self == Self::Piece
    }

    /// In what a line of it is measured; none by the piece.
    pub fn measure(self) -> Option<Measure> {
        match self {
            Self::Piece => None,
            Self::Kg | Self::HundredGrams => Some(Measure::Kg),
            Self::Litre | Self::HundredMillilitres => Some(Measure::L),
        }
    }

    /// What a whole piece, kilogram or litre costs at a price of the menu: exactly.
    pub fn price_of_one(self, price: Money) -> Money {
        price.times(self.in_one())
    }

    fn in_one(self) -> i64 {
        match self {
            Self::Piece | Self::Kg | Self::Litre => 1,
            Self::HundredGrams | Self::HundredMillilitres => 10,
        }
    }

    /// Whether a kilogram or litre at this price is not dearer than anything may be.
    ///
    /// # Errors
    /// A sentence that names the limit.
    pub fn check_price(self, price: Price) -> Result<(), String> {
        let most = Money(Money::max_price().0 / self.in_one());
        if price.0 > most {
            return Err(format!("must be at most {most} for this unit"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Quantity;

    #[test]
    fn a_unit_is_one_word_everywhere() {
        for unit in SaleUnit::ALL {
            assert_eq!(SaleUnit::parse(unit.as_str()), Some(unit));
            assert_eq!(serde_json::to_value(unit).unwrap(), unit.as_str());
        }
        assert_eq!(SaleUnit::parse("pood"), None);
    }

    /// 0.350 of it, at 1.80 for what the menu names.
    #[test]
    fn a_line_costs_what_the_menu_says() {
        for (unit, measure, costs) in [
            (SaleUnit::Kg, Some(Measure::Kg), 63),
            (SaleUnit::HundredGrams, Some(Measure::Kg), 630),
            (SaleUnit::Litre, Some(Measure::L), 63),
            (SaleUnit::HundredMillilitres, Some(Measure::L), 630),
        ] {
            let quantity = Quantity::new(350).unwrap();
            assert_eq!(quantity.costs(unit.price_of_one(Money(180))), Some(Money(costs)));
            assert_eq!(unit.measure(), measure);
        }
        assert_eq!(SaleUnit::Piece.price_of_one(Money(180)), Money(180));
    }

    #[test]
    fn a_kilogram_has_a_dearest_price_too() {
        let most = Money::max_price();
        let tenth = Price::new(Money(most.0 / 10)).unwrap();
        let above = Price::new(Money(most.0 / 10 + 1)).unwrap();
        for (unit, price, fits) in [
            (SaleUnit::Kg, Price::new(most).unwrap(), true),
            (SaleUnit::HundredGrams, tenth, true),
            (SaleUnit::HundredGrams, above, false),
            (SaleUnit::HundredMillilitres, above, false),
        ] {
            assert_eq!(unit.check_price(price).is_ok(), fits, "{unit:?} {price:?}");
        }
    }
}
