import { expect, test } from 'vitest'
import { sizeOf } from './sizes'

test('sizes are short and in the person’s language', () => {
  expect(sizeOf(0, 'en')).toBe('0 byte')
  expect(sizeOf(999, 'en')).toBe('999 byte')
  expect(sizeOf(71_234, 'en')).toBe('71 kB')
  expect(sizeOf(1_500_000, 'en')).toBe('1.5 MB')
  expect(sizeOf(34_000_000_000, 'ru')).toMatch(/^34\sГБ$/)
})
