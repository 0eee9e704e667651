import { expect, test } from 'vitest'
import { tableCode } from './address'

test.each([
  ['/menu/abc-1', '', 'abc-1'],
  ['/menu/abc/', '', 'abc'],
  ['/menu/%D0%B0', '', 'а'],
  ['/menu', '?table=t%2F1', 't/1'],
  ['/menu', '', ''],
  ['/menu/', '', ''],
  ['/menu/%', '', ''],
])('%s%s -> %j', (pathname, search, code) => {
  expect(tableCode({ pathname, search })).toBe(code)
})
