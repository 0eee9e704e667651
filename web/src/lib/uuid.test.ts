import { expect, test } from 'vitest'
import { uuidv7 } from './uuid'

test('carries version, variant and the time', () => {
  const id = uuidv7(0x0190_1234_5678)
  expect(id).toMatch(/^01901234-5678-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('later keys sort after earlier ones, and none comes twice', () => {
  const ids = Array.from({ length: 500 }, (_, i) => uuidv7(1_700_000_000_000 + i))
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(Array.from({ length: 500 }, () => uuidv7(1))).size).toBe(500)
})
