import { expect, test } from 'vitest'
import { addressOf, asksAt, placeOf, wayOf } from './ways'

test.each([
  ['192.168.1.50', 'wire', '192.168.1.50'],
  ['usb:j4ng01', 'wire', 'usb:j4ng01'],
  ['epos:192.168.1.51:80', 'epos', '192.168.1.51:80'],
  ['webprnt:bar.local', 'webprnt', 'bar.local'],
  ['pull:0123456789abcdef', 'pull', '0123456789abcdef'],
])('%s is read and written alike', (address, way, place) => {
  expect([wayOf(address), placeOf(address)]).toEqual([way, place])
  expect(addressOf(wayOf(address), place)).toBe(address)
})

test('what is pasted with its way, and what never asked before', () => {
  expect(addressOf('epos', ' epos:192.168.1.51 ')).toBe('epos:192.168.1.51')
  expect(addressOf('pull', '192.168.1.50')).toBe('pull:')
  expect(addressOf('pull', '')).toBe('pull:')
})

test('where a printer asks', () => {
  const urls = asksAt('http://192.168.1.10:8000', 'abc').map(({ url }) => url)
  expect(urls).toEqual(['http://192.168.1.10:8000/print/epson/abc', 'http://192.168.1.10:8000/print/star/abc'])
})
