import { expect, test } from 'vitest'
import type { RuleDraft } from './api'
import { en } from './messages/en'
import { ru } from './messages/ru'
import { sentenceOf, type Names } from './sentence'

const names: Names = { room: () => 'Терраса', table: () => '7', money: (amount) => `${Number(amount)} ₽`, day: (day) => day }
const service: RuleDraft = { kind: 'SERVICE', name: 'Обслуживание', percent: '10', conditions: { least_guests: 6 }, is_active: true }
const packing: RuleDraft = { kind: 'FEE', name: 'Упаковка', amount: '50.00', conditions: { order_type: 'TAKEAWAY' }, is_active: true }
const happy: RuleDraft = {
  kind: 'DISCOUNT',
  name: 'Счастливые часы',
  percent: '20',
  conditions: { weekdays: [5, 1, 2, 3, 4], time_from: '15:00', time_to: '17:00' },
  is_active: true,
}

test.each([
  [service, '10 % за обслуживание, если гостей 6 и больше'],
  [packing, 'Упаковка: 50 ₽ на заказ, навынос'],
  [happy, 'скидка 20 %, по будням, с 15:00 до 17:00'],
  [{ ...service, percent: '7.5', conditions: {} }, '7,5 % за обслуживание, всегда'],
  [{ ...packing, per_guest: true, conditions: { location_id: 1, table_id: 2 } }, 'Упаковка: 50 ₽ с каждого гостя, зал «Терраса», стол 7'],
  [{ ...happy, conditions: { weekdays: [6, 7], date_from: '2026-12-01', date_to: '2026-12-31' } }, 'скидка 20 %, по выходным, с 2026-12-01, по 2026-12-31'],
  [{ ...happy, conditions: { weekdays: [3, 1] } }, 'скидка 20 %, по дням: пн, ср'],
])('a rule reads as a sentence', (rule, sentence) => {
  expect(sentenceOf(rule, ru, names)).toBe(sentence)
})

test('and in English', () => {
  expect(sentenceOf(happy, en, names)).toBe('20 % off, on workdays, from 15:00 to 17:00')
  expect(sentenceOf(service, en, names)).toBe('10 % for service, from 6 guests on')
})
