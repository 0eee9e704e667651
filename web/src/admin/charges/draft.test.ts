import { expect, test } from 'vitest'
import type { Rule } from './api'
import { fieldsOf, isReadable, ruleOf } from './draft'

const happy: Rule = {
  id: 3,
  kind: 'DISCOUNT',
  name: 'Счастливые часы',
  translations: { en: { name: 'Happy hour' }, de: { name: 'Glückliche Stunde' } },
  percent: '20',
  amount: null,
  per_guest: false,
  conditions: { weekdays: [1, 5], time_from: '15:00', time_to: '17:00', location_id: 4 },
  is_active: true,
}

test('what is not touched stays as it was', () => {
  const { id: _, ...draft } = happy
  expect(ruleOf(fieldsOf(happy), happy)).toEqual(draft)
})

test('a new one asks for nothing, and numbers are read as people write them', () => {
  const rule = ruleOf({ ...fieldsOf(null), name: ' Сервис ', percent: '7,5' }, null)
  expect(rule).toMatchObject({ kind: 'SERVICE', name: 'Сервис', percent: '7.5', amount: null, conditions: {} })
  const cover = ruleOf({ ...fieldsOf(null), name: 'Cover', much: 'guest', amount: '1 050,50', guests: '2' }, null)
  expect(cover).toMatchObject({ percent: null, amount: '1050.50', per_guest: true, conditions: { least_guests: 2 } })
})

test('half a rule is not read back', () => {
  const draft = ruleOf(fieldsOf(null), null)
  expect(isReadable(draft, 2)).toBe(false)
  expect(isReadable({ ...draft, percent: '10' }, 2)).toBe(true)
  expect(isReadable({ ...draft, percent: null, amount: '5.001' }, 2)).toBe(false)
  expect(isReadable({ ...draft, percent: null, amount: '5.00' }, 2)).toBe(true)
})
