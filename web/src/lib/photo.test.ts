import { expect, test } from 'vitest'
import { largePhoto, photo } from './photo'

test('a row has the square and its double, a sheet the whole, and a foreign picture itself', () => {
  const ours = '/uploads/0123456789abcdef0123456789abcdef'
  expect(photo(`${ours}-960.jpg`)).toEqual({ src: `${ours}-96.jpg`, srcset: `${ours}-96.jpg 1x, ${ours}-192.jpg 2x` })
  expect(largePhoto(`${ours}-960.jpg`)).toMatchObject({ src: `${ours}-480.jpg`, srcset: `${ours}-480.jpg 480w, ${ours}-960.jpg 960w` })
  expect(photo('https://example.org/a-960.jpg')).toEqual({ src: 'https://example.org/a-960.jpg' })
})
