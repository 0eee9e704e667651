//! Reports as they travel: every one is a table.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::core::kernel::{Money, Period};

/// By what a report sums up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// Sales by day.
    Days,
    /// Sales by the hour in which orders were placed.
    Hours,
    /// Sales by dish.
    Dishes,
    /// Sales by category of the menu.
    Categories,
    /// Sales by size or kind of a dish.
    Variations,
    /// What was chosen with dishes, by option.
    Options,
    /// Sales by waiter.
    Waiters,
    /// Sales by the rate at which they are taxed.
    Taxes,
    /// Money by the way it was paid.
    PaymentMethods,
    /// House accounts by day.
    Accounts,
    /// The kitchen's times by department.
    Departments,
    /// Tips by person: what is to be paid out.
    Tips,
    /// Sales by the list of prices of which they are: what each cost.
    PriceLists,
}

impl ReportKind {
    /// As in the path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Dishes => "dishes",
            Self::Categories => "categories",
            Self::Variations => "variations",
            Self::Options => "options",
            Self::Waiters => "waiters",
            Self::Taxes => "taxes",
            Self::PaymentMethods => "payment-methods",
            Self::Accounts => "accounts",
            Self::Departments => "departments",
            Self::Tips => "tips",
            Self::PriceLists => "price-lists",
        }
    }

    /// Its columns, in order.
    pub fn columns(self) -> &'static [Column] {
        use Column as C;
        match self {
            Self::Days => &[
                C::Revenue,
                C::Orders,
                C::Average,
                C::CancelledOrders,
                C::Cancelled,
                C::RefundedOrders,
                C::Refunded,
                C::Covers,
                C::PerCover,
                C::NetSales,
                C::Tax,
                C::Discounts,
                C::Comps,
                C::Service,
                C::Fees,
                C::Removed,
                C::Tips,
                C::Cost,
                C::Margin,
                C::FoodCost,
            ],
            Self::Waiters => &[
                C::Revenue,
                C::Orders,
                C::Average,
                C::CancelledOrders,
                C::Cancelled,
                C::RefundedOrders,
                C::Refunded,
                C::Covers,
                C::PerCover,
                C::NetSales,
                C::Tax,
                C::Discounts,
                C::Comps,
                C::Service,
                C::Fees,
                C::Removed,
                C::Tips,
            ],
            Self::Hours => &[C::Revenue, C::Orders, C::Average],
            Self::Dishes | Self::Categories | Self::Variations => &[
                C::Revenue,
                C::Quantity,
                C::Measured,
                C::RemovedQuantity,
                C::Removed,
                C::Cost,
                C::Margin,
                C::FoodCost,
            ],
            Self::Options => &[C::Revenue, C::Quantity],
            Self::Taxes => &[C::Revenue, C::NetSales, C::Tax, C::Exempt],
            Self::PaymentMethods => &[
                C::Net,
                C::Payments,
                C::Taken,
                C::Refunds,
                C::Returned,
                C::Rounding,
                C::Tips,
                C::AccountsIn,
                C::AccountsOut,
            ],
            Self::Accounts => &[C::Deposits, C::Settled, C::Used, C::GivenBack, C::Held, C::Owed],
            Self::Tips => &[C::TipsDue, C::OwnTips],
            Self::PriceLists => &[C::PriceOff, C::Gross, C::AtMenuPrices, C::Quantity],
            Self::Departments => &[
                C::Median,
                C::NinetyPercent,
                C::Waiting,
                C::Making,
                C::Lines,
                C::Late,
                C::LateShare,
            ],
        }
    }
}

/// What a column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// What was sold for.
    Revenue,
    /// Orders sold.
    Orders,
    /// What a sold order came to.
    Average,
    /// Orders cancelled.
    CancelledOrders,
    /// What they would have come to.
    Cancelled,
    /// Orders whose money was given back.
    RefundedOrders,
    /// How much that was.
    Refunded,
    /// Guests of sold orders, where they were counted.
    Covers,
    /// What one of them spent.
    PerCover,
    /// The revenue without its tax.
    NetSales,
    /// The tax of the revenue, included and added.
    Tax,
    /// The tax that guests were freed of, where it was in the price.
    Exempt,
    /// What was taken off what was sold.
    Discounts,
    /// What of it was on the house.
    Comps,
    /// What was put on for service.
    Service,
    /// What was put on for packing, delivery and the like.
    Fees,
    /// How much less was asked for what was sold than the menu itself says.
    PriceOff,
    /// What was sold at the prices of lists, before discounts.
    Gross,
    /// The same at the menu's own prices.
    AtMenuPrices,
    /// Pieces sold; a line that was weighed or poured out is one.
    Quantity,
    /// Kilograms and litres sold.
    Measured,
    /// Pieces taken off or cancelled.
    RemovedQuantity,
    /// What they would have come to.
    Removed,
    /// What the goods of sold dishes cost, where a recipe says what they take.
    Cost,
    /// What these dishes brought beyond that.
    Margin,
    /// Their cost in percent of what they brought.
    FoodCost,
    /// Taken without what was given back.
    Net,
    /// How often money was taken.
    Payments,
    /// How much was taken.
    Taken,
    /// How often money was given back.
    Refunds,
    /// How much was given back.
    Returned,
    /// What cash was rounded by, in all.
    Rounding,
    /// What came on top for the staff or the house.
    Tips,
    /// What is to be paid out of them.
    TipsDue,
    /// What guests gave on top of one's own orders.
    OwnTips,
    /// What came in for house accounts.
    AccountsIn,
    /// What of house accounts was given back.
    AccountsOut,
    /// What came in for accounts before a check is paid by it.
    Deposits,
    /// What came in for what accounts owed.
    Settled,
    /// What checks were paid by accounts, without what went back to them.
    Used,
    /// What accounts held and was given back.
    GivenBack,
    /// What accounts hold at the end of the day.
    Held,
    /// What accounts owe at the end of the day.
    Owed,
    /// Minutes in which half of the lines were ready.
    Median,
    /// Minutes in which nine of ten lines were ready.
    NinetyPercent,
    /// Minutes on average until it was begun.
    Waiting,
    /// Minutes on average from begun to ready.
    Making,
    /// Lines that became ready.
    Lines,
    /// Of these, later than the dish says.
    Late,
    /// That in percent.
    LateShare,
}

/// How a cell is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// An amount.
    Money,
    /// A whole number.
    Count,
    /// Kilograms and litres, with three digits behind the point.
    Measured,
    /// Minutes.
    Minutes,
    /// Percent.
    Percent,
}

impl Column {
    /// How its cells are to be read.
    pub fn unit(self) -> Unit {
        match self {
            Self::Revenue
            | Self::Average
            | Self::PerCover
            | Self::NetSales
            | Self::Tax
            | Self::Exempt
            | Self::Discounts
            | Self::Comps
            | Self::Service
            | Self::Fees
            | Self::PriceOff
            | Self::Gross
            | Self::AtMenuPrices
            | Self::Cancelled
            | Self::Refunded
            | Self::Removed
            | Self::Cost
            | Self::Margin
            | Self::Net
            | Self::Taken
            | Self::Returned
            | Self::Rounding
            | Self::Tips
            | Self::TipsDue
            | Self::OwnTips
            | Self::AccountsIn
            | Self::AccountsOut
            | Self::Deposits
            | Self::Settled
            | Self::Used
            | Self::GivenBack
            | Self::Held
            | Self::Owed => Unit::Money,
            Self::Median | Self::NinetyPercent | Self::Waiting | Self::Making => Unit::Minutes,
            Self::LateShare | Self::FoodCost => Unit::Percent,
            Self::Measured => Unit::Measured,
            _ => Unit::Count,
        }
    }
}

/// A column of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportColumn {
    /// What it tells.
    pub key: Column,
    /// How its cells are to be read.
    pub unit: Unit,
}

impl From<Column> for ReportColumn {
    fn from(key: Column) -> Self {
        Self { key, unit: key.unit() }
    }
}

/// One figure. On the wire an amount is a text, all else a number, and what is not known null.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// An amount.
    Money(Money),
    /// A whole number.
    Count(i64),
    /// Thousandths of kilograms and litres.
    Measured(i64),
    /// Minutes or percent; nothing where there was nothing to measure.
    Decimal(Option<f64>),
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Money(amount) => amount.serialize(serializer),
            Self::Count(count) => count.serialize(serializer),
            Self::Measured(thousandths) if thousandths % 1000 == 0 => {
                (thousandths / 1000).serialize(serializer)
            }
            Self::Measured(thousandths) => in_units(*thousandths).serialize(serializer),
            Self::Decimal(number) => number.serialize(serializer),
        }
    }
}

/// Thousandths as a number: exact in its shortest form, up to more than any kitchen weighs.
pub fn in_units(thousandths: i64) -> f64 {
    thousandths as f64 / 1000.0
}

impl PartialSchema for Cell {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Number, Type::Null]))
            .description(Some("An amount as a text, any other figure as a number"))
            .into()
    }
}

impl ToSchema for Cell {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ReportCell")
    }
}

/// A row of a report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportRow)]
pub struct Row {
    /// The id, day, hour or word of what it is about; “0” where nobody or nothing is named.
    pub key: String,
    /// What people call that; empty where there is no name.
    pub label: String,
    /// One a column.
    pub values: Vec<Cell>,
    /// The same of the period before.
    pub before: Option<Vec<Cell>>,
}

/// A report: a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    /// By what it sums up.
    pub kind: ReportKind,
    /// The days that it is about.
    pub period: Period,
    /// The days that these are compared with.
    pub before: Option<Period>,
    /// Its columns.
    pub columns: Vec<ReportColumn>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// The sums of all rows, those left out too.
    pub total: Row,
    /// Whether rows were left out: there are 1000 at most.
    pub more: bool,
    /// What of the two can be held against each other; none while not one day of it is over.
    pub alike: Option<Alike>,
}

/// The days of a period that are over, beside as many of the period before: today is not done
/// yet, and six days and three hours are less than seven days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alike {
    /// These days.
    pub period: Period,
    /// The days that these are compared with.
    pub before: Period,
    /// The sums of both.
    pub total: Row,
}
