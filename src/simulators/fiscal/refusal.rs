//! Why the register refuses: the driver's error numbers and what they are called.

use std::borrow::Cow;

use serde_json::{Value, json};

/// An error of the driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Its number in the driver's list.
    pub code: u32,
    /// What the driver calls it.
    pub description: Cow<'static, str>,
}

const fn refusal(code: u32, description: &'static str) -> Refusal {
    Refusal { code, description: Cow::Borrowed(description) }
}

impl Refusal {
    /// The same error, saying what it is about.
    pub(super) fn about(&self, what: &str) -> Self {
        Self { code: self.code, description: format!("{} ({what})", self.description).into() }
    }

    /// As it stands in a result.
    pub(super) fn json(&self) -> Value {
        json!({ "code": self.code, "description": self.description })
    }

    /// Why the queue stands after this error of a fiscal task: its outcome is not known.
    pub(super) fn blocks(&self) -> Option<&'static str> {
        match self.code {
            1..=4 | 241 => Some("connectionError"),
            115 | 116 | 159 | 166 | 177 => Some("fnError"),
            44..=46 | 114 => Some("paperError"),
            _ => None,
        }
    }
}

pub(super) const NONE: Refusal = refusal(0, "Ошибок нет");
pub(super) const NO_LINK: Refusal = refusal(2, "Нет связи");
pub(super) const NOT_SUPPORTED: Refusal =
    refusal(11, "Не поддерживается в данной версии (драйвера или ККТ)");
pub(super) const WRONG_SUM: Refusal = refusal(16, "Неверная цена (сумма)");
pub(super) const WRONG_QUANTITY: Refusal = refusal(17, "Неверное количество");
pub(super) const EARLIER_THAN_LAST: Refusal =
    refusal(36, "Переданные дата/время меньше даты/времени последнего фискального документа");
pub(super) const NO_PAPER: Refusal = refusal(44, "Нет бумаги");
pub(super) const COVER_OPEN: Refusal = refusal(45, "Открыта крышка");
pub(super) const TOO_MUCH_WITHOUT_CASH: Refusal =
    refusal(52, "Сумма не наличных платежей превышает сумму чека");
pub(super) const WRONG_PAYMENT: Refusal = refusal(60, "Неверный вид оплаты");
pub(super) const NOT_PAID: Refusal = refusal(66, "Чек оплачен не полностью");
pub(super) const SHIFT_EXPIRED: Refusal = refusal(68, "Смена превысила 24 часа");
pub(super) const SHIFT_CLOSED: Refusal = refusal(73, "Смена закрыта - операция невозможна");
pub(super) const WRONG_DATE: Refusal = refusal(77, "Неверная дата и/или время");
pub(super) const NO_CASH: Refusal = refusal(80, "В ККТ нет денег для выплаты");
pub(super) const SHIFT_OPEN: Refusal = refusal(83, "Смена открыта, операция невозможна");
pub(super) const NO_SUCH_RECORD: Refusal = refusal(93, "Данные документа отсутствуют");
pub(super) const POSITIONS: Refusal = refusal(110, "Недопустимое кол-во позиций в чеке");
pub(super) const STORAGE_LINK: Refusal =
    refusal(115, "Ошибка обмена с ФН на уровне интерфейса I2C");
pub(super) const STORAGE_ENDED: Refusal = refusal(120, "Закончен срок эксплуатации ФН");
pub(super) const STORAGE_FULL: Refusal = refusal(121, "Архив ФН переполнен");
pub(super) const NO_SUCH_DOCUMENT: Refusal = refusal(123, "В ФН нет запрошенных данных");
pub(super) const TOO_LONG: Refusal = refusal(134, "Превышение размеров TLV данных ФН");
pub(super) const OFD_SILENT: Refusal =
    refusal(140, "Исчерпан ресурс ожидания передачи сообщения в ФН");
pub(super) const TAXATION: Refusal = refusal(143, "Некорректная СНО");
pub(super) const TAX: Refusal = refusal(144, "Недопустимый номер ставки налога");
pub(super) const PROPERTY: Refusal = refusal(148, "Ошибка программирования реквизита");
pub(super) const DUPLICATE: Refusal = refusal(160, "Дублирование данных");
pub(super) const MISSING: Refusal = refusal(161, "Не указаны обязательные реквизиты");
pub(super) const HARD_FAULT: Refusal = refusal(165, "Внутренняя ошибка ККТ");
pub(super) const NO_OPERATOR: Refusal = refusal(172, "Кассир не зарегистрирован");
pub(super) const PAYMENT_METHOD: Refusal = refusal(216, "Некорректное значение реквизита 1214");
pub(super) const PAYMENT_OBJECT: Refusal = refusal(217, "Некорректное значение реквизита 1212");
pub(super) const TOTAL: Refusal = refusal(227, "Неверная сумма чека");
pub(super) const LINK_LOST: Refusal = refusal(241, "Соединение с ККТ потеряно");
pub(super) const TAX_SUM: Refusal = refusal(243, "Некорректная сумма налога");
pub(super) const MARK_TYPE: Refusal = refusal(244, "Некорректное значение типа кода маркировки");
pub(super) const UNPRINTABLE: Refusal = refusal(271, "Непечатаемые символы в реквизите");
pub(super) const MARK_IN_PROGRESS: Refusal = refusal(401, "Процедура проверки КМ уже запущена");
pub(super) const MARK_STATUS: Refusal = refusal(404, "Некорректное значение статуса КМ");
pub(super) const MARK: Refusal = refusal(409, "Некорректный код маркировки");
pub(super) const MARK_STATE: Refusal = refusal(410, "Неверное состояние");
pub(super) const UNIT: Refusal = refusal(412, "Некорректное значение единиц измерения");
pub(super) const OTHER_FFD: Refusal = refusal(413, "Операция не разрешена в данной версии ФФД");
pub(super) const MARK_NOT_CHECKED: Refusal = refusal(420, "КМ не проверен в ФН");
pub(super) const ONLY_FOR_MARKED: Refusal =
    refusal(426, "Данный реквизит разрешён только для маркированной позиции");
pub(super) const NOT_UNDERSTOOD: Refusal = refusal(501, "Ошибка парсинга запроса");
pub(super) const INTERRUPTED: Refusal = refusal(502, "Выполнение прервано из-за предыдущих ошибок");
pub(super) const CANCELED: Refusal = refusal(503, "Задание отменено");
