//! What the register answers of itself.

use serde_json::{Value, json};

use super::Register;
use super::tlv;
use crate::simulators::fiscal::clock::{DAY, moment, shown};
use crate::simulators::fiscal::refusal::{NO_SUCH_DOCUMENT, NO_SUCH_RECORD, Refusal};
use crate::simulators::fiscal::setup::{Ffd, OWNER, OWNER_VATIN, REGISTRATION, SERIAL, TAX_OFFICE};
use crate::simulators::fiscal::task::{self, WhichDocument};
use crate::simulators::fiscal::words::PAYMENTS;

/// Days from which a storage is to be changed, or must be.
const SOON: i64 = 420;
const LIFE: i64 = 450;
/// From this age of an unsent document the storage warns.
const UNSENT_WARNS: i64 = 5 * DAY;
/// Of the printer: characters and dots of a line.
const LINE: (i64, i64) = (42, 576);

impl Register {
    /// The answer to a question; None when it is none.
    pub(super) fn question(&self, kind: &str, task: &Value) -> Result<Option<Value>, Refusal> {
        Ok(Some(match kind {
            "getShiftStatus" => self.shift_status()?,
            "getShiftTotals" => self.shift_totals()?,
            "getDeviceStatus" => self.device_status()?,
            "getDeviceInfo" => self.device_info(),
            "getFnStatus" => self.storage_status()?,
            "getFnInfo" => self.storage_info()?,
            "ofdExchangeStatus" => self.exchange_status()?,
            "ismExchangeStatus" => json!({ "status": { "notSentCount": 0 }, "errors": {} }),
            "getCashDrawerStatus" => json!({
                "cashDrawerStatus": { "cashDrawerOpened": false },
                "counters": { "cashSum": self.store.drawer()?.json() },
            }),
            "getLastFiscalParams" => {
                let last = self.store.last(task["forReceipt"].as_bool().unwrap_or_default())?;
                self.proof(&last.ok_or(NO_SUCH_RECORD)?)
            }
            "getFnDocument" => self.storage_document(task)?,
            "getRegistrationInfo" => self.registration(),
            "getLicenses" => json!({ "licenses": [{ "id": 0, "name": "АТОЛ. Web Requests" }] }),
            _ => return Ok(None),
        }))
    }

    fn shift_status(&self) -> Result<Value, Refusal> {
        let (shift, is_expired) = self.shift()?;
        let ends = shift.opened_at + DAY - self.aged;
        let ends = shift.is_open.then(|| moment(ends, &self.setup.zone));
        Ok(json!({
            "shiftStatus": {
                "state": shift.state(is_expired),
                "number": shift.number,
                "documentsCount": if shift.is_open { shift.receipts } else { 0 },
                "expiredTime": ends.unwrap_or_else(|| moment(0, &self.setup.zone)),
            }
        }))
    }

    fn shift_totals(&self) -> Result<Value, Refusal> {
        let (shift, _) = self.shift()?;
        let moves = |kind| -> Result<Value, Refusal> {
            let moves = self.store.cash_moves(shift.number, kind)?;
            Ok(json!({ "count": moves.count, "sum": moves.sum.json() }))
        };
        let totals = self.store.totals(shift.number)?;
        let mut receipts = json!({});
        for kind in ["sell", "sellReturn", "buy", "buyReturn"] {
            let of_kind = totals.iter().find(|totals| totals.kind == kind);
            let paid = of_kind.map(|totals| totals.paid).unwrap_or_default();
            let payments = PAYMENTS.iter().zip(paid).map(|((way, _), sum)| (*way, sum.json()));
            receipts[kind] = json!({
                "count": of_kind.map_or(0, |totals| totals.count),
                "sum": of_kind.map(|totals| totals.sum).unwrap_or_default().json(),
                "payments": payments.collect::<std::collections::BTreeMap<_, _>>(),
            });
        }
        Ok(json!({
            "shiftTotals": {
                "shiftNumber": shift.number,
                "cashDrawer": { "sum": self.store.drawer()?.json() },
                "income": moves("cashIn")?,
                "outcome": moves("cashOut")?,
                "receipts": receipts,
            }
        }))
    }

    fn device_status(&self) -> Result<Value, Refusal> {
        let (shift, is_expired) = self.shift()?;
        Ok(json!({
            "deviceStatus": {
                "blocked": false,
                "cashDrawerOpened": false,
                "coverOpened": self.printer.cover_open,
                "currentDateTime": shown(self.clock.now(), &self.setup.zone, "%Y-%m-%d %H:%M:%S"),
                "fiscal": true,
                "fnFiscal": true,
                "fnPresent": true,
                "paperPresent": !self.printer.paper_out,
                "shift": shift.state(is_expired),
            }
        }))
    }

    fn device_info(&self) -> Value {
        json!({
            "deviceInfo": {
                "model": 57,
                "modelName": "АТОЛ 25Ф",
                "serial": SERIAL,
                "firmwareVersion": "5.8.100",
                "configurationVersion": "5.8.100",
                "receiptLineLength": LINE.0,
                "receiptLineLengthPix": LINE.1,
                "ffdVersion": self.setup.ffd.text(),
                "fnFfdVersion": self.setup.ffd.text(),
            }
        })
    }

    fn storage_warnings(&self) -> Result<Value, Refusal> {
        let (now, unsent) = (self.clock.now(), self.store.unsent()?);
        let age = (now - self.made_at) / DAY;
        Ok(json!({
            "criticalError": age >= LIFE,
            "memoryOverflow": self.is_full,
            "needReplacement": age >= SOON,
            "ofdTimeout": unsent.count > 0 && now - unsent.first_at >= UNSENT_WARNS,
            "resourceExhausted": age >= SOON,
        }))
    }

    fn storage_status(&self) -> Result<Value, Refusal> {
        let (shift, _) = self.shift()?;
        Ok(json!({
            "fnStatus": {
                "fiscalDocumentNumber": self.store.last_number()?,
                "fiscalReceiptNumber": shift.receipts,
                "warnings": self.storage_warnings()?,
            }
        }))
    }

    fn storage_info(&self) -> Result<Value, Refusal> {
        let version = match self.setup.ffd {
            Ffd::V105 => "fn_v_1_0",
            Ffd::V12 => "fn_v_1_2",
        };
        Ok(json!({
            "fnInfo": {
                "serial": self.setup.storage,
                "version": version,
                "execution": "Эмулятор",
                "numberOfRegistrations": 1,
                "registrationsRemaining": 29,
                "validityDate": moment(self.made_at + LIFE * DAY, &self.setup.zone),
                "livePhase": "fiscalMode",
                "ffdVersion": self.setup.ffd.text(),
                "fnFfdVersion": self.setup.ffd.text(),
                "warnings": self.storage_warnings()?,
            }
        }))
    }

    fn exchange_status(&self) -> Result<Value, Refusal> {
        let unsent = self.store.unsent()?;
        let none = json!({ "code": 0, "description": "Ошибок нет" });
        Ok(json!({
            "status": {
                "notSentCount": unsent.count,
                "notSentFirstDocNumber": unsent.first_number,
                "notSentFirstDocDateTime": moment(unsent.first_at, &self.setup.zone),
                "lastSuccessKeysUpdate": moment(self.made_at, &self.setup.zone),
            },
            "errors": {
                "fn": none,
                "network": if self.ofd_silent {
                    json!({ "code": 402, "description": "Ошибка соединения с сервером" })
                } else {
                    none.clone()
                },
                "ofd": none,
                "lastSuccessConnectionDateTime": moment(
                    if self.ofd_silent { unsent.first_at } else { self.clock.now() },
                    &self.setup.zone,
                ),
            },
        }))
    }

    fn storage_document(&self, task: &Value) -> Result<Value, Refusal> {
        let which: WhichDocument = task::read(task)?;
        let found = self.store.document(which.fiscal_document_number)?;
        let document = tlv::of(&found.ok_or(NO_SUCH_DOCUMENT)?, &self.setup);
        let mut answer = json!({ "documentTLV": document });
        if which.with_raw_data {
            answer["rawData"] = "".into();
        }
        Ok(answer)
    }

    fn registration(&self) -> Value {
        json!({
            "device": {
                "registrationNumber": REGISTRATION,
                "ffdVersion": self.setup.ffd.text(),
                "fnsUrl": TAX_OFFICE,
                "paymentsAddress": "Москва",
                "marking": self.setup.ffd == Ffd::V12,
                "internet": false,
            },
            "organization": {
                "name": OWNER,
                "vatin": OWNER_VATIN,
                "taxationTypes": ["osn", "usnIncome", "usnIncomeOutcome", "patent"],
            },
            "ofd": { "name": "ОФД-симулятор", "vatin": "7709364346", "host": "127.0.0.1" },
        })
    }
}
