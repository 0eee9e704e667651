import { beforeEach, expect, test, vi } from 'vitest'
import { Refusal } from '../lib/client'
import type { KitchenItem } from '../lib/types'
import { Board } from './board.svelte'
import { at, item } from './fixture'
import { changeBy, type Step, type Way } from './steps'

let box: KitchenItem[]
let asked: [number, number[], Step, Way][]
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
    statuses: () => ['SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY'],
    move: async (orderId, ids, step, way) => {
      asked.push([orderId, ids, step, way])
      if (refuse) throw refuse
      box = box.map((line) => (ids.includes(line.id) ? { ...line, ...changeBy(step, way, at(3)) } : line))
    },
    serve: async (id) => {
      if (refuse) throw refuse
      box = box.map((line) => (line.id === id ? { ...line, status: 'SERVED' } : line))
    },
    onNewLines: (lines) => newLines.push(...lines.map((line) => line.id)),
    onRefused: (line, refusal) => refused.push([line.id, refusal.code]),
    onShutOut: () => (ended += 1),
  })
})

const statuses = () => board.items.map((line) => line.status)
const begun = () => board.items.map((line) => !!line.preparation_started_at)

test('a tap shows at once and stays when the box agrees', async () => {
  await board.load()
  const done = board.move([board.items[0]!], 'READY', 'forth')
  expect(statuses()).toEqual(['READY', 'IN_PREPARATION'])
  await done
  expect(statuses()).toEqual(['READY', 'IN_PREPARATION'])
  expect(asked).toEqual([[1, [1], 'READY', 'forth']])
})

test('a ticket is begun in one request, and begun lines are left out', async () => {
  box[0]!.preparation_started_at = at(1)
  await board.load()
  await board.move(board.items, 'START', 'forth')
  expect(begun()).toEqual([true, true])
  await board.move(board.items, 'START', 'forth')
  expect(asked).toEqual([[1, [2], 'START', 'forth']])
})

test('a refused tap goes back and is told', async () => {
  await board.load()
  refuse = new Refusal(400, 'step_not_allowed', '')
  const done = board.move([board.items[0]!], 'READY', 'forth')
  expect(statuses()[0]).toBe('READY')
  await done
  expect(statuses()).toEqual(['IN_PREPARATION', 'IN_PREPARATION'])
  expect(refused).toEqual([[1, 'step_not_allowed']])
})

test('ready and called back in one breath ends as the last tap says', async () => {
  await board.load()
  const ready = board.move([board.items[0]!], 'READY', 'forth')
  const back = board.move([board.items[0]!], 'READY', 'back')
  expect(statuses()[0]).toBe('IN_PREPARATION')
  await Promise.all([ready, back])
  expect(asked.map(([, , , way]) => way)).toEqual(['forth', 'back'])
  expect(statuses()[0]).toBe('IN_PREPARATION')
})

test('undo takes back step after step, exactly the lines that were meant', async () => {
  await board.load()
  await board.move([board.items[0]!], 'START', 'forth')
  await board.move(board.items, 'READY', 'forth')
  expect(statuses()).toEqual(['READY', 'READY'])
  await board.undo()
  expect(statuses()).toEqual(['IN_PREPARATION', 'IN_PREPARATION'])
  expect(begun()).toEqual([true, false])
  await board.undo()
  expect(begun()).toEqual([false, false])
  expect(board.lastTaken).toBeNull()
  await board.undo()
  expect(asked).toHaveLength(4)
})

test('what is served meanwhile is not taken back', async () => {
  await board.load()
  await board.move(board.items, 'READY', 'forth')
  box = box.map((line) => ({ ...line, status: 'SERVED' }))
  await board.load()
  expect(board.lastTaken).toBeNull()
})

test('a table goes out: what is ready of it is served', async () => {
  box[1]!.status = 'READY'
  await board.load()
  const out = board.serve(board.items)
  expect(statuses()).toEqual(['IN_PREPARATION', 'SERVED'])
  await out
  expect(box.map((line) => line.status)).toEqual(['IN_PREPARATION', 'SERVED'])
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
  await board.move(board.items, 'READY', 'back')
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
    statuses: () => [],
    move: async () => undefined,
    serve: async () => undefined,
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
