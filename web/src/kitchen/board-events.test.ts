// The wall is kept true by events: as the box has it, whatever happens, and with few requests.

import { beforeEach, expect, test, vi } from 'vitest'
import { TestBox } from '../lib/box.fixture'
import { chance, happen, type Chance } from '../lib/evening.fixture'
import type { ItemStatus, KitchenItem } from '../lib/types'
import { Board } from './board.svelte'
import { tablesOf, ticketsOf } from './tickets'

const OPEN: ItemStatus[] = ['HELD', 'SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY']

let real: TestBox
let asked: number
let wait: Chance
let rung: number[]

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
const settle = () => vi.advanceTimersByTimeAsync(5_000)

/** A wall, or the pass. Events arrive in their order, each a little late. */
async function wall(statuses = OPEN) {
  const board: Board = new Board({
    load: async () => {
      asked += 1
      await pause(wait(30))
      const lines = real.listLines(statuses)
      await pause(wait(60))
      return lines
    },
    statuses: () => statuses,
    move: async (orderId, ids, step) => {
      const order = real.open.find(({ id }) => id === orderId)!
      for (const item of order.items.filter(({ id }) => ids.includes(id))) real.step(order, item, step === 'READY' ? 'READY' : 'IN_PREPARATION', real.at)
    },
    serve: async () => undefined,
    onNewLines: (lines) => rung.push(...lines.map(({ id }) => id)),
    onRefused: () => undefined,
    onShutOut: () => undefined,
  })
  board.link = 'live'
  void board.load()
  let told = real.seq
  await settle()
  asked = 0
  return {
    board,
    deliver(most = Infinity): void {
      for (; told < real.seq && most > 0; most -= 1) {
        const { event, audience } = real.log[told]!
        told += 1
        if (audience !== 'till') board.hear(structuredClone(event))
      }
    },
  }
}

const sorted = (items: KitchenItem[]): KitchenItem[] => [...items].sort((a, b) => a.id - b.id)

function expectTrue(board: Board, statuses: ItemStatus[]): void {
  const fresh = real.listLines(statuses)
  expect(sorted(board.items)).toEqual(sorted(fresh))
  expect(ticketsOf(board.items, null)).toEqual(ticketsOf(fresh, null))
  expect(tablesOf(board.items)).toEqual(tablesOf(fresh))
}

beforeEach(() => {
  vi.useFakeTimers()
  real = new TestBox(4)
  asked = 0
  wait = () => 0
  rung = []
})

const evenings = Array.from({ length: 100 }, (_, seed) => seed + 1)
test.each(evenings)('whatever happens, the wall is as a fresh look would show it: evening %i', async (seed) => {
  const below = chance(seed)
  for (let i = 0; i < 5; i += 1) happen(real, below)
  const statuses: ItemStatus[] = seed % 2 === 0 ? OPEN : [...OPEN, 'SERVED']
  const { board, deliver } = await wall(statuses)
  wait = chance(seed + 1000)
  for (let round = 0; round < 12; round += 1) {
    for (let i = below(12); i >= 0; i -= 1) {
      happen(real, below)
      if (below(2) === 0) deliver(below(6))
      if (below(2) === 0) await vi.advanceTimersByTimeAsync(below(120))
      if (below(20) === 0) void board.load()
    }
    deliver()
    await settle()
    expectTrue(board, statuses)
  }
  board.stop()
})

test('orders of dishes on the menu, and the steps of their lines, cost no request; each new line rings once', async () => {
  const { board, deliver } = await wall()
  for (let table = 1; table <= 4; table += 1) {
    real.later(1_000)
    real.place(table, table % 3, [{ dish: real.dishes[0]!, size: 1 }, { dish: real.dishes[1]!, size: 2 }])
    const order = real.open[0]!
    if (order.waiter_id === 0) real.confirm(order, 1, true)
    deliver()
    for (const item of order.items) {
      real.step(order, item, 'IN_PREPARATION', real.at)
      real.step(order, item, 'READY')
    }
    real.step(order, order.items[0]!, 'SERVED')
    deliver()
    await settle()
  }
  expect(asked).toBe(0)
  expect(rung.length).toBe(8)
  expectTrue(board, OPEN)
})

test('nor does a dish that is not on the menu: the event says whether it has one size', async () => {
  const { board, deliver } = await wall()
  for (let table = 1; table <= 4; table += 1) {
    real.later(1_000)
    real.place(table, 1, [{ dish: real.dishes[2]!, size: 4 }])
    deliver()
    await settle()
  }
  expect(asked).toBe(0)
  expectTrue(board, OPEN)
})

test('a tap here costs its own request alone, and stays until the box has told of it', async () => {
  real.place(1, 1, [{ dish: real.dishes[0]!, size: 1 }])
  const { board, deliver } = await wall()
  void board.move(board.items, 'READY', 'forth')
  await vi.advanceTimersByTimeAsync(300)
  expect(board.items[0]!.status).toBe('READY')
  deliver()
  await settle()
  expect(asked).toBe(0)
  expectTrue(board, OPEN)
})

test('a tap of which nothing is heard is looked up', async () => {
  real.place(1, 1, [{ dish: real.dishes[0]!, size: 1 }])
  const { board } = await wall()
  void board.move(board.items, 'READY', 'forth')
  await settle()
  expect(asked).toBe(1)
  expectTrue(board, OPEN)
})
