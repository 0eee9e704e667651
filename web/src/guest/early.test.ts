import { expect, test } from 'vitest'
import { earlyTap } from './early'

// Row 26: a second on 3G passes between the menu and its script.
test('a tap before the app is kept in the address', () => {
  expect(earlyTap('#d12')).toEqual({ dish: 12 })
  expect(earlyTap('#a3')).toEqual({ allergen: 3 })
  expect(earlyTap('#popular')).toBe('popular')
  for (const other of ['', '#c4', '#d', '#dx', '#d12x']) expect(earlyTap(other)).toBeNull()
})
