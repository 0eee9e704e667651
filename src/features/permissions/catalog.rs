//! What there is to permit, and who may what before anybody changes it.

use super::rules::{Decision, Limit, Rule, parse_percent, percent_text};
use crate::core::kernel::Money;
use crate::platform::auth::{ADMIN, CASHIER, MANAGER, Role, WAITER};
use crate::words;

/// What a waiter takes off a check without asking: hundredths of a percent. Of a sum nobody knows
/// whether it is small before they know the currency; it is asked for until the owner sets a limit.
const SMALL_DISCOUNT: i64 = 1_000;

/// Set of roles for [`Acting`](super::Acting): admins, and those for whom the permissions about orders
/// and money can be set. What each of them may is asked of these.
pub const AT_THE_BILL: u8 = ADMIN | MANAGER | WAITER | CASHIER;

words! {
    /// Something that not everybody may do.
    pub enum Permission as Permission {
        /// Change a line that the kitchen has not begun, or take it off.
        LineRemove = "LINE_REMOVE",
        /// The same once the kitchen has begun it.
        LineRemoveBegun = "LINE_REMOVE_BEGUN",
        /// Cancel one's own order.
        OrderCancel = "ORDER_CANCEL",
        /// Cancel another waiter's order.
        OrderCancelOthers = "ORDER_CANCEL_OTHERS",
        /// Cancel an order that the kitchen has begun.
        OrderCancelBegun = "ORDER_CANCEL_BEGUN",
        /// Cancel an order that is paid.
        OrderCancelPaid = "ORDER_CANCEL_PAID",
        /// Move an order or lines of it to another table.
        OrderMove = "ORDER_MOVE",
        /// Take the money.
        PaymentTake = "PAYMENT_TAKE",
        /// Give money back.
        PaymentRefund = "PAYMENT_REFUND",
        /// Give money back by another way than it came.
        PaymentOtherWay = "PAYMENT_OTHER_WAY",
        /// Say what became of a payment of which nobody knows.
        PaymentClear = "PAYMENT_CLEAR",
        /// Have a check paid by a house account.
        AccountCharge = "ACCOUNT_CHARGE",
        /// Give back what a house account holds.
        AccountGiveBack = "ACCOUNT_GIVE_BACK",
        /// Let a house account owe, or give its money back by another way than it came.
        AccountManage = "ACCOUNT_MANAGE",
        /// Take back a check that was presented.
        CheckReopen = "CHECK_REOPEN",
        /// Call one of several checks off: nobody pays it.
        CheckVoid = "CHECK_VOID",
        /// Leave the service charge away.
        ServiceChargeOff = "SERVICE_CHARGE_OFF",
        /// Change a tip afterwards.
        TipChange = "TIP_CHANGE",
        /// A discount in percent.
        DiscountPercent = "DISCOUNT_PERCENT",
        /// A discount of a sum.
        DiscountAmount = "DISCOUNT_AMOUNT",
        /// Something on the house.
        Comp = "COMP",
        /// A check without its tax: for diplomats, registered charities.
        CheckTaxExempt = "CHECK_TAX_EXEMPT",
        /// Another price than the menu's.
        PriceOverride = "PRICE_OVERRIDE",
        /// Open the drawer without a sale.
        DrawerOpen = "DRAWER_OPEN",
        /// Put cash into the drawer.
        CashIn = "CASH_IN",
        /// Take cash out of the drawer.
        CashOut = "CASH_OUT",
        /// Count the drawer.
        CashCount = "CASH_COUNT",
        /// Close a cash shift.
        ShiftClose = "SHIFT_CLOSE",
        /// Close it with more or less in the drawer than is tolerated.
        CashDifference = "CASH_DIFFERENCE",
        /// Say what is sold out.
        StopList = "STOP_LIST",
        /// Read reports.
        ReportsSee = "REPORTS_SEE",
        /// Change the menu.
        MenuEdit = "MENU_EDIT",
        /// Change who works here.
        StaffEdit = "STAFF_EDIT",
        /// Change permissions.
        PermissionsEdit = "PERMISSIONS_EDIT",
        /// Set printers up.
        PrintersEdit = "PRINTERS_EDIT",
        /// Take and change reservations.
        ReservationsEdit = "RESERVATIONS_EDIT",
        /// Write goods in and off.
        StockEdit = "STOCK_EDIT",
        /// Find a known guest and see who sits at a table; telephones are hidden but for their end.
        CustomersSee = "CUSTOMERS_SEE",
        /// Enter and change known guests, and see all of what is known.
        CustomersEdit = "CUSTOMERS_EDIT",
        /// Give out all that is known of a guest, or forget it.
        CustomersErase = "CUSTOMERS_ERASE",
    }
}

words! {
    /// What permissions are about.
    pub enum Group as PermissionGroup {
        /// Orders and their lines.
        Orders = "ORDERS",
        /// Money taken and given back.
        Payments = "PAYMENTS",
        /// What guests are asked for.
        Prices = "PRICES",
        /// The drawer.
        Cash = "CASH",
        /// The house itself.
        House = "HOUSE",
        /// Guests who are known.
        Guests = "GUESTS",
    }
}

impl Permission {
    /// What it is about.
    pub fn group(self) -> Group {
        match self {
            Self::LineRemove
            | Self::LineRemoveBegun
            | Self::OrderCancel
            | Self::OrderCancelOthers
            | Self::OrderCancelBegun
            | Self::OrderCancelPaid
            | Self::OrderMove => Group::Orders,
            Self::PaymentTake
            | Self::PaymentRefund
            | Self::PaymentOtherWay
            | Self::PaymentClear
            | Self::AccountCharge
            | Self::AccountGiveBack
            | Self::AccountManage
            | Self::CheckReopen
            | Self::CheckVoid
            | Self::ServiceChargeOff
            | Self::TipChange => Group::Payments,
            Self::DiscountPercent
            | Self::DiscountAmount
            | Self::Comp
            | Self::CheckTaxExempt
            | Self::PriceOverride => Group::Prices,
            Self::DrawerOpen
            | Self::CashIn
            | Self::CashOut
            | Self::CashCount
            | Self::ShiftClose
            | Self::CashDifference => Group::Cash,
            Self::StopList
            | Self::ReportsSee
            | Self::MenuEdit
            | Self::StaffEdit
            | Self::PermissionsEdit
            | Self::PrintersEdit
            | Self::ReservationsEdit
            | Self::StockEdit => Group::House,
            Self::CustomersSee | Self::CustomersEdit | Self::CustomersErase => Group::Guests,
        }
    }

    /// What its limit is counted in.
    pub fn limit(self) -> Limit {
        match self {
            Self::DiscountPercent => Limit::Percent,
            Self::LineRemoveBegun
            | Self::OrderCancel
            | Self::OrderCancelOthers
            | Self::OrderCancelBegun
            | Self::OrderCancelPaid
            | Self::PaymentRefund
            | Self::PaymentOtherWay
            | Self::PaymentClear
            | Self::AccountCharge
            | Self::AccountGiveBack
            | Self::AccountManage
            | Self::CheckVoid
            | Self::ServiceChargeOff
            | Self::TipChange
            | Self::DiscountAmount
            | Self::Comp
            | Self::CheckTaxExempt
            | Self::PriceOverride
            | Self::CashIn
            | Self::CashOut
            | Self::CashDifference => Limit::Money,
            _ => Limit::None,
        }
    }

    /// What is done, as a sentence names it.
    pub fn deed(self) -> &'static str {
        match self {
            Self::LineRemove => "change or take off a dish",
            Self::LineRemoveBegun => "change or take off a dish that the kitchen has begun",
            Self::OrderCancel => "cancel an order",
            Self::OrderCancelOthers => "cancel another waiter's order, or take something off it",
            Self::OrderCancelBegun => "cancel an order that the kitchen has begun",
            Self::OrderCancelPaid => "cancel a paid order",
            Self::OrderMove => "move to another table",
            Self::PaymentTake => "take money",
            Self::PaymentRefund => "give money back",
            Self::PaymentOtherWay => "give money back another way",
            Self::PaymentClear => "say what became of a payment",
            Self::AccountCharge => "put a check on a house account",
            Self::AccountGiveBack => "give a deposit back",
            Self::AccountManage => "let a house account owe, or give its money back another way",
            Self::CheckReopen => "take a presented check back",
            Self::CheckVoid => "call a check off",
            Self::ServiceChargeOff => "leave the service charge away",
            Self::DiscountPercent => "discount in percent",
            Self::DiscountAmount => "discount of a sum",
            Self::Comp => "on the house",
            Self::CheckTaxExempt => "free a check of its tax",
            Self::TipChange => "change a tip",
            Self::PriceOverride => "another price than the menu's",
            Self::DrawerOpen => "open the drawer without a sale",
            Self::CashIn => "put cash into the drawer",
            Self::CashOut => "take cash out of the drawer",
            Self::CashCount => "count the drawer",
            Self::ShiftClose => "close a cash shift",
            Self::CashDifference => "close a cash shift with a difference",
            Self::StopList => "say what is sold out",
            Self::ReportsSee => "read reports",
            Self::MenuEdit => "change the menu",
            Self::StaffEdit => "change who works here",
            Self::PermissionsEdit => "change permissions",
            Self::PrintersEdit => "set printers up",
            Self::ReservationsEdit => "take and change reservations",
            Self::StockEdit => "write goods in and off",
            Self::CustomersSee => "find a known guest",
            Self::CustomersEdit => "enter and change known guests",
            Self::CustomersErase => "give out or erase what is known of a guest",
        }
    }

    /// Whether a feature asks for it. The others are named already for those that come.
    pub fn is_in_use(self) -> bool {
        match self.group() {
            Group::Orders | Group::Cash | Group::Guests => true,
            Group::Payments => self != Self::TipChange,
            Group::Prices => self != Self::PriceOverride,
            Group::House => false,
        }
    }

    /// The roles for which it can be set. To admins everything is allowed, always; who does not
    /// touch orders has no use for a word about them.
    pub fn roles(self) -> &'static [Role] {
        match self.group() {
            Group::House => {
                &[Role::Manager, Role::Waiter, Role::Cashier, Role::Host, Role::Kitchen]
            }
            Group::Guests if self == Self::CustomersErase => &[Role::Manager],
            Group::Guests => &[Role::Manager, Role::Waiter, Role::Cashier, Role::Host],
            _ => &[Role::Manager, Role::Waiter, Role::Cashier],
        }
    }

    /// What a role may before anybody says otherwise.
    pub fn default_for(self, role: Role) -> Rule {
        if self == Self::DiscountPercent && matches!(role, Role::Waiter | Role::Cashier) {
            return Rule { decision: Decision::Allow, at_most: Some(SMALL_DISCOUNT) };
        }
        Rule::of(match role {
            Role::Admin => Decision::Allow,
            Role::Manager => self.of_managers(),
            Role::Waiter => self.of_waiters(),
            Role::Cashier => self.of_cashiers(),
            // They greet guests and answer the telephone.
            Role::Host
                if matches!(
                    self,
                    Self::ReservationsEdit | Self::CustomersSee | Self::CustomersEdit
                ) =>
            {
                Decision::Allow
            }
            Role::Kitchen if self == Self::StopList => Decision::Allow,
            Role::Host | Role::Kitchen => Decision::Deny,
        })
    }

    /// Managers place no orders; what is allowed to them there is what they do to others', and what
    /// they approve of.
    fn of_managers(self) -> Decision {
        match self {
            Self::MenuEdit | Self::StaffEdit | Self::PermissionsEdit | Self::PrintersEdit => {
                Decision::Deny
            }
            _ => Decision::Allow,
        }
    }

    fn of_waiters(self) -> Decision {
        match self {
            Self::LineRemove
            | Self::OrderCancel
            | Self::OrderMove
            | Self::PaymentTake
            | Self::CustomersSee => Decision::Allow,
            _ if matches!(self.group(), Group::House | Group::Guests) => Decision::Deny,
            _ => Decision::Ask,
        }
    }

    fn of_cashiers(self) -> Decision {
        match self {
            Self::AccountCharge
            | Self::AccountGiveBack
            | Self::TipChange
            | Self::DrawerOpen
            | Self::CashIn
            | Self::CashCount
            | Self::ShiftClose => Decision::Allow,
            _ => self.of_waiters(),
        }
    }

    /// Reads a limit: money, or a percentage.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse_amount(self, text: &str) -> Result<i64, String> {
        match self.limit() {
            Limit::Percent => parse_percent(text),
            Limit::Money | Limit::None => match Money::parse(text)? {
                Money(amount) if amount >= 0 => Ok(amount),
                _ => Err("must not be less than nothing".into()),
            },
        }
    }

    /// What an amount of it is called in the trail.
    pub fn amount_name(self) -> &'static str {
        if self.limit() == Limit::Percent { "percent" } else { "amount" }
    }

    /// An amount of it, as it is written on the wire.
    pub fn amount_text(self, amount: i64) -> String {
        match self.limit() {
            Limit::Percent => percent_text(amount),
            Limit::Money | Limit::None => Money(amount).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each of the four roles of the first contract could do by itself before there were
    /// permissions: exactly that, still, and a small discount.
    #[test]
    fn by_themselves_the_four_roles_may_what_they_always_could() {
        use Permission::*;
        let of_waiters =
            [LineRemove, OrderCancel, OrderMove, PaymentTake, DiscountPercent, CustomersSee];
        for permission in Permission::ALL.iter().filter(|one| one.is_in_use()) {
            let may = |role| permission.default_for(role).decision == Decision::Allow;
            assert!(may(Role::Admin), "{permission}");
            assert_eq!(may(Role::Waiter), of_waiters.contains(permission), "{permission}");
            let is_of_hosts = [CustomersSee, CustomersEdit].contains(permission);
            assert!(!may(Role::Kitchen), "{permission}");
            assert_eq!(may(Role::Host), is_of_hosts, "{permission}");
            let of_cashiers =
                [AccountCharge, AccountGiveBack, DrawerOpen, CashIn, CashCount, ShiftClose];
            let is_of_cashiers = of_cashiers.contains(permission);
            assert_eq!(may(Role::Cashier), may(Role::Waiter) || is_of_cashiers, "{permission}");
        }
    }

    #[test]
    fn the_bills_routes_are_open_to_whom_its_permissions_can_be_set_for() {
        let of_bill = |one: &&Permission| {
            matches!(one.group(), Group::Orders | Group::Payments | Group::Prices | Group::Cash)
        };
        for permission in Permission::ALL.iter().filter(of_bill) {
            let roles = permission.roles().iter().fold(ADMIN, |all, role| all | role.bit());
            assert_eq!(roles, AT_THE_BILL, "{permission}");
        }
    }

    #[test]
    fn each_has_words_of_its_own_for_people() {
        let mut deeds: Vec<_> = Permission::ALL.iter().map(|one| one.deed()).collect();
        for deed in &deeds {
            assert!(!deed.contains('_') && deed.starts_with(char::is_lowercase), "{deed}");
        }
        deeds.sort_unstable();
        deeds.dedup();
        assert_eq!(deeds.len(), Permission::ALL.len());
    }

    #[test]
    fn nothing_that_an_order_needs_is_denied_to_waiters() {
        for permission in Permission::ALL.iter().filter(|one| one.group() == Group::Orders) {
            assert_ne!(permission.default_for(Role::Waiter).decision, Decision::Deny);
        }
    }

    #[test]
    fn only_a_waiters_discount_has_a_limit_to_begin_with_and_words_are_unique() {
        let mut words: Vec<_> = Permission::ALL.iter().map(|one| one.as_str()).collect();
        for permission in Permission::ALL {
            for role in Role::ALL {
                let is_small = *permission == Permission::DiscountPercent
                    && matches!(role, Role::Waiter | Role::Cashier);
                let most = is_small.then_some(SMALL_DISCOUNT);
                assert_eq!(permission.default_for(role).at_most, most, "{permission} {role:?}");
            }
            assert!(!permission.roles().contains(&Role::Admin));
            assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Permission::ALL.len());
    }
}
