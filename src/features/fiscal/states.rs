//! The words of registers and their documents.

use crate::words;

words! {
    /// What makes the documents.
    pub enum DeviceKind as FiscalDeviceKind {
        /// A register behind ATOL's web server.
        Atol = "ATOL",
        /// What others connect: it is told over HTTP.
        Webhook = "WEBHOOK",
        /// A till that stands apart: people ring up by hand, and the box keeps what is to be rung up.
        ByHand = "BY_HAND",
    }
}

words! {
    /// When the receipt is made.
    pub enum Moment as FiscalMoment {
        /// When the check is presented: the guest has it before he pays.
        BeforePayment = "BEFORE_PAYMENT",
        /// When the check is paid.
        WithPayment = "WITH_PAYMENT",
    }
}

words! {
    /// By which system the restaurant is taxed.
    pub enum Taxation as FiscalTaxation {
        /// The usual one, with VAT.
        Osn = "OSN",
        /// Simplified, of income.
        UsnIncome = "USN_INCOME",
        /// Simplified, of income less costs.
        UsnIncomeOutcome = "USN_INCOME_OUTCOME",
        /// Of farmers.
        Esn = "ESN",
        /// A patent.
        Patent = "PATENT",
    }
}

words! {
    /// What a document is.
    pub enum DocumentKind as FiscalDocumentKind {
        /// A sale.
        Sell = "SELL",
        /// What goes back of one.
        SellReturn = "SELL_RETURN",
        /// A sale that was not rung up in its time.
        SellCorrection = "SELL_CORRECTION",
        /// Cash is put into the drawer beside sales; no fiscal document.
        CashIn = "CASH_IN",
        /// Cash is taken out of it; no fiscal document.
        CashOut = "CASH_OUT",
        /// The register's shift begins.
        OpenShift = "OPEN_SHIFT",
        /// It ends: the register's Z.
        CloseShift = "CLOSE_SHIFT",
        /// What the shift came to so far; no fiscal document.
        XReport = "X_REPORT",
    }
}

impl DocumentKind {
    /// Whether it tells of money: it needs an open shift, and is never dropped before it is made or a
    /// person says so.
    pub fn is_owed(self) -> bool {
        !matches!(self, Self::OpenShift | Self::CloseShift | Self::XReport)
    }

    /// Whether the storage keeps it under a number.
    pub fn is_fiscal(self) -> bool {
        !matches!(self, Self::XReport | Self::CashIn | Self::CashOut)
    }

    /// Whether it is the receipt of a sale.
    pub fn is_sale(self) -> bool {
        matches!(self, Self::Sell | Self::SellCorrection)
    }
}

words! {
    /// Why a receipt is made later.
    pub enum Basis as FiscalBasis {
        /// Found out by oneself.
        Own = "OWN",
        /// The tax office says so.
        Order = "ORDER",
    }
}

words! {
    /// Where a document stands.
    pub enum DocumentState as FiscalDocumentState {
        /// It waits: nothing was sent.
        Queued = "QUEUED",
        /// It was sent, or is about to be.
        Sent = "SENT",
        /// It was sent, and the register's documents do not tell whether it was made: a person says.
        Unknown = "UNKNOWN",
        /// It is made.
        Done = "DONE",
        /// The register refused it, and would again.
        Refused = "REFUSED",
        /// It was called off before anything was sent.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// The format of fiscal documents.
    pub enum Ffd as FiscalFormat {
        /// 1.05.
        V105 = "V105",
        /// 1.2.
        V12 = "V12",
    }
}
