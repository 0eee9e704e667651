import { expect, test } from 'vitest'
import { ratesOf, textOf } from './rates'

test('rates are written one a line, as people write them', () => {
  expect(ratesOf('22 vat22\n\n 7,5 %  vat75 ')).toEqual([
    { percent: '22', word: 'vat22' },
    { percent: '7.5', word: 'vat75' },
  ])
  expect(textOf([{ percent: '22', word: 'vat22' }])).toBe('22 vat22')
  expect(ratesOf('')).toEqual([])
  for (const wrong of ['vat22', '22', '22 НДС', '22 vat22 more']) expect(ratesOf(wrong)).toBeNull()
})
