import { expect, test } from 'vitest'
import { amountOf, costOf, inGrams, measureOf, parseGrams, per, priceOfOne, someOf, writtenAmount } from './weight'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test('a weighed line is written with its unit, a piece without', () => {
  expect(plain(amountOf({ quantity: 0.35, unit: 'kg' }, 'ru'))).toBe('0,350 кг')
  expect(plain(amountOf({ quantity: 1.5, unit: 'l' }, 'en'))).toBe('1.500 L')
  expect(amountOf({ quantity: 2 }, 'ru')).toBe('2')
  expect(plain(someOf({ quantity: 0.35, unit: 'kg' }, 'Шашлык', 'ru'))).toBe('0,350 кг Шашлык')
  expect(someOf({ quantity: 2 }, 'Борщ', 'ru')).toBe('2 × Борщ')
  expect(plain(writtenAmount(350, 'kg', 'ru'))).toBe('0,350 кг')
  expect([plain(per('100g', 'ru')), plain(per('kg', 'en')), per('piece', 'ru'), per(undefined, 'ru')]).toEqual([' / 100 г', ' / 1 kg', '', ''])
  expect(plain(inGrams(350, 'kg', 'ru'))).toBe('350 г')
})

test('it costs what the box says: halves up, at the price of a whole one', () => {
  for (const [price, quantity, sum] of [
    [129_000, 0.35, 45_150],
    [499, 0.001, 0],
    [500, 0.001, 1],
    [100, 0.333, 33],
    [7, 3, 21],
  ] as const) {
    expect(costOf(price, quantity)).toBe(sum)
  }
  expect([priceOfOne(18_000, '100g'), priceOfOne(18_000, 'kg'), priceOfOne(18_000, undefined)]).toEqual([180_000, 18_000, 18_000])
  expect((['piece', '100g', 'kg', '100ml', 'l', undefined] as const).map(measureOf)).toEqual([undefined, 'kg', 'kg', 'l', 'l', undefined])
})

test('grams are typed as whole numbers, as many as a line may hold', () => {
  expect(['350', ' 1 250', '0', '', '12,5', '50000', '50001', 'abc'].map(parseGrams)).toEqual([350, 1250, null, null, null, 50_000, null, null])
})
