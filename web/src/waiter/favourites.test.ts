import { beforeEach, expect, test, vi } from 'vitest'
import { Favourites } from './favourites.svelte'
import { Seen } from './seen.svelte'

const line = (dishId: number, variationId = dishId * 10) => ({ dishId, variationId, name: '', quantity: 1, comment: '' })
let store: Map<string, string>

beforeEach(() => {
  store = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  })
})

test('a star comes and goes, and each waiter has his own', () => {
  const anna = new Favourites(1)
  anna.toggle(5)
  anna.toggle(7)
  anna.toggle(5)
  expect(new Favourites(1).starred).toEqual([7])
  expect(new Favourites(2).starred).toEqual([])
})

test('what was ordered last stands first, each size once, and the list has an end', () => {
  const favourites = new Favourites(1)
  favourites.ordered([line(1), line(2)])
  favourites.ordered([line(3), line(1)])
  expect(new Favourites(1).last.map(({ dishId }) => dishId)).toEqual([1, 3, 2])
  favourites.ordered(Array.from({ length: 60 }, (_, i) => line(i + 10)))
  expect(favourites.last).toHaveLength(24)
})

test('rubbish is not taken up', () => {
  store.set('qres.waiter.habits.1', '{"starred":["x"],"last":[]}')
  expect(new Favourites(1).starred).toEqual([])
})

test('a ready dish is seen until it is called back and made again', () => {
  const soup = { id: 1, ready_at: '2026-07-01T12:00:00Z' }
  const pasta = { id: 2, ready_at: '2026-07-01T12:01:00Z' }
  const seen = new Seen()
  seen.add([soup], [soup, pasta])
  expect([seen.has(soup), seen.has(pasta)]).toEqual([true, false])
  const again = { ...soup, ready_at: '2026-07-01T12:09:00Z' }
  expect(new Seen().has(again)).toBe(false)
  seen.add([pasta], [again, pasta])
  expect(store.get('qres.waiter.seen')).not.toContain('12:00:00')
})
