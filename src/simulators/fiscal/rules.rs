//! What a receipt must hold before the register takes it. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::decimal::{Money, ONE};
use super::refusal::{
    DUPLICATE, MARK, MARK_STATUS, MARK_TYPE, MISSING, NO_OPERATOR, NOT_PAID, ONLY_FOR_MARKED,
    OTHER_FFD, PAYMENT_METHOD, PAYMENT_OBJECT, POSITIONS, PROPERTY, Refusal, TAX, TAX_SUM,
    TAXATION as WRONG_TAXATION, TOO_LONG, TOO_MUCH_WITHOUT_CASH, TOTAL, UNIT, UNPRINTABLE,
    WRONG_DATE, WRONG_PAYMENT, WRONG_QUANTITY, WRONG_SUM,
};
use super::setup::Ffd;
use super::task::{Mark, Operator, Position, Receipt};
use super::words::{
    MARK_STATUSES, MARK_TYPES, METHODS, OBJECTS, PAYMENTS, TAXATION, Tax, UNITS, Word,
};

/// Characters of a dish's name that a document holds: tag 1030.
const LONGEST_NAME: usize = 128;
/// Characters of a cashier's name: tag 1021.
const LONGEST_OPERATOR: usize = 64;
/// What a document of the storage holds, in bytes.
const LARGEST: usize = 32_000;
/// What a position takes beside its name, in bytes.
const POSITION_BYTES: usize = 70;
/// A total may leave out kopecks, and never a ruble.
const LEFT_OUT: i64 = 99;
/// Payment objects that only FFD 1.2 knows, and those of them whose things bear a code.
const OF_12: [i64; 4] = [30, 31, 32, 33];
const MARKED: [i64; 2] = [31, 33];

/// What a receipt comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sums {
    pub total: Money,
    /// By way to pay; of cash, what stays after change.
    pub paid: [Money; 5],
    pub change: Money,
}

/// Whether somebody answers for it.
pub(super) fn operator(operator: Option<&Operator>) -> Result<&Operator, Refusal> {
    let operator = operator.ok_or(NO_OPERATOR)?;
    let name = operator.name.as_deref().unwrap_or_default();
    if name.trim().is_empty() {
        return Err(NO_OPERATOR);
    }
    if name.chars().count() > LONGEST_OPERATOR {
        return Err(PROPERTY.about("operator.name"));
    }
    let digits = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if operator.vatin.as_deref().is_some_and(|vatin| !vatin.is_empty() && !digits(vatin)) {
        return Err(PROPERTY.about("operator.vatin"));
    }
    Ok(operator)
}

/// Whether a receipt may become a document, and what it comes to. `today` is as in 2026.11.30.
pub(super) fn receipt(receipt: &Receipt, ffd: Ffd, today: &str) -> Result<Sums, Refusal> {
    operator(receipt.operator.as_ref())?;
    known(receipt.taxation_type.as_ref(), &TAXATION, &WRONG_TAXATION)?;
    client(receipt)?;
    if receipt.kind.is_correction() {
        correction(receipt, today)?;
    }
    let mut bytes = 0;
    for position in receipt.positions() {
        check_position(position, ffd)?;
        bytes += position.name.chars().count() + POSITION_BYTES;
    }
    if bytes > LARGEST {
        return Err(TOO_LONG);
    }
    each_mark_once(receipt)?;
    let without_positions = receipt.kind.is_correction() && ffd == Ffd::V105;
    let positions = receipt.positions().count();
    if positions == 0 && !without_positions {
        return Err(POSITIONS);
    }
    let sum: Money = if positions == 0 {
        receipt.payments.iter().map(|payment| payment.sum).sum()
    } else {
        receipt.positions().map(|position| position.amount).sum()
    };
    let total = receipt.total.unwrap_or(sum);
    if !(sum.0 - LEFT_OUT..=sum.0).contains(&total.0) || total.0 < 0 {
        return Err(TOTAL.about(&format!("total {}, positions {}", total.text(), sum.text())));
    }
    payments(receipt, total)
}

fn known<'a>(
    word: Option<&Word>,
    list: &'a [(&'static str, i64)],
    refusal: &Refusal,
) -> Result<Option<&'a (&'static str, i64)>, Refusal> {
    let Some(word) = word else { return Ok(None) };
    let found = word.of(list).and_then(|(name, _)| list.iter().find(|(known, _)| *known == name));
    found.map(Some).ok_or_else(|| refusal.about(&word.text()))
}

fn client(receipt: &Receipt) -> Result<(), Refusal> {
    let address = receipt.client_info.as_ref().and_then(|client| client.email_or_phone.as_deref());
    let Some(address) = address.filter(|address| !address.is_empty()) else {
        let needs_one = receipt.electronically;
        return if needs_one { Err(MISSING.about("clientInfo.emailOrPhone")) } else { Ok(()) };
    };
    let is_phone = address.strip_prefix('+').is_some_and(|digits| {
        (10..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_email = address.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !address.contains(char::is_whitespace)
    });
    if address.chars().count() > 64 || !(is_phone || is_email) {
        return Err(PROPERTY.about("clientInfo.emailOrPhone"));
    }
    Ok(())
}

fn correction(receipt: &Receipt, today: &str) -> Result<(), Refusal> {
    let date = receipt.correction_base_date.as_deref().unwrap_or_default();
    if date.is_empty() {
        return Err(MISSING.about("correctionBaseDate"));
    }
    let is_date = date.len() == 10
        && date.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'.',
            _ => byte.is_ascii_digit(),
        });
    if !is_date || date > today {
        return Err(WRONG_DATE.about("correctionBaseDate"));
    }
    let number = receipt.correction_base_number.as_deref().unwrap_or_default();
    match receipt.correction_type.as_deref() {
        Some("self") => Ok(()),
        Some("instruction") if !number.is_empty() => Ok(()),
        Some("instruction") => Err(MISSING.about("correctionBaseNumber")),
        _ => Err(MISSING.about("correctionType")),
    }
}

fn check_position(position: &Position, ffd: Ffd) -> Result<(), Refusal> {
    let name = &position.name;
    if name.trim().is_empty() {
        return Err(MISSING.about("name"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(PROPERTY.about("name"));
    }
    if name.chars().any(char::is_control) {
        return Err(UNPRINTABLE.about("name"));
    }
    if position.quantity.0 <= 0 || !position.quantity.fits(ffd.digits()) {
        return Err(WRONG_QUANTITY.about(name));
    }
    let exact = position.price.times(position.quantity);
    if position.price.0 < 0 || position.amount != exact {
        let what = format!("{name}: amount {}, {} expected", position.amount.text(), exact.text());
        return Err(WRONG_SUM.about(&what));
    }
    known(position.payment_method.as_ref(), &METHODS, &PAYMENT_METHOD)?;
    unit(position, ffd)?;
    tax(position)?;
    let object = known(position.payment_object.as_ref(), &OBJECTS, &PAYMENT_OBJECT)?;
    let object = object.map_or(1, |(_, number)| *number);
    if ffd == Ffd::V105 && OF_12.contains(&object) {
        return Err(PAYMENT_OBJECT.about("FFD 1.05"));
    }
    match (&position.imc_params, MARKED.contains(&object)) {
        (None, false) => Ok(()),
        (None, true) => Err(MISSING.about("imcParams")),
        (Some(_), _) if ffd == Ffd::V105 => Err(OTHER_FFD.about("imcParams")),
        (Some(_), false) => Err(ONLY_FOR_MARKED.about("imcParams")),
        (Some(_), true) if position.quantity != ONE => Err(WRONG_QUANTITY.about(name)),
        (Some(mark), true) => code(mark).map(drop),
    }
}

/// A unit by its number is of FFD 1.2; 1.05 has a text.
fn unit(position: &Position, ffd: Ffd) -> Result<(), Refusal> {
    let Some(unit) = &position.measurement_unit else { return Ok(()) };
    if ffd == Ffd::V105 && matches!(unit, Word::Text(text) if text.chars().count() <= 16) {
        return Ok(());
    }
    known(Some(unit), &UNITS, &UNIT).map(drop)
}

fn tax(position: &Position) -> Result<(), Refusal> {
    let tax = position.tax.as_ref().ok_or_else(|| MISSING.about("tax"))?;
    let rate = Tax::named(&tax.word).ok_or_else(|| TAX.about(&tax.word))?;
    let exact = rate.of(position.amount.0);
    if tax.sum.is_some_and(|sum| sum.0 != 0 && (sum.0 - exact).abs() > 1) {
        return Err(TAX_SUM.about(&position.name));
    }
    Ok(())
}

/// The bytes of a marking code.
pub(super) fn code(mark: &Mark) -> Result<Vec<u8>, Refusal> {
    known(mark.imc_type.as_ref(), &MARK_TYPES, &MARK_TYPE)?;
    known(mark.item_estimated_status.as_ref(), &MARK_STATUSES, &MARK_STATUS)?;
    if mark.item_estimated_status.is_none() {
        return Err(MISSING.about("itemEstimatedStatus"));
    }
    if mark.imc_mode_processing.is_some_and(|mode| mode != 0) {
        return Err(PROPERTY.about("imcModeProcessing"));
    }
    let code = STANDARD.decode(&mark.imc).map_err(|_| MARK.about("imc is not Base64"))?;
    if !(8..=200).contains(&code.len()) {
        return Err(MARK);
    }
    Ok(code)
}

fn each_mark_once(receipt: &Receipt) -> Result<(), Refusal> {
    let marks = receipt.positions().filter_map(|position| position.imc_params.as_ref());
    let mut codes: Vec<_> = marks.map(|mark| &mark.imc).collect();
    codes.sort();
    let all = codes.len();
    codes.dedup();
    if codes.len() < all { Err(DUPLICATE.about("imcParams")) } else { Ok(()) }
}

/// What is paid covers the total; only of cash there is change.
fn payments(receipt: &Receipt, total: Money) -> Result<Sums, Refusal> {
    let mut paid = [Money(0); 5];
    for payment in &receipt.payments {
        if payment.sum.0 < 0 {
            return Err(WRONG_SUM.about("payments"));
        }
        let way = payment.way.of(&PAYMENTS).and_then(|(_, way)| usize::try_from(way).ok());
        let way = way.and_then(|way| paid.get_mut(way));
        let way = way.ok_or_else(|| WRONG_PAYMENT.about(&payment.way.text()))?;
        way.0 = way.0.saturating_add(payment.sum.0);
    }
    let without_cash: Money = paid[1..].iter().copied().sum();
    if without_cash > total {
        return Err(TOO_MUCH_WITHOUT_CASH);
    }
    let all: Money = paid.iter().copied().sum();
    if all < total {
        return Err(NOT_PAID);
    }
    let change = Money(all.0 - total.0);
    paid[0].0 -= change.0;
    Ok(Sums { total, paid, change })
}
