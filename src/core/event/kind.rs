//! The kinds of events: one list, whoever tells them.

/// What kind of thing happened. The first eight are the contract's; the rest are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A new order, told with the whole order.
    OrderCreated,
    /// Lines were added, changed or removed.
    OrderUpdated,
    /// The order moved on.
    OrderStatusChanged,
    /// One line moved on.
    ItemStatusChanged,
    /// There is something to serve.
    OrderReady,
    /// Past its estimated time.
    OrderDelayed,
    /// Money was taken or given back.
    PaymentReceived,
    /// Checks of an order changed.
    CheckChanged,
    /// A block or an anomaly.
    SecurityAlert,
    /// Dishes, prices or what is available changed.
    MenuChanged,
    /// Tables, rooms or who sits where changed.
    TableChanged,
    /// A table's guests want a waiter, or the bill.
    TableCalled,
    /// Their call was answered, or taken back.
    CallAnswered,
    /// A member of staff was created, changed or removed. Not told to screens.
    StaffChanged,
    /// Somebody signed in. Not told to screens.
    SignedIn,
    /// A sign-in ended. Not told to screens.
    SignedOut,
    /// A tablet was paired, renamed or cut off.
    DeviceChanged,
    /// The ways to pay changed.
    PaymentMethodsChanged,
    /// A house account was opened, changed or moved.
    HouseAccountChanged,
    /// A known guest was entered, changed, joined with another or erased.
    CustomerChanged,
    /// A drawer, or a cash shift, changed.
    CashChanged,
    /// Somebody asks for an approval, or it was answered.
    ApprovalChanged,
    /// The fiscal register got into trouble or out of it.
    FiscalChanged,
    /// Printers got into trouble or out of it, or more slips wait for them.
    PrintersChanged,
    /// The book of reservations changed.
    ReservationChanged,
    /// A payment over the wire moved on.
    PayChanged,
    /// An admin's own words to all staff.
    Broadcast,
}

impl Kind {
    /// Each once. The payload of each is a type of the feature that tells it.
    pub const ALL: [Self; 27] = [
        Self::OrderCreated,
        Self::OrderUpdated,
        Self::OrderStatusChanged,
        Self::ItemStatusChanged,
        Self::OrderReady,
        Self::OrderDelayed,
        Self::PaymentReceived,
        Self::CheckChanged,
        Self::SecurityAlert,
        Self::MenuChanged,
        Self::TableChanged,
        Self::TableCalled,
        Self::CallAnswered,
        Self::StaffChanged,
        Self::SignedIn,
        Self::SignedOut,
        Self::DeviceChanged,
        Self::PaymentMethodsChanged,
        Self::HouseAccountChanged,
        Self::CustomerChanged,
        Self::CashChanged,
        Self::ApprovalChanged,
        Self::FiscalChanged,
        Self::PrintersChanged,
        Self::ReservationChanged,
        Self::PayChanged,
        Self::Broadcast,
    ];

    /// The word on the wire and in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrderCreated => "order_created",
            Self::OrderUpdated => "order_updated",
            Self::OrderStatusChanged => "order_status_changed",
            Self::ItemStatusChanged => "item_status_changed",
            Self::OrderReady => "order_ready",
            Self::OrderDelayed => "order_delayed",
            Self::PaymentReceived => "payment_received",
            Self::CheckChanged => "check_changed",
            Self::SecurityAlert => "security_alert",
            Self::MenuChanged => "menu_changed",
            Self::TableChanged => "table_changed",
            Self::TableCalled => "table_called",
            Self::CallAnswered => "call_answered",
            Self::StaffChanged => "staff_changed",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::DeviceChanged => "device_changed",
            Self::PaymentMethodsChanged => "payment_methods_changed",
            Self::HouseAccountChanged => "house_account_changed",
            Self::CustomerChanged => "customer_changed",
            Self::CashChanged => "cash_changed",
            Self::ApprovalChanged => "approval_changed",
            Self::FiscalChanged => "fiscal_changed",
            Self::PrintersChanged => "printers_changed",
            Self::ReservationChanged => "reservation_changed",
            Self::PayChanged => "pay_changed",
            Self::Broadcast => "broadcast",
        }
    }

    /// Whether somebody's sign-in may have ended with it.
    pub fn may_end_sessions(self) -> bool {
        matches!(self, Self::StaffChanged | Self::SignedOut | Self::DeviceChanged)
    }

    /// Whether staff is told the whole order with it. A replay adds it as it stands then.
    pub fn tells_order(self) -> bool {
        matches!(self, Self::OrderCreated | Self::OrderUpdated)
    }

    /// The kind by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("restored"), None);
    }
}
