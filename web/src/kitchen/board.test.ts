import { beforeEach, expect, test, vi } from 'vitest'
import { Refusal } from '../lib/client'
import type { ItemStatus, KitchenItem } from '../lib/types'
import { Board } from './board.svelte'
import { item } from './fixture'

let box: KitchenItem[]
let asked: [number, ItemStatus][]
let refuse: Refusal | null
let newLines: number[]
let refused: [number, string][]
let ended: number
let board: Board

beforeEach(() => {
  box = [item(1, 1), item(2, 1)]
  asked = []
  refuse = null
  newLines = []
  refused = []
  ended = 0
  board = new Board({
    load: async () => box.map((line) => ({ ...line })),
    setStatus: async (id, status) => {
      asked.push([id, status])
      if (refuse) throw refuse
      box = box.map((line) => (line.id === id ? { ...line, status } : line))
    },
    onNewLines: (lines) => newLines.push(...lines.map((line) => line.id)),
    onRefused: (line, refusal) => refused.push([line.id, refusal.code]),
    onShutOut: () => (ended += 1),
  })
})

const statuses = () => board.items.map((line) => line.status)

test('a tap shows at once and stays when the box agrees', async () => {
  await board.load()
  const done = board.setStatus([board.items[0]!], 'READY')
  expect(statuses()).toEqual(['READY', 'IN_PREPARATION'])
  await done
  expect(statuses()).toEqual(['READY', 'IN_PREPARATION'])
  expect(asked).toEqual([[1, 'READY']])
})

test('a refused tap goes back and is told', async () => {
  await board.load()
  refuse = new Refusal(400, 'step_not_allowed', '')
  const done = board.setStatus([board.items[0]!], 'READY')
  expect(statuses()[0]).toBe('READY')
  await done
  expect(statuses()).toEqual(['IN_PREPARATION', 'IN_PREPARATION'])
  expect(refused).toEqual([[1, 'step_not_allowed']])
})

test('ready and called back in one breath ends as the last tap says', async () => {
  await board.load()
  const ready = board.setStatus([board.items[0]!], 'READY')
  const back = board.setStatus([board.items[0]!], 'IN_PREPARATION')
  expect(statuses()[0]).toBe('IN_PREPARATION')
  await Promise.all([ready, back])
  expect(asked.map(([, status]) => status)).toEqual(['READY', 'IN_PREPARATION'])
  expect(statuses()[0]).toBe('IN_PREPARATION')
})

test('a whole ticket asks only for what is still open', async () => {
  box[0]!.status = 'READY'
  await board.load()
  await board.setStatus(board.items, 'READY')
  expect(asked).toEqual([[2, 'READY']])
})

test('new lines are told, of new and of old orders, but not those of the first load nor any twice', async () => {
  await board.load()
  expect(newLines).toEqual([])
  box = [...box, item(7, 5), item(8, 1)]
  await board.load()
  await board.load()
  expect(newLines).toEqual([7, 8])
})

test('an order called back from done is not new', async () => {
  box = [item(1, 1, { status: 'READY' })]
  await board.load()
  await board.setStatus(board.items, 'IN_PREPARATION')
  expect(newLines).toEqual([])
})

test('an ended token is told, other failures load again', async () => {
  vi.useFakeTimers()
  let failures = 0
  const shaky = new Board({
    load: async () => {
      failures += 1
      throw failures < 3 ? new Refusal(0, 'network', '') : new Refusal(401, 'token_expired', '')
    },
    setStatus: async () => undefined,
    onNewLines: () => undefined,
    onRefused: () => undefined,
    onShutOut: () => (ended += 1),
  })
  await shaky.load()
  expect(shaky.loadFailed).toBe(true)
  await vi.advanceTimersByTimeAsync(7000)
  expect(failures).toBe(3)
  expect(ended).toBe(1)
  vi.useRealTimers()
})
