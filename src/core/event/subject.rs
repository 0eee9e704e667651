//! What an event is about.

/// A kind of thing that an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Thing {
    /// An order.
    Order,
    /// A table.
    Table,
    /// A room, where tables stand.
    Location,
    /// A call of a table's guests.
    Call,
    /// A category of dishes.
    Category,
    /// A dish.
    Dish,
    /// A size or kind of a dish.
    Variation,
    /// An ingredient.
    Ingredient,
    /// A group of options of dishes.
    ModifierGroup,
    /// A way to pay.
    PaymentMethod,
    /// A house account.
    HouseAccount,
    /// A known guest.
    Customer,
    /// A drawer of cash.
    CashDrawer,
    /// A tablet.
    Device,
    /// A member of staff.
    User,
    /// A security event.
    SecurityEvent,
    /// Somebody's word for another's deed.
    Approval,
    /// A fiscal register.
    FiscalRegister,
    /// A printer.
    Printer,
    /// A reservation.
    Reservation,
    /// The restaurant itself.
    Restaurant,
}

impl Thing {
    /// Each once.
    pub const ALL: [Self; 21] = [
        Self::Order,
        Self::Table,
        Self::Location,
        Self::Call,
        Self::Category,
        Self::Dish,
        Self::Variation,
        Self::Ingredient,
        Self::ModifierGroup,
        Self::PaymentMethod,
        Self::HouseAccount,
        Self::Customer,
        Self::CashDrawer,
        Self::Device,
        Self::User,
        Self::SecurityEvent,
        Self::Approval,
        Self::FiscalRegister,
        Self::Printer,
        Self::Reservation,
        Self::Restaurant,
    ];

    /// The word on the wire and in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Table => "table",
            Self::Location => "location",
            Self::Call => "call",
            Self::Category => "category",
            Self::Dish => "dish",
            Self::Variation => "variation",
            Self::Ingredient => "ingredient",
            Self::ModifierGroup => "modifier_group",
            Self::PaymentMethod => "payment_method",
            Self::HouseAccount => "house_account",
            Self::Customer => "customer",
            Self::CashDrawer => "cash_drawer",
            Self::Device => "device",
            Self::User => "user",
            Self::SecurityEvent => "security_event",
            Self::Approval => "approval",
            Self::FiscalRegister => "fiscal_register",
            Self::Printer => "printer",
            Self::Reservation => "reservation",
            Self::Restaurant => "restaurant",
        }
    }

    /// The thing by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|thing| thing.as_str() == word)
    }

    /// The one with this id.
    pub const fn with(self, id: i64) -> Subject {
        self.of(Some(id))
    }

    /// Several of its kind, or all.
    pub const fn any(self) -> Subject {
        self.of(None)
    }

    /// The one with this id, or several where there is none.
    pub const fn of(self, id: Option<i64>) -> Subject {
        Subject { thing: self, id }
    }
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// What kind of thing.
    pub thing: Thing,
    /// Which one; none for several or all.
    pub id: Option<i64>,
}

impl Subject {
    /// The order that it is.
    pub fn order_id(self) -> Option<i64> {
        self.id.filter(|_| self.thing == Thing::Order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_is_found_by_its_word() {
        for thing in Thing::ALL {
            assert_eq!(Thing::parse(thing.as_str()), Some(thing));
        }
        assert_eq!(Thing::Order.with(3).order_id(), Some(3));
        assert_eq!(Thing::Table.with(3).order_id(), None);
        assert_eq!(Thing::Order.any().order_id(), None);
    }
}
