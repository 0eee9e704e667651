import { expect, test } from 'vitest'
import { parseAmount } from '../../lib/amount'
import { amountOf, inShelfOrder, outOf, written } from './amounts'

const words = { units: { g: 'г', ml: 'мл', pc: 'шт' }, large: { g: 'кг', ml: 'л', pc: 'шт' } }
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

test('an amount is read as people type it', () => {
  for (const [text, amount] of [
    ['1 200,5', 1200.5],
    ['0.350', 0.35],
    ['7', 7],
    ['1,2345', null],
    ['-1', null],
    ['кг', null],
    ['', null],
  ] as const)
    expect(parseAmount(text), text).toBe(amount)
  expect(written(1200.5, 'ru')).toBe('1200,5')
})

test('an amount is said in what people weigh', () => {
  for (const [amount, unit, said] of [
    [350, 'g', '350 г'],
    [1200, 'g', '1,2 кг'],
    [-1500.5, 'ml', '-1,501 л'],
    [2400, 'pc', '2 400 шт'],
  ] as const)
    expect(plain(amountOf(amount, unit, words, 'ru'))).toBe(said)
})

test('losses follow one another', () => {
  expect(outOf('1000', '20', '35')).toBe(520)
  expect(outOf('1000', '', '')).toBe(1000)
  expect(outOf('1000', '120', '')).toBeNull()
  expect(outOf('x', '', '')).toBeNull()
})

test('goods stand as they lie on the shelf, the others after them', () => {
  const goods = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]
  expect(inShelfOrder(goods, [3, 9, 1]).map(({ id }) => id)).toEqual([3, 1, 2, 4])
})
