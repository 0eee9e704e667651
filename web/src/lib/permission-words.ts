// What a permission is called, wherever somebody reads of it.

import { language } from './i18n/language.svelte'
import { toMinor } from './money'
import type { Permission } from './types'

type Words = Record<Permission, string>

const ru: Words = {
  LINE_REMOVE: 'Изменить или снять блюдо, пока кухня не начала',
  LINE_REMOVE_BEGUN: 'Изменить или снять блюдо, которое кухня начала',
  ORDER_CANCEL: 'Отменить свой заказ',
  ORDER_CANCEL_OTHERS: 'Отменить чужой заказ',
  ORDER_CANCEL_BEGUN: 'Отменить заказ, который кухня начала',
  ORDER_CANCEL_PAID: 'Отменить оплаченный заказ',
  ORDER_MOVE: 'Перенести заказ за другой стол',
  PAYMENT_TAKE: 'Принять оплату',
  PAYMENT_REFUND: 'Вернуть деньги',
  CHECK_REOPEN: 'Вернуть счёт в работу',
  CHECK_VOID: 'Аннулировать счёт',
  SERVICE_CHARGE_OFF: 'Снять плату за обслуживание',
  TIP_CHANGE: 'Изменить чаевые',
  DISCOUNT_PERCENT: 'Скидка в процентах',
  DISCOUNT_AMOUNT: 'Скидка суммой',
  COMP: 'Комплимент',
  CHECK_TAX_EXEMPT: 'Счёт без налога',
  PRICE_OVERRIDE: 'Другая цена',
  DRAWER_OPEN: 'Открыть денежный ящик',
  CASH_IN: 'Внести наличные',
  CASH_OUT: 'Изъять наличные',
  CASH_COUNT: 'Пересчитать кассу',
  SHIFT_CLOSE: 'Закрыть смену',
  STOP_LIST: 'Менять стоп-лист',
  REPORTS_SEE: 'Смотреть отчёты',
  MENU_EDIT: 'Менять меню',
  STAFF_EDIT: 'Менять сотрудников',
  PERMISSIONS_EDIT: 'Менять права',
  PRINTERS_EDIT: 'Настраивать принтеры',
  RESERVATIONS_EDIT: 'Вести бронь',
  STOCK_EDIT: 'Вести склад',
}

const en: Words = {
  LINE_REMOVE: 'Change or remove a dish before the kitchen starts it',
  LINE_REMOVE_BEGUN: 'Change or remove a dish the kitchen has started',
  ORDER_CANCEL: 'Cancel one’s own order',
  ORDER_CANCEL_OTHERS: 'Cancel somebody else’s order',
  ORDER_CANCEL_BEGUN: 'Cancel an order the kitchen has started',
  ORDER_CANCEL_PAID: 'Cancel a paid order',
  ORDER_MOVE: 'Move an order to another table',
  PAYMENT_TAKE: 'Take a payment',
  PAYMENT_REFUND: 'Give money back',
  CHECK_REOPEN: 'Take a check back',
  CHECK_VOID: 'Void a check',
  SERVICE_CHARGE_OFF: 'Remove the service charge',
  TIP_CHANGE: 'Change a tip',
  DISCOUNT_PERCENT: 'Discount in percent',
  DISCOUNT_AMOUNT: 'Discount of an amount',
  COMP: 'On the house',
  CHECK_TAX_EXEMPT: 'Check without tax',
  PRICE_OVERRIDE: 'Override a price',
  DRAWER_OPEN: 'Open the cash drawer',
  CASH_IN: 'Pay cash in',
  CASH_OUT: 'Pay cash out',
  CASH_COUNT: 'Count the drawer',
  SHIFT_CLOSE: 'Close a shift',
  STOP_LIST: 'Change the stop list',
  REPORTS_SEE: 'See reports',
  MENU_EDIT: 'Edit the menu',
  STAFF_EDIT: 'Edit staff',
  PERMISSIONS_EDIT: 'Edit permissions',
  PRINTERS_EDIT: 'Set up printers',
  RESERVATIONS_EDIT: 'Manage reservations',
  STOCK_EDIT: 'Manage stock',
}

export const permissionWords = (): Words => (language.current === 'ru' ? ru : en)

export const permissionWord = (permission: Permission): string => permissionWords()[permission]

/** How much of it is at stake, in words; empty where there is no sum to it. */
export function stakeOf(permission: Permission, amount: string, money: (minor: number) => string, digits: number): string {
  if (!(Number(amount) > 0)) return ''
  if (permission !== 'DISCOUNT_PERCENT') return money(toMinor(amount, digits))
  return new Intl.NumberFormat(language.current, { style: 'percent', maximumFractionDigits: 2 }).format(Number(amount) / 100)
}
