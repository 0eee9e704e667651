import { expect, test } from 'vitest'
import { told } from './change'
import { deedOf } from './deeds'
import { en } from './messages/en'
import { ru } from './messages/ru'

const reader = {
  fields: { price: 'Price', line: 'Line' },
  words: { kitchen: 'cook' },
  money: (amount: string) => `${Number(amount)} ₽`,
}

test('values are told by their words', () => {
  expect(told({ line: { dish: 'Borscht', quantity: 2 } }, reader)).toBe('Line: Borscht × 2')
  expect(told({ is_active: false, languages: ['ru', 'en'] }, reader)).toBe('is active: ✕, languages: ru, en')
})

// Screens 20: an owner read "1000.00", "kitchen" and "POST /dishes/{dish_id}/variations".
test('money, roles and routes are told as an owner says them', () => {
  expect(told({ price: '1000.00', role: 'kitchen', line: { price: '350.00' } }, reader)).toBe('Price: 1000 ₽, role: cook, Line: 350 ₽')
  expect(deedOf('POST /dishes/{dish_id}/variations', ru.deeds)).toBe('Размеры и цены: добавлено')
  expect(deedOf('PATCH /users/{id}', en.deeds)).toBe('Staff: changed')
  expect(deedOf('DELETE /something/new', en.deeds)).toBe('Settings: removed')
  expect(deedOf('never limited: 10.0.0.0/8', en.deeds)).toBe('never limited: 10.0.0.0/8')
})

test('nothing is a dash', () => {
  for (const nothing of [null, undefined, {}, { reason: null }]) expect(told(nothing, reader)).toBe('—')
})
