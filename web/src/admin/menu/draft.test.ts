import { expect, test } from 'vitest'
import { ofMoney, ofWeight, plain } from './numerals'
import { dishBody, newDraft, newSize, placeBehind, sizeBody, wrongIn } from './draft'
import { moved } from './move'
import { toBox, toForm } from './texts'

test('what people type becomes what the box takes', () => {
  const draft = newDraft(3, 'Порция', ['en'])
  draft.name = ' Борщ '
  draft.weight = '350,5'
  draft.texts.en!.name = 'Borscht'
  expect(dishBody(draft)).toMatchObject({ name: 'Борщ', weight: 350.5, calories: null, code: null, category_id: 3 })
  expect(dishBody(draft).translations).toEqual({ en: { name: 'Borscht' } })
  const size = { ...newSize('Большая', ['en']), price: '1 250,50' }
  expect(sizeBody(size)).toMatchObject({ name: 'Большая', price: '1250.50', sku: null, is_default: false, translations: {} })
})

test('a dish is not half saved when the form itself sees what is wrong', () => {
  const draft = newDraft(1, 'Порция', [])
  draft.name = 'Борщ'
  draft.calories = 'много'
  const [size] = draft.sizes
  const fields = () => wrongIn(draft).map(({ field }) => field)
  // Screens 6: a cola needs no description.
  expect(fields()).toEqual(['calories', `size.${size!.key}.price`])
  draft.calories = ''
  for (const [price, wrong] of [['0', 1], ['дорого', 1], ['350', 0], ['350,50', 0]] as const) {
    size!.price = price
    expect(fields(), price).toHaveLength(wrong)
  }
})

test('only what was written of a translation is kept, and languages that the menu lost stay', () => {
  const form = toForm({ de: { name: 'Suppe' } }, ['en'])
  expect(form).toEqual({ en: { name: '', description: '' }, de: { name: 'Suppe', description: '' } })
  expect(toBox(form)).toEqual({ de: { name: 'Suppe' } })
})

test('a thing moves by so many places, as far as there are places', () => {
  expect(moved([1, 2, 3], 2, -1)).toEqual([2, 1, 3])
  expect(moved([1, 2, 3], 2, 1)).toEqual([1, 3, 2])
  expect(moved([1, 2, 3], 3, 5)).toEqual([1, 2, 3])
  expect(moved([1, 2, 3], 9, 1)).toEqual([1, 2, 3])
  expect(placeBehind([])).toBe(0)
  expect(placeBehind([{ sort_order: 7 }, { sort_order: 2 }])).toBe(8)
})

// F2: a price in thousands never becomes a thousandth, and what may mean both is asked about.
test('numbers are read in one way only', () => {
  const money = (text: string, digits = 2) => plain(text, ofMoney(digits))
  for (const [text, price] of [
    ['650', '650'],
    ['650,5', '650.5'],
    ['1 200', '1200'],
    ['1\u00a0200,50', '1200.50'],
    ['1,200.50', '1200.50'],
    ['1.200,50', '1200.50'],
    ['1,200,000', '1200000'],
  ]) expect(money(text!), text).toBe(price)
  for (const text of ['1,200', '1.200', '12.500', '1.', '.5', '12 00', '1.200.50', 'ten', '']) expect(money(text), text).toBeNull()
  expect([money('1,000', 0), money('50.000', 0), money('1,5', 0), money('1,234', 3)]).toEqual(['1000', '50000', null, '1.234'])
  expect([plain('12,5', ofWeight), plain('1,200', ofWeight)]).toEqual(['12.5', null])
})
