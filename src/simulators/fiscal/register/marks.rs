//! Codes on marked things: each is checked, then accepted, before the receipt that sells it.

use serde_json::{Value, json};

use crate::simulators::fiscal::refusal::{MARK_IN_PROGRESS, MARK_STATE, OTHER_FFD, Refusal};
use crate::simulators::fiscal::rules;
use crate::simulators::fiscal::setup::Ffd;
use crate::simulators::fiscal::task::{self, Mark, MarkCheck};

/// A code that ends so is refused by the state's system of marking.
const REFUSED: &[u8] = b"BAD";

/// The table of codes.
#[derive(Default)]
pub(super) struct Marks {
    checked: Option<(Mark, bool)>,
    accepted: Vec<String>,
}

impl Marks {
    pub(super) fn begin(&mut self, task: &Value, ffd: Ffd) -> Result<Value, Refusal> {
        if ffd == Ffd::V105 {
            return Err(OTHER_FFD);
        }
        if self.checked.is_some() {
            return Err(MARK_IN_PROGRESS);
        }
        let check: MarkCheck = task::read(task)?;
        let is_good = Self::is_good(&check.params)?;
        self.checked = Some((check.params, is_good));
        Ok(json!({
            "offlineValidation": {
                "fmCheck": true,
                "fmCheckResult": true,
                "fmCheckErrorReason": "checked",
            }
        }))
    }

    pub(super) fn status(&self) -> Result<Value, Refusal> {
        let (mark, is_good) = self.checked.as_ref().ok_or(MARK_STATE)?;
        let word = if *is_good { "itemEstimatedStatusCorrect" } else { "itemSaleStopped" };
        Ok(json!({
            "ready": true,
            "sentImcRequest": true,
            "driverError": { "code": 0, "error": "LIBFPTR_OK", "description": "Ошибок нет" },
            "onlineValidation": {
                "itemInfoCheckResult": check_result(*is_good),
                "markOperatorItemStatus": word,
                "markOperatorResponse": {
                    "responseStatus": true,
                    "itemStatusCheck": *is_good,
                },
                "markOperatorResponseResult": if *is_good { "correct" } else { "incorrect" },
                "imcType": "imcFmVerifyCode88",
                "imcBarcode": mark.imc,
                "imcModeProcessing": 0,
            },
        }))
    }

    pub(super) fn accept(&mut self) -> Result<Value, Refusal> {
        let (mark, is_good) = self.checked.take().ok_or(MARK_STATE)?;
        self.accepted.push(mark.imc);
        Ok(json!({ "itemInfoCheckResult": check_result(is_good) }))
    }

    /// The code that was checked is not sold.
    pub(super) fn put_away(&mut self) -> Result<Value, Refusal> {
        self.checked.take().ok_or(MARK_STATE).map(|_| Value::Null)
    }

    pub(super) fn is_accepted(&self, mark: &Mark) -> bool {
        self.accepted.contains(&mark.imc)
    }

    /// Whether the state's system would let it be sold.
    pub(super) fn is_good(mark: &Mark) -> Result<bool, Refusal> {
        Ok(!rules::code(mark)?.ends_with(REFUSED))
    }

    /// The receipt is made: its codes are used up.
    pub(super) fn forget(&mut self) {
        self.accepted.clear();
    }
}

fn check_result(is_good: bool) -> Value {
    json!({
        "imcCheckFlag": true,
        "imcCheckResult": true,
        "imcStatusInfo": true,
        "imcEstimatedStatusCorrect": is_good,
        "ecrStandAloneFlag": false,
    })
}
