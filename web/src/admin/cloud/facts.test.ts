import { expect, test } from 'vitest'
import type { CloudStatus } from './api'
import { asksWhichBox, factsOf } from './facts'
import { en } from './messages/en'
import { ru } from './messages/ru'

const moment = (at: string): string => at

const calm: CloudStatus = {
  enrolled: true,
  connected: true,
  paused: false,
  host: 'db.example',
  waiting_rows: 0,
  pushed_rows: 1200,
  rows_per_second: 0,
  refused_count: 0,
  refused: [],
  synced_at: '2026-11-24T10:00:00Z',
}

test('a copy that is well says so and no more', () => {
  const facts = factsOf(calm, en, moment)
  expect(facts.map(({ word }) => word)).toEqual(['connected: db.example', '2026-11-24T10:00:00Z', 'nothing', '1200 rows'])
})

test('while it catches up it says how fast and how long', () => {
  const busy = { ...calm, waiting_rows: 9000, rows_per_second: 300, seconds_to_catch_up: 30 }
  const words = factsOf(busy, en, moment).map(({ word }) => word)
  expect(words).toContain('300 rows a second')
  expect(words).toContain('less than a minute')
  expect(factsOf({ ...busy, seconds_to_catch_up: 5400 }, ru, moment).map(({ word }) => word)).toContain('1 ч 30 мин')
})

test('outside of its hours it waits and is not in trouble', () => {
  const [link] = factsOf({ ...calm, connected: false, paused: true, hours: '02:00-06:00' }, en, moment)
  expect(link).toEqual({ name: 'Link', word: 'waits for its hours: 02:00-06:00', tone: 'calm' })
})

test('only a question of which box is asked of a person', () => {
  expect(asksWhichBox({ ...calm, trouble: 'cloud_behind' })).toBe(true)
  expect(asksWhichBox({ ...calm, trouble: 'cloud_full' })).toBe(false)
})
