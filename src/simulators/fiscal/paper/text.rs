//! A paper as text. Pure.

use serde_json::Value;

use super::report::{WIDTH, center, kind_name, pair};
use crate::simulators::fiscal::clock::shown;
use crate::simulators::fiscal::decimal::Money;
use crate::simulators::fiscal::setup::{
    OWNER, OWNER_VATIN, REGISTRATION, SERIAL, Setup, TAX_OFFICE,
};
use crate::simulators::fiscal::store::Paper;
use crate::simulators::fiscal::task::{self, Item, Position, Receipt, Slip};
use crate::simulators::fiscal::words::{PAYMENT_NAMES, TAXES, Tax};

/// A line of paper.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Line {
    Text(String),
    Qr(String),
}

/// What is in the QR code of a receipt.
pub(in super::super) fn qr(paper: &Paper, setup: &Setup) -> String {
    let at = shown(paper.at, &setup.zone, "%Y%m%dT%H%M");
    let kind =
        task::read::<Receipt>(&paper.body["task"]).map_or(1, |receipt| receipt.kind.number());
    let (number, total) = (paper.number.unwrap_or_default(), paper.total.text());
    let storage = &setup.storage;
    format!("t={at}&s={total}&fn={storage}&i={number}&fp={}&n={kind}", paper.sign)
}

/// A paper as lines that fit its width.
pub(in super::super) fn lines(paper: &Paper, setup: &Setup) -> Vec<Line> {
    let mut out = Sheet::default();
    out.middle("*** СИМУЛЯТОР: НЕ НАСТОЯЩИЙ ЧЕК ***");
    let task = &paper.body["task"];
    match paper.kind.as_str() {
        "nonFiscal" => {
            if let Ok(slip) = task::read::<Slip>(task) {
                out.items(&slip.items);
            }
        }
        "copy" => {
            out.middle("КОПИЯ ЧЕКА");
            out.put(pair("ФД", &paper.body["copy_of"].to_string()));
            if let Ok(receipt) = task::read::<Receipt>(task) {
                out.receipt(&receipt);
            }
        }
        kind => {
            out.middle(OWNER);
            out.put(pair("ИНН", OWNER_VATIN));
            out.middle(kind_name(kind));
            match task::read::<Receipt>(task) {
                Ok(receipt) if paper.receipt.is_some() => {
                    out.items(&receipt.pre_items);
                    out.receipt(&receipt);
                    out.paid(paper);
                    out.items(&receipt.post_items);
                }
                _ => out.report(paper),
            }
        }
    }
    if let Some(name) = task["operator"]["name"].as_str() {
        out.put(pair("КАССИР", name));
    }
    out.foot(paper, setup);
    out.lines
}

/// The same as one text.
pub(in super::super) fn plain(lines: &[Line]) -> String {
    let text = |line: &Line| match line {
        Line::Text(text) => format!("{text}\n"),
        Line::Qr(content) => format!("[QR {content}]\n"),
    };
    lines.iter().map(text).collect()
}

#[derive(Default)]
struct Sheet {
    lines: Vec<Line>,
}

impl Sheet {
    /// Text, broken where the paper ends.
    fn put(&mut self, text: impl AsRef<str>) {
        for line in text.as_ref().lines() {
            let characters: Vec<char> = line.chars().collect();
            let parts = characters.chunks(WIDTH).map(|part| part.iter().collect());
            self.lines.extend(parts.map(Line::Text));
            if characters.is_empty() {
                self.lines.push(Line::Text(String::new()));
            }
        }
    }

    fn middle(&mut self, text: &str) {
        self.put(center(text));
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Text { text, alignment } if alignment == "center" => self.middle(text),
                Item::Text { text, alignment } if alignment == "right" => {
                    self.put(format!("{text:>WIDTH$}"));
                }
                Item::Text { text, .. } => self.put(text),
                Item::Barcode { barcode, kind } if kind == "QR" => {
                    self.lines.push(Line::Qr(barcode.clone()));
                }
                Item::Barcode { barcode, .. } => self.put(format!("|{barcode}|")),
                Item::Position(position) => self.position(position),
                Item::Other => {}
            }
        }
    }

    fn receipt(&mut self, receipt: &Receipt) {
        self.items(&receipt.items);
        if let Some(date) = &receipt.correction_base_date {
            self.put(pair("ОСНОВАНИЕ КОРРЕКЦИИ", date));
        }
        self.put("-".repeat(WIDTH));
    }

    fn position(&mut self, position: &Position) {
        self.put(&position.name);
        let how = format!("{} x {}", position.quantity.text(), position.price.text());
        self.put(pair(&format!("  {how}"), &format!("={}", position.amount.text())));
        let tax = position.tax.as_ref().and_then(|tax| Tax::named(&tax.word));
        let tax = tax.map_or("", |tax| tax.name);
        let mark = if position.imc_params.is_some() { "[M]" } else { "" };
        self.put(pair(&format!("  {tax}"), mark));
    }

    fn paid(&mut self, paper: &Paper) {
        self.put(pair("ИТОГ", &format!("={}", paper.total.text())));
        for (name, sum) in PAYMENT_NAMES.iter().zip(paper.paid).filter(|(_, sum)| sum.0 != 0) {
            self.put(pair(name, &format!("={}", sum.text())));
        }
        let change = paper.body["change"].as_i64().unwrap_or_default();
        if change != 0 {
            self.put(pair("СДАЧА", &format!("={}", Money(change).text())));
        }
        self.taxes(&paper.body["task"]);
    }

    fn taxes(&mut self, task: &Value) {
        let Ok(receipt) = task::read::<Receipt>(task) else { return };
        for tax in &TAXES {
            let taxed = receipt
                .positions()
                .filter(|position| position.tax.as_ref().is_some_and(|of| of.word == tax.word));
            let sum: Money = taxed.map(|position| Money(tax.of(position.amount.0))).sum();
            if sum.0 != 0 {
                self.put(pair(&format!("СУММА {}", tax.name), &format!("={}", sum.text())));
            }
        }
    }

    /// A report, or a move of cash.
    fn report(&mut self, paper: &Paper) {
        if matches!(paper.kind.as_str(), "cashIn" | "cashOut") {
            self.put(pair("СУММА", &format!("={}", paper.total.text())));
        }
        for line in paper.body["lines"].as_array().into_iter().flatten() {
            self.put(line.as_str().unwrap_or_default());
        }
    }

    fn foot(&mut self, paper: &Paper, setup: &Setup) {
        self.put(pair(
            &format!("СМЕНА {}", paper.shift),
            &shown(paper.at, &setup.zone, "%d.%m.%Y %H:%M"),
        ));
        let Some(number) = paper.number else { return };
        if let Some(receipt) = paper.receipt {
            self.put(pair("ЧЕК", &receipt.to_string()));
        }
        self.put(pair("РН ККТ", REGISTRATION));
        self.put(pair("ЗН ККТ", SERIAL));
        self.put(pair("ФН", &setup.storage));
        self.put(pair(&format!("ФД {number}"), &format!("ФП {}", paper.sign)));
        self.put(pair("ФФД", setup.ffd.text()));
        if paper.receipt.is_some() {
            self.put(pair("САЙТ ФНС", TAX_OFFICE));
            self.lines.push(Line::Qr(qr(paper, setup)));
        }
    }
}
