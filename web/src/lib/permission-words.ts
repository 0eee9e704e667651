// What a permission is called, wherever somebody reads of it.

import { language } from './i18n/language.svelte'
import { toMinor } from './money'
import type { Approval, Permission } from './types'

type Words = Record<Permission, string>

const ru: Words = {
  LINE_REMOVE: 'Изменить или снять блюдо, пока кухня не начала',
  LINE_REMOVE_BEGUN: 'Изменить или снять блюдо, которое кухня начала',
  ORDER_CANCEL: 'Отменить свой заказ',
  ORDER_CANCEL_OTHERS: 'Отменить чужой заказ или снять с него блюдо',
  ORDER_CANCEL_BEGUN: 'Отменить заказ, который кухня начала',
  ORDER_CANCEL_PAID: 'Отменить оплаченный заказ',
  ORDER_MOVE: 'Перенести заказ за другой стол',
  PAYMENT_TAKE: 'Принять оплату',
  PAYMENT_REFUND: 'Вернуть деньги',
  PAYMENT_OTHER_WAY: 'Вернуть деньги другим способом',
  PAYMENT_CLEAR: 'Сказать, пришли ли деньги',
  ACCOUNT_CHARGE: 'Оплатить со счёта гостя',
  ACCOUNT_GIVE_BACK: 'Вернуть остаток счёта гостя',
  ACCOUNT_MANAGE: 'Разрешить гостю долг или вернуть остаток другим способом',
  CHECK_REOPEN: 'Вернуть счёт в работу',
  CHECK_VOID: 'Аннулировать счёт',
  SERVICE_CHARGE_OFF: 'Снять плату за обслуживание',
  TIP_CHANGE: 'Изменить чаевые',
  DISCOUNT_PERCENT: 'Скидка в процентах',
  DISCOUNT_AMOUNT: 'Скидка суммой',
  COMP: 'За счёт заведения',
  CHECK_TAX_EXEMPT: 'Счёт без налога',
  PRICE_OVERRIDE: 'Другая цена',
  DRAWER_OPEN: 'Открыть денежный ящик',
  CASH_IN: 'Внести наличные',
  CASH_OUT: 'Изъять наличные',
  CASH_COUNT: 'Пересчитать кассу',
  SHIFT_CLOSE: 'Закрыть смену',
  CASH_DIFFERENCE: 'Закрыть смену с расхождением',
  STOP_LIST: 'Менять стоп-лист',
  REPORTS_SEE: 'Смотреть отчёты',
  MENU_EDIT: 'Менять меню',
  STAFF_EDIT: 'Менять сотрудников',
  PERMISSIONS_EDIT: 'Менять права',
  PRINTERS_EDIT: 'Настраивать принтеры',
  RESERVATIONS_EDIT: 'Вести бронь',
  STOCK_EDIT: 'Вести склад',
  CUSTOMERS_SEE: 'Искать гостей и видеть, кто за столом',
  CUSTOMERS_EDIT: 'Записывать гостей и видеть телефоны целиком',
  CUSTOMERS_ERASE: 'Выгружать и стирать данные гостей',
}

const en: Words = {
  LINE_REMOVE: 'Change or remove a dish before the kitchen starts it',
  LINE_REMOVE_BEGUN: 'Change or remove a dish the kitchen has started',
  ORDER_CANCEL: 'Cancel one’s own order',
  ORDER_CANCEL_OTHERS: 'Cancel somebody else’s order, or take a dish off it',
  ORDER_CANCEL_BEGUN: 'Cancel an order the kitchen has started',
  ORDER_CANCEL_PAID: 'Cancel a paid order',
  ORDER_MOVE: 'Move an order to another table',
  PAYMENT_TAKE: 'Take a payment',
  PAYMENT_REFUND: 'Give money back',
  PAYMENT_OTHER_WAY: 'Give money back another way',
  PAYMENT_CLEAR: 'Say whether money arrived',
  ACCOUNT_CHARGE: 'Pay a check from an account',
  ACCOUNT_GIVE_BACK: 'Give back what an account holds',
  ACCOUNT_MANAGE: 'Let an account owe, or give back another way',
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
  CASH_DIFFERENCE: 'Close a shift with a difference',
  STOP_LIST: 'Change the stop list',
  REPORTS_SEE: 'See reports',
  MENU_EDIT: 'Edit the menu',
  STAFF_EDIT: 'Edit staff',
  PERMISSIONS_EDIT: 'Edit permissions',
  PRINTERS_EDIT: 'Set up printers',
  RESERVATIONS_EDIT: 'Manage reservations',
  STOCK_EDIT: 'Manage stock',
  CUSTOMERS_SEE: 'Find guests and see who sits at a table',
  CUSTOMERS_EDIT: 'Enter guests and see whole phone numbers',
  CUSTOMERS_ERASE: 'Export and erase guests’ data',
}

export const permissionWords = (): Words => (language.current === 'ru' ? ru : en)

export const permissionWord = (permission: Permission): string => permissionWords()[permission]

type Deed = Pick<Approval, 'permission' | 'subject' | 'payment_state' | 'to_table_name' | 'method_name'>

interface DeedWords {
  arrived: Record<NonNullable<Approval['payment_state']>, string>
  move: string
  moveOthers: string
  moveLosing: string
  /** a dish of somebody else’s order */
  dishOfOthers: string
  othersOrder: string
  owe: string
  accountOtherWay: string
  /** shorter, or more to the point, than what the permission is called */
  plain: Partial<Words>
}

const ruDeed: DeedWords = {
  arrived: {
    TAKEN: 'Деньги пришли: принять оплату',
    FAILED: 'Деньги не пришли: снять оплату',
    UNKNOWN: 'Пока неизвестно, пришли ли деньги',
    PENDING: 'Пока неизвестно, пришли ли деньги',
    VOIDED: 'Оплата отменена',
  },
  move: 'Перенести за другой стол',
  moveOthers: 'Перенести чужой заказ за другой стол',
  moveLosing: 'Перенести за другой стол без платы за обслуживание',
  dishOfOthers: 'Снять блюдо с чужого заказа',
  othersOrder: 'Отменить чужой заказ',
  owe: 'Разрешить гостю долг',
  accountOtherWay: 'Вернуть остаток счёта гостя другим способом',
  plain: {
    LINE_REMOVE: 'Изменить или снять блюдо',
    LINE_REMOVE_BEGUN: 'Изменить или снять блюдо, которое уже готовят',
    ORDER_CANCEL: 'Отменить заказ',
    ORDER_CANCEL_BEGUN: 'Отменить заказ, который уже готовят',
    SERVICE_CHARGE_OFF: 'Снять плату за обслуживание или сбор',
    DISCOUNT_PERCENT: 'Дать скидку',
    DISCOUNT_AMOUNT: 'Дать скидку',
    CHECK_TAX_EXEMPT: 'Убрать налог со счёта',
  },
}

const enDeed: DeedWords = {
  arrived: {
    TAKEN: 'The money arrived: take the payment',
    FAILED: 'The money did not arrive: drop the payment',
    UNKNOWN: 'Nobody knows yet whether the money arrived',
    PENDING: 'Nobody knows yet whether the money arrived',
    VOIDED: 'The payment was voided',
  },
  move: 'Move to another table',
  moveOthers: 'Move somebody else’s order to another table',
  moveLosing: 'Move to another table without the service charge',
  dishOfOthers: 'Take a dish off somebody else’s order',
  othersOrder: 'Cancel somebody else’s order',
  owe: 'Let an account owe',
  accountOtherWay: 'Give back what an account holds, another way',
  plain: {
    LINE_REMOVE: 'Change or remove a dish',
    LINE_REMOVE_BEGUN: 'Change or remove a dish that is being cooked',
    ORDER_CANCEL: 'Cancel an order',
    ORDER_CANCEL_BEGUN: 'Cancel an order that is being cooked',
    SERVICE_CHARGE_OFF: 'Remove a service charge or fee',
    DISCOUNT_PERCENT: 'Give a discount',
    DISCOUNT_AMOUNT: 'Give a discount',
    CHECK_TAX_EXEMPT: 'Take the tax off a check',
  },
}

/** What exactly is to be done, as whoever approves of it reads it: the permission alone covers more than one deed. */
export function deedOf({ permission, subject, payment_state, to_table_name, method_name }: Deed): string {
  const words = language.current === 'ru' ? ruDeed : enDeed
  const general = words.plain[permission] ?? permissionWord(permission)
  switch (permission) {
    case 'PAYMENT_CLEAR':
      return payment_state ? words.arrived[payment_state] : general
    case 'ORDER_MOVE':
      return words.move
    case 'ORDER_CANCEL_OTHERS':
      if (to_table_name) return words.moveOthers
      return subject === 'order' ? words.othersOrder : words.dishOfOthers
    case 'SERVICE_CHARGE_OFF':
      return to_table_name ? words.moveLosing : general
    case 'ACCOUNT_MANAGE':
      return method_name ? words.accountOtherWay : words.owe
    default:
      return general
  }
}

type Stake = Pick<Approval, 'permission' | 'amount' | 'worth'>

/** How much of it is at stake, in words, a percentage with what it comes to; empty where there is no sum to it. */
export function stakeOf({ permission, amount, worth }: Stake, money: (minor: number) => string, digits: number): string {
  if (!(Number(amount) > 0)) return ''
  if (permission !== 'DISCOUNT_PERCENT') return money(toMinor(amount, digits))
  const percent = new Intl.NumberFormat(language.current, { style: 'percent', maximumFractionDigits: 2 })
  return [percent.format(Number(amount) / 100), worth && money(toMinor(worth, digits))].filter(Boolean).join(' · ')
}

type Place = Pick<
  Approval,
  'table_name' | 'to_table_name' | 'order_number' | 'check_number' | 'dish_name' | 'account_name' | 'method_name'
>

const ruPlace = { table: 'стол', order: 'заказ №', check: 'счёт', account: 'счёт гостя:' }
const enPlace = { table: 'table', order: 'order no.', check: 'check', account: 'account of' }

/** Where something is to be done: table (both of a move), order, and what of it; whose account, by which way. */
export function placeOf(place: Place): string {
  const { table_name, to_table_name, order_number, check_number, dish_name, account_name, method_name } = place
  const words = language.current === 'ru' ? ruPlace : enPlace
  const table = (name: string) => `${words.table} ${name}`
  return [
    [table_name, to_table_name].flatMap((name) => (name ? [table(name)] : [])).join(' → '),
    order_number && `${words.order} ${order_number}`,
    check_number && `${words.check} ${check_number}`,
    dish_name,
    account_name && `${words.account} ${account_name}`,
    method_name,
  ]
    .filter(Boolean)
    .join(' · ')
}
