import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { boxClock } from '../lib/box-clock'
import { Refusal } from '../lib/client'
import { Outbox, UNDO_FOR, type Deed, type Entry } from './outbox.svelte'
import type { Shelf } from './shelf'

const ANNA = { id: 1, name: 'Анна' }
const IGOR = { id: 2, name: 'Игорь' }

const order = (table: number): Deed => ({
  kind: 'order',
  place: { at: 'table', tableId: table, name: `${table}` },
  lines: [{ dishId: 1, variationId: 1, name: 'Борщ', quantity: 1, comment: '' }],
  note: '',
  customer: '',
  draftAt: 0,
})
const serve = (itemId: number): Deed => ({ kind: 'serve', orderId: 1, itemId, name: 'Борщ', quantity: 1 })

/** The device's disk: it outlives an Outbox. */
class Disk implements Shelf<Entry> {
  things = new Map<string, Entry>()
  full = false
  all = async () => [...this.things.values()]
  put = async (entry: Entry) => {
    if (this.full) throw new Error('no room')
    this.things.set(entry.key, structuredClone(entry))
  }
  remove = async (key: string) => void this.things.delete(key)
}

let disk: Disk
let me: typeof ANNA | null
/** what the box answers, one after another; then it accepts all */
let answers: (Refusal | null)[]
let performed: Entry[]
let refused: Entry[]
let held: string[]
let released: string[]
let outboxes: Outbox[]

function outbox(): Outbox {
  const made = new Outbox(disk, {
    me: () => me,
    perform: async (entry) => {
      performed.push(entry)
      const answer = answers.shift()
      if (answer) throw answer
    },
    onDone: () => undefined,
    onRefused: (entry) => refused.push(entry),
    onHeld: (group) => held.push(group),
    onReleased: (group) => released.push(group),
  })
  outboxes.push(made)
  return made
}

const SILENCE = new Refusal(0, 'network', '')
const keys = () => performed.map((entry) => entry.key)

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T16:00:00Z') })
  disk = new Disk()
  me = ANNA
  answers = []
  performed = []
  refused = []
  held = []
  released = []
  outboxes = []
  boxClock.hear(Date.now())
})

afterEach(() => {
  outboxes.forEach((made) => made.stop())
  vi.useRealTimers()
})

test('an order goes at once and leaves nothing behind', async () => {
  const box = outbox()
  await box.open()
  await box.add(ANNA, [order(1)])
  await vi.advanceTimersByTimeAsync(0)
  expect(performed).toHaveLength(1)
  expect(box.entries).toEqual([])
  expect(disk.things.size).toBe(0)
})

test('without an answer it is sent again with the same key, until there is one', async () => {
  answers = [SILENCE, new Refusal(503, 'queue_full', ''), null]
  const box = outbox()
  await box.open()
  await box.add(ANNA, [order(1)])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(performed).toHaveLength(3)
  expect(new Set(keys()).size).toBe(1)
  expect(box.entries).toEqual([])
})

test('what was not answered outlives the page and goes with its key from the next one', async () => {
  answers = [SILENCE]
  const first = outbox()
  await first.open()
  await first.add(ANNA, [order(1)])
  await vi.advanceTimersByTimeAsync(100)
  first.stop()
  const second = outbox()
  await second.open()
  await second.pump()
  await vi.advanceTimersByTimeAsync(0)
  expect(performed).toHaveLength(2)
  expect(keys()[1]).toBe(keys()[0])
  expect(disk.things.size).toBe(0)
})

test('it is on the disk before it is on the wire', async () => {
  const box = outbox()
  await box.open()
  let release = () => undefined as void
  disk.put = () => new Promise((done) => (release = done))
  void box.add(ANNA, [order(1)])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(performed).toEqual([])
  release()
  await vi.advanceTimersByTimeAsync(0)
  expect(performed).toHaveLength(1)
})

test('a device without room says so and still sends', async () => {
  disk.full = true
  const box = outbox()
  await box.open()
  await box.add(ANNA, [order(1)])
  await vi.advanceTimersByTimeAsync(0)
  expect(performed).toHaveLength(1)
  expect(box.unkept).toBe(true)
})

test('a refusal stays as a choice, also after a reload, and does not hold up the next', async () => {
  answers = [new Refusal(400, 'dish_unavailable', '', { dish: 'Борщ' })]
  const box = outbox()
  await box.open()
  await box.add(ANNA, [order(1)])
  await box.add(ANNA, [order(2)])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(performed).toHaveLength(2)
  expect(refused.map((entry) => entry.refused?.code)).toEqual(['dish_unavailable'])
  box.stop()
  const next = outbox()
  await next.open()
  expect(next.entries.map((entry) => entry.refused?.params)).toEqual([{ dish: 'Борщ' }])
  next.drop(next.entries[0]!)
  expect(disk.things.size).toBe(0)
})

test('one entry that the box chokes on does not hold up the others', async () => {
  answers = [new Refusal(500, 'internal', '')]
  const box = outbox()
  await box.open()
  await Promise.all([box.add(ANNA, [order(1)]), box.add(ANNA, [order(2)])])
  await vi.advanceTimersByTimeAsync(100)
  expect(box.entries).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(box.entries).toEqual([])
})

test('what another waiter left waits for that waiter', async () => {
  answers = [SILENCE]
  const box = outbox()
  await box.open()
  await box.add(ANNA, [order(1)])
  await vi.advanceTimersByTimeAsync(0)
  me = IGOR
  await vi.advanceTimersByTimeAsync(60_000)
  expect(performed).toHaveLength(1)
  me = ANNA
  await box.pump()
  expect(performed).toHaveLength(2)
})

test('an ended sign-in is no refusal', async () => {
  answers = [new Refusal(401, 'token_expired', '')]
  const box = outbox()
  await box.open()
  await box.add(ANNA, [order(1)])
  await vi.advanceTimersByTimeAsync(0)
  expect(refused).toEqual([])
  expect(box.entries).toHaveLength(1)
})

test('older than a shift, it asks a person', async () => {
  answers = [SILENCE]
  const box = outbox()
  await box.open()
  await box.add(ANNA, [order(1)])
  box.stop()
  // The tablet lay in a drawer; the box greets it with the time.
  boxClock.hear(Date.now() + 13 * 3_600_000)
  const next = outbox()
  await next.open()
  await next.pump()
  expect(refused.map((entry) => entry.refused?.code)).toEqual(['too_old'])
})

// F12: a tablet's clock may be hours off, and be put right in the middle of an evening.
describe('the tablet’s clock', () => {
  const HOUR = 3_600_000

  test('set back by two hours, nothing waits for it', async () => {
    answers = [SILENCE]
    const box = outbox()
    await box.open()
    await box.add(ANNA, [order(1)])
    await box.add(ANNA, [serve(1)], UNDO_FOR)
    vi.setSystemTime(Date.now() - 2 * HOUR)
    // The next heartbeat tells the time.
    boxClock.hear(Date.now() + 2 * HOUR)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(box.entries).toEqual([])
    expect(refused).toEqual([])
  })

  test('that was a day behind when the order was made makes no order too old', async () => {
    answers = [SILENCE]
    const box = outbox()
    boxClock.hear(Date.now() + 24 * HOUR)
    await box.open()
    await box.add(ANNA, [order(1)])
    vi.setSystemTime(Date.now() + 24 * HOUR)
    boxClock.hear(Date.now())
    await vi.advanceTimersByTimeAsync(10_000)
    expect(refused).toEqual([])
    expect(performed).toHaveLength(2)
  })

  test('says nothing of age: the box’s does', async () => {
    answers = [SILENCE]
    const box = outbox()
    await box.open()
    await box.add(ANNA, [order(1)])
    // The tablet slept for thirteen hours: its ticks stood still, and nothing goes before the box has told the time.
    const later = Date.now() + 13 * HOUR
    vi.setSystemTime(later)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(performed).toHaveLength(1)
    boxClock.hear(later)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(refused.map((entry) => entry.refused?.code)).toEqual(['too_old'])
  })

  test('set back, it does not change the order in which a later page sends', async () => {
    answers = [SILENCE]
    me = null
    const box = outbox()
    await box.open()
    await box.add(ANNA, [order(1)])
    vi.setSystemTime(Date.now() - HOUR)
    await box.add(ANNA, [serve(1), serve(2)])
    const next = outbox()
    await next.open()
    expect(next.entries.map(({ deed }) => deed.kind)).toEqual(['order', 'serve', 'serve'])
    expect(next.entries.map(({ deed }) => ('itemId' in deed ? deed.itemId : 0))).toEqual([0, 1, 2])
  })
})

describe('held taps', () => {
  // Row 1: a reload inside the five seconds neither loses the tap nor takes it back, and it can still be undone.
  test('outlive a reload, can be undone there, and happen once', async () => {
    const first = outbox()
    await first.open()
    await first.add(ANNA, [serve(1)], UNDO_FOR)
    await first.add(ANNA, [serve(2)], UNDO_FOR)
    await vi.advanceTimersByTimeAsync(1_000)
    first.stop()
    const second = outbox()
    await second.open()
    void second.pump()
    expect(second.entries).toHaveLength(2)
    expect(held.slice(2)).toEqual(held.slice(0, 2))
    second.undo(held[0]!)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(performed.map(({ deed }) => 'itemId' in deed && deed.itemId)).toEqual([2])
    expect(disk.things.size).toBe(0)
  })

  test('are past undoing from the first try on, also for a later page', async () => {
    answers = [SILENCE]
    const box = outbox()
    await box.open()
    await box.add(ANNA, [serve(1)], UNDO_FOR)
    await box.flush()
    expect(released).toEqual(held)
    box.undo(held[0]!)
    expect(box.entries).toHaveLength(1)
    box.stop()
    const next = outbox()
    await next.open()
    next.undo(held[0]!)
    await next.pump()
    expect(performed).toHaveLength(2)
  })

  test('are not sent before their time, then are', async () => {
    const box = outbox()
    await box.open()
    await box.add(ANNA, [serve(1), serve(2)], UNDO_FOR)
    await vi.advanceTimersByTimeAsync(UNDO_FOR - 100)
    expect(performed).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(performed).toHaveLength(2)
  })

  test('undone, they never happen', async () => {
    const box = outbox()
    await box.open()
    await box.add(ANNA, [serve(1), serve(2)], UNDO_FOR)
    box.undo(held[0]!)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(performed).toEqual([])
    expect(disk.things.size).toBe(0)
  })

  test('do not hold up an order, and go at once when the waiter leaves', async () => {
    const box = outbox()
    await box.open()
    await box.add(ANNA, [serve(1)], UNDO_FOR)
    await box.add(ANNA, [order(1)])
    await vi.advanceTimersByTimeAsync(0)
    expect(performed.map(({ deed }) => deed.kind)).toEqual(['order'])
    await box.flush()
    expect(performed.map(({ deed }) => deed.kind)).toEqual(['order', 'serve'])
  })
})
