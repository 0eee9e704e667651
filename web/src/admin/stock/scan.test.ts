import { expect, test } from 'vitest'
import type { StockGood } from '../../lib/types'
import { cameraReader, findByCode } from './scan'

const good = (id: number, barcodes: (string | null)[]) =>
  ({ id, name: `Good ${id}`, packs: barcodes.map((barcode, at) => ({ id: id * 10 + at, name: 'Box', barcode, quantity: 5000 })) }) as StockGood

const goods = [good(1, [null, '4600000100012']), good(2, ['0012345678905', 'A-17'])]

test('a code leads to the good and to its pack', () => {
  expect(findByCode(goods, '4600000100012')).toMatchObject({ good: { id: 1 }, pack: { id: 11 } })
  expect(findByCode(goods, ' A-17\n')).toMatchObject({ good: { id: 2 }, pack: { id: 21 } })
})

test('twelve digits are thirteen with a zero before them', () => {
  expect(findByCode(goods, '012345678905')).toMatchObject({ good: { id: 2 } })
})

test('what nobody knows is nothing', () => {
  expect(findByCode(goods, '4600000100013')).toBeNull()
  expect(findByCode(goods, '  ')).toBeNull()
  expect(findByCode([good(1, [null])], '')).toBeNull()
})

test('without a reader of its own a browser has no camera button', () => {
  expect(cameraReader({})).toBeNull()
})
