import { describe, expect, it } from 'vitest'
import { language } from './i18n/language.svelte'
import { deedOf, placeOf } from './permission-words'
import type { Permission } from './types'

const deed = (permission: Permission, more: object = {}) =>
  deedOf({ permission, subject: 'order', payment_state: null, to_table_name: null, method_name: null, ...more })

describe('what somebody approves of', () => {
  it('is one deed, and not all that a permission covers', () => {
    language.current = 'ru'
    for (const [said, words] of [
      [deed('PAYMENT_CLEAR', { payment_state: 'TAKEN' }), 'Деньги пришли: принять оплату'],
      [deed('PAYMENT_CLEAR', { payment_state: 'FAILED' }), 'Деньги не пришли: снять оплату'],
      [deed('ORDER_MOVE', { to_table_name: '7' }), 'Перенести за другой стол'],
      [deed('ORDER_CANCEL_OTHERS'), 'Отменить чужой заказ'],
      [deed('ORDER_CANCEL_OTHERS', { subject: 'order_item' }), 'Снять блюдо с чужого заказа'],
      [deed('ORDER_CANCEL_OTHERS', { to_table_name: '7' }), 'Перенести чужой заказ за другой стол'],
      [deed('SERVICE_CHARGE_OFF', { to_table_name: '7' }), 'Перенести за другой стол без платы за обслуживание'],
      [deed('ACCOUNT_MANAGE', { method_name: 'Карта' }), 'Вернуть остаток счёта гостя другим способом'],
      [deed('ACCOUNT_MANAGE'), 'Разрешить гостю долг'],
      [deed('COMP'), 'За счёт заведения'],
    ])
      expect(said).toBe(words)
    language.current = 'en'
    expect(deed('PAYMENT_CLEAR', { payment_state: 'FAILED' })).toBe('The money did not arrive: drop the payment')
  })

  it('names both tables of a move', () => {
    language.current = 'en'
    const nothing = { check_number: null, dish_name: null, account_name: null, method_name: null }
    expect(placeOf({ ...nothing, table_name: '5', to_table_name: 'T4', order_number: 12 })).toBe('table 5 → table T4 · order no. 12')
    expect(placeOf({ ...nothing, table_name: '5', to_table_name: null, order_number: 12 })).toBe('table 5 · order no. 12')
  })
})
