import { expect, test } from 'vitest'
import { codeIn } from './device'

test('a pairing link carries its code behind the hash', () => {
  expect(codeIn('#pair=7KQM-2XHD')).toBe('7KQM-2XHD')
  for (const hash of ['', '#pair=', '#pair=<b>', '#table=4', 'pair=7KQM-2XHD']) expect(codeIn(hash)).toBeNull()
})
