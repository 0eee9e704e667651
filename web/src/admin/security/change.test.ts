import { expect, test } from 'vitest'
import { told } from './change'

const words = { price: 'Price', line: 'Line' }

test('values are told by their words', () => {
  expect(told({ price: '350.00', sku: 'B1' }, words)).toBe('Price: 350.00, sku: B1')
  expect(told({ line: { dish: 'Borscht', quantity: 2 } }, words)).toBe('Line: Borscht × 2')
  expect(told({ is_active: false, languages: ['ru', 'en'] }, words)).toBe('is_active: ✕, languages: ru en')
})

test('nothing is a dash', () => {
  for (const nothing of [null, undefined, {}, { reason: null }]) expect(told(nothing, words)).toBe('—')
})
