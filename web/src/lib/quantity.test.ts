import { expect, test } from 'vitest'
import { inPieces, inThousandths, writtenQuantity } from './quantity'

test('quantities as people read them', () => {
  expect([2000, 500, 1500, 333, 334, 667, 350].map((one) => writtenQuantity(one, 'ru'))).toEqual(['2', '½', '1½', '⅓', '⅓', '⅔', '0,35'])
  expect([1, 0.35, 2].map(inThousandths)).toEqual([1000, 350, 2000])
  expect(inPieces(1500)).toBe(1.5)
})
