import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LiveFeed, type LiveEvent, type LinkState } from './live'

class FakeSocket {
  static all: FakeSocket[] = []
  onmessage: ((message: { data: string }) => void) | null = null
  onclose: ((close: { code: number }) => void) | null = null
  closed = false
  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    FakeSocket.all.push(this)
  }
  close() {
    this.closed = true
  }
  say(type: string, seq?: number, more: object = {}) {
    this.onmessage?.({ data: JSON.stringify({ type, seq, timestamp: new Date().toISOString(), ...more }) })
  }
  end(code: number) {
    this.onclose?.({ code })
  }
}

const last = () => FakeSocket.all[FakeSocket.all.length - 1]!
let events: LiveEvent[]
let links: LinkState[]
let reloads: number
let ended: number
let untold: number
let feed: LiveFeed

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.all = []
  events = []
  links = []
  reloads = 0
  ended = 0
  untold = 0
  feed = new LiveFeed({
    token: 'g_abc',
    onEvent: (event) => events.push(event),
    onReload: () => (reloads += 1),
    onUntold: () => (untold += 1),
    onLink: (state) => links.push(state),
    onTokenEnded: () => (ended += 1),
    openSocket: (url, protocols) => new FakeSocket(url, protocols) as unknown as WebSocket,
    random: () => 1,
  })
})

afterEach(() => {
  feed.stop()
  vi.useRealTimers()
})

test('the token travels as a protocol, not in the address', () => {
  expect(last().url).toMatch(/\/ws\/orders$/)
  expect(last().protocols).toEqual(['qres', 'g_abc'])
})

test('loads once at the first greeting and then hears events in order, each once', () => {
  last().say('connected', 40)
  expect(reloads).toBe(1)
  last().say('order_created', 41)
  last().say('order_created', 41)
  last().say('order_ready', 43)
  expect(events.map((event) => event.seq)).toEqual([41, 43])
  expect(links).toEqual(['live'])
})

test('comes back with its place, and the greeting does not swallow what was missed', () => {
  last().say('connected', 40)
  last().say('order_created', 41)
  last().end(1012)
  vi.advanceTimersByTime(500)
  expect(FakeSocket.all).toHaveLength(2)
  expect(last().url).toMatch(/\?since=41$/)
  last().say('connected', 44)
  last().say('order_updated', 42)
  last().say('order_ready', 44)
  expect(events.map((event) => event.seq)).toEqual([41, 42, 44])
  expect(reloads).toBe(1)
})

test('resync loads everything and goes on from there', () => {
  last().say('connected', 40)
  last().end(1006)
  vi.advanceTimersByTime(500)
  last().say('connected', 900)
  last().say('resync', 900)
  expect(reloads).toBe(2)
  last().say('order_created', 901)
  expect(events.map((event) => event.seq)).toEqual([901])
})

test('waits longer after each failure, up to eight seconds', () => {
  const waits: number[] = []
  for (let i = 0; i < 7; i++) {
    const before = FakeSocket.all.length
    last().end(1006)
    let waited = 0
    while (FakeSocket.all.length === before) {
      vi.advanceTimersByTime(100)
      waited += 100
    }
    waits.push(waited)
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000])
})

describe('silence', () => {
  test('is told: stale after 5 s, offline after 15 s, and a silent socket is replaced', () => {
    last().say('connected', 1)
    vi.advanceTimersByTime(4000)
    expect(links).toEqual(['live'])
    vi.advanceTimersByTime(1000)
    expect(links.at(-1)).toBe('stale')
    const first = last()
    vi.advanceTimersByTime(10_000)
    expect(links.at(-1)).toBe('offline')
    expect(first.closed).toBe(true)
    vi.advanceTimersByTime(500)
    expect(last()).not.toBe(first)
    last().say('connected', 1)
    expect(links.at(-1)).toBe('live')
  })

  test('heartbeats keep the link live', () => {
    last().say('connected', 1)
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(2000)
      last().say('heartbeat', 1)
    }
    expect(links).toEqual(['live'])
  })

  test('an open socket that never greets is given up', () => {
    const first = last()
    vi.advanceTimersByTime(6000)
    expect(first.closed).toBe(true)
    vi.advanceTimersByTime(500)
    expect(last()).not.toBe(first)
  })
})

test('a token that has ended stops the feed', () => {
  last().say('connected', 1)
  last().end(4401)
  vi.advanceTimersByTime(60_000)
  expect(ended).toBe(1)
  expect(FakeSocket.all).toHaveLength(1)
})

test('takes its time from the box', () => {
  const boxTime = Date.now() + 3_600_000
  last().say('connected', 1, { timestamp: new Date(boxTime).toISOString() })
  expect(Math.abs(feed.now() - boxTime)).toBeLessThan(50)
})

test('rubbish on the wire is passed over', () => {
  last().say('connected', 1)
  last().onmessage?.({ data: '{' })
  last().say('stats')
  expect(events).toEqual([])
})

test('a beat that names a later place than was told says that something else happened', () => {
  last().say('connected', 10)
  last().say('heartbeat', 10)
  last().say('order_created', 11)
  last().say('heartbeat', 11)
  expect(untold).toBe(0)
  last().say('heartbeat', 14)
  last().say('heartbeat', 14)
  expect(untold).toBe(1)
  last().say('order_updated', 15)
  expect(events.map(({ seq }) => seq)).toEqual([11, 15])
})

test('what happened between two told events, and was not told, is noticed at the next beat', () => {
  last().say('connected', 40)
  last().say('order_updated', 41)
  last().say('heartbeat', 41)
  expect(untold).toBe(0)
  last().say('item_status_changed', 43)
  last().say('heartbeat', 43)
  last().say('heartbeat', 43)
  expect(untold).toBe(1)
})

test('what was missed while away is told as such', () => {
  last().say('connected', 40)
  last().end(1012)
  vi.advanceTimersByTime(1_000)
  last().say('connected', 42)
  last().say('order_updated', 41)
  last().say('order_updated', 42)
  last().say('order_updated', 43)
  expect(events.map(({ isReplayed }) => isReplayed ?? false)).toEqual([true, true, false])
})
