//! Printers and what waits for them, as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::paper::{CodePage, Letters};
use super::problem::PrintProblem;
use super::wire::{Manner, Trouble};
use crate::core::kernel::fields::{Id, Label, Name};
use crate::core::kernel::{Int, Patch, Timestamp};
use crate::features::menu::Department;

/// How a printer is spoken to, where its address says nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PrinterKind {
    /// ESC/POS to a port in the network, 9100 where none is named.
    Tcp,
}

impl PrinterKind {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        (word == Self::Tcp.as_str()).then_some(Self::Tcp)
    }
}

/// A kind of paper that a printer may be told to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The kitchen's tickets: what is new, changed, taken off, moved.
    Ticket,
    /// The bill, to look it over.
    Precheck,
    /// What was paid.
    Receipt,
    /// What a printer can.
    TestSheet,
    /// Which letters it has of its own, and by which numbers.
    Alphabets,
    /// A table's QR code.
    TableCode,
    /// The Z of a cash shift; by itself when that is closed.
    CashReport,
    /// Nothing: a drawer opens.
    Drawer,
}

/// Where a printer is.
pub type Address = Label<1, 200>;
/// How wide its paper is, in dots: 384 is 58 mm, 512 and 576 are 80 mm.
pub type WidthDots = Int<256, 1024>;

/// Which of a printer's own letters text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FastText {
    /// The code page: which letter a byte is.
    pub code_page: CodePage,
    /// The number by which this printer knows it; the sheet of alphabets shows that.
    pub number: Int<0, 255>,
}

impl From<FastText> for Letters {
    fn from(text: FastText) -> Self {
        Self { page: text.code_page, number: u8::try_from(text.number.get()).unwrap_or_default() }
    }
}

/// A printer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Printer {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// How it is spoken to.
    pub kind: PrinterKind,
    /// Where it is.
    pub address: String,
    /// How many dots a row has.
    pub width_dots: i64,
    /// For which departments it prints tickets; none: for all.
    pub stations: Vec<Department>,
    /// What it prints by itself, when it happens.
    pub documents: Vec<DocumentKind>,
    /// The printer that prints while this one does not.
    pub stand_in_id: Option<i64>,
    /// Whether it cuts the paper.
    pub has_cutter: bool,
    /// Whether it sounds with a ticket.
    pub has_buzzer: bool,
    /// The pin on which a drawer hangs, 2 or 5; none: there is none.
    pub drawer_pin: Option<i64>,
    /// In which of its own letters it writes, faster; none: everything is drawn.
    pub fast_text: Option<FastText>,
    /// An inactive one prints nothing by itself.
    pub is_active: bool,
    /// How much it said when it was printed on last; none where nothing was since the box started. Of a
    /// `SILENT` one nobody knows whether it prints.
    pub manner: Option<Manner>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrinterList {
    /// The page, by name.
    pub printers: Vec<Printer>,
    /// How many there are in all.
    pub total: i64,
}

/// Somebody in the network who takes calls as printers do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundPrinter {
    /// Where it is, as a printer's `address` says it.
    pub address: String,
    /// What it calls itself, where it announces itself.
    pub name: Option<String>,
    /// The printer that is set up at this address.
    pub printer_id: Option<i64>,
}

/// Who takes calls as printers do.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundPrinters {
    /// By address. An office printer is among them: it takes the same calls, and prints no slips.
    pub found: Vec<FoundPrinter>,
}

/// A new printer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PrinterCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// How it is spoken to.
    pub kind: PrinterKind,
    /// Where it is: `192.168.1.50` or `192.168.1.50:9100`; on USB `usb:` and its serial number; over
    /// HTTP `epos:192.168.1.51` (Epson) or `webprnt:192.168.1.52` (Star). `pull:` for one that asks the
    /// box: the box makes what stands behind it, and the printer asks at `/print/epson/…` or
    /// `/print/star/…`.
    pub address: Address,
    /// How many dots a row has: 384 on paper of 58 mm, 576 or 512 on 80 mm.
    pub width_dots: WidthDots,
    /// For which departments it prints tickets; all when left out or empty.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub stations: Vec<Department>,
    /// What it prints by itself: `ticket`, `precheck`, `receipt`, `cash_report`.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub documents: Vec<DocumentKind>,
    /// The printer that prints while this one does not.
    pub stand_in_id: Option<Id>,
    /// Whether it cuts the paper.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub has_cutter: bool,
    /// Whether it sounds with a ticket.
    #[serde(default)]
    pub has_buzzer: bool,
    /// The pin on which a drawer hangs, 2 or 5.
    #[schema(value_type = Option<i64>)]
    pub drawer_pin: Option<i64>,
    /// In which of its own letters it writes: what its code page has is written, the rest drawn. Only
    /// for ESC/POS in the network or on USB; left out, everything is drawn.
    pub fast_text: Option<FastText>,
}

fn yes() -> bool {
    true
}

/// Changes to a printer; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PrinterUpdate {
    /// What it is called; no two alike.
    pub name: Option<Name>,
    /// How it is spoken to.
    pub kind: Option<PrinterKind>,
    /// Where it is.
    pub address: Option<Address>,
    /// How many dots a row has.
    pub width_dots: Option<WidthDots>,
    /// For which departments it prints tickets; all when empty.
    #[schema(max_items = 6)]
    pub stations: Option<Vec<Department>>,
    /// What it prints by itself.
    #[schema(max_items = 5)]
    pub documents: Option<Vec<DocumentKind>>,
    /// The printer that prints while this one does not; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<Id>)]
    pub stand_in_id: Patch<Id>,
    /// Whether it cuts the paper.
    pub has_cutter: Option<bool>,
    /// Whether it sounds with a ticket.
    pub has_buzzer: Option<bool>,
    /// The pin on which a drawer hangs; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub drawer_pin: Patch<i64>,
    /// In which of its own letters it writes; `null` to have everything drawn.
    #[serde(default)]
    #[schema(value_type = Option<FastText>)]
    pub fast_text: Patch<FastText>,
    /// An inactive one prints nothing by itself.
    pub is_active: Option<bool>,
}

/// How a print job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum PrintState {
    /// It waits for its turn, or for the printer.
    Queued,
    /// It is under way.
    Sending,
    /// It is on paper, as far as the printer says.
    Printed,
    /// It may be on paper; it is printed once more, and says so.
    Unsure,
    /// It is given up.
    Failed,
    /// Somebody called it off.
    Cancelled,
}

/// Something that is to be printed, or was.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrintJob {
    /// Id.
    pub id: i64,
    /// For which printer.
    pub printer_id: i64,
    /// What that is called; none where it was removed.
    pub printer_name: Option<String>,
    /// The printer that stands in for it, where one did.
    pub printed_by_id: Option<i64>,
    /// What kind of paper.
    pub document: DocumentKind,
    /// The order that it is of.
    pub order_id: Option<i64>,
    /// That order's number.
    pub order_number: Option<i64>,
    /// Of which job it is a copy.
    pub again_of: Option<i64>,
    /// How it stands.
    pub state: PrintState,
    /// Whether the printer took it and says nothing of itself: not known whether it is on paper.
    pub is_unheard: bool,
    /// How often it was begun.
    pub tries: u32,
    /// Why it is not printed.
    pub problem: Option<PrintProblem>,
    /// The same in words.
    pub last_error: Option<String>,
    /// When it came to be printed.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrintJobList {
    /// The page, newest first.
    pub print_jobs: Vec<PrintJob>,
    /// How many there are in all.
    pub total: i64,
}

/// A printer that does not print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PrinterTrouble {
    /// Which one.
    pub printer_id: i64,
    /// What it is called.
    pub name: String,
    /// What is the matter.
    pub trouble: Trouble,
    /// How many slips wait for it.
    pub waiting: i64,
    /// What the printer is called that prints instead.
    pub stand_in: Option<String>,
}

/// All printers that do not print.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct PrinterTroubles {
    /// By name; none when all are well.
    pub troubles: Vec<PrinterTrouble>,
}
