import { expect, test } from 'vitest'
import { photoAt } from './photo'

test('one width of a photo leads to the others, a foreign picture to itself', () => {
  const ours = '/uploads/0123456789abcdef0123456789abcdef-960.jpg'
  expect(photoAt(ours, 96)).toBe('/uploads/0123456789abcdef0123456789abcdef-96.jpg')
  expect(photoAt(photoAt(ours, 96), 480)).toBe('/uploads/0123456789abcdef0123456789abcdef-480.jpg')
  expect(photoAt('https://example.org/a-960.jpg', 96)).toBe('https://example.org/a-960.jpg')
})
