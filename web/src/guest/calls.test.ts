import { beforeEach, expect, test, vi } from 'vitest'
import { Refusal } from '../lib/http'
import type { GuestCall, GuestCallRequest } from '../lib/types'
import { Calls } from './calls.svelte'

let store: Map<string, string>
let heard: GuestCallRequest[]
let answer: Refusal | null
let refused: string[]

beforeEach(() => {
  store = new Map()
  heard = []
  answer = null
  refused = []
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  })
})

const calls = () =>
  new Calls('t1', {
    call: async (request) => {
      if (answer) throw answer
      heard.push(request)
      return { id: heard.length, kind: request.kind } as GuestCall
    },
    takeBack: async () => {
      if (answer) throw answer
    },
    onRefused: (refusal) => refused.push(refusal.code),
  })

test('a call is open once the box has heard it, and can be taken back', async () => {
  const table = calls()
  await table.ask({ kind: 'waiter' })
  expect(table.opened('waiter')?.id).toBe(1)
  expect(table.isWaiting('waiter')).toBe(false)
  await table.takeBack('waiter')
  expect(table.opened('waiter')).toBeUndefined()
})

test('without an answer it waits, over a reload too, and is made when the link is back', async () => {
  answer = new Refusal(0, 'network', '')
  await calls().ask({ kind: 'bill', payment_method_id: 1 })
  const reloaded = calls()
  expect(reloaded.isWaiting('bill')).toBe(true)
  // The guest changes his mind meanwhile: one call of a kind.
  await reloaded.ask({ kind: 'bill', payment_method_id: 2 })
  answer = null
  await reloaded.pump()
  expect(heard).toEqual([{ kind: 'bill', payment_method_id: 2 }])
  expect(calls().isWaiting('bill')).toBe(false)
})

test('what was taken back or refused is not made', async () => {
  const table = calls()
  answer = new Refusal(0, 'network', '')
  await table.ask({ kind: 'waiter' })
  await table.takeBack('waiter')
  answer = new Refusal(400, 'nothing_to_pay', '')
  await table.ask({ kind: 'bill' })
  expect(refused).toEqual(['nothing_to_pay'])
  answer = null
  await table.pump()
  expect(heard).toEqual([])
})

test('an old call is dropped: its guests have stood up', async () => {
  vi.useFakeTimers()
  answer = new Refusal(0, 'network', '')
  await calls().ask({ kind: 'waiter' })
  vi.advanceTimersByTime(11 * 60_000)
  answer = null
  const later = calls()
  await later.pump()
  expect(heard).toEqual([])
  expect(later.isWaiting('waiter')).toBe(false)
  vi.useRealTimers()
})

// A phone whose clock is years off, and is put right between two pages: the box's time decides (ADR 48).
test.each([
  ['years behind', '2019-01-01T00:00:00Z'],
  ['years ahead', '2033-01-01T00:00:00Z'],
])('with a phone’s clock %s a call is made once the box tells the time, and dropped when it is old', async (_, wrong) => {
  const EVENING = Date.parse('2026-03-01T19:00:00Z')
  const nextPage = async () => {
    vi.resetModules()
    const { boxClock } = await import('../lib/box-clock')
    const { Calls: Fresh } = await import('./calls.svelte')
    const { Refusal: No } = await import('../lib/http')
    const table = new Fresh('t1', {
      call: async (request) => {
        if (answer) throw new No(answer.status, answer.code, '')
        heard.push(request)
        return { id: heard.length, kind: request.kind } as GuestCall
      },
      takeBack: async () => undefined,
      onRefused: (refusal) => refused.push(refusal.code),
    })
    return { boxClock, table }
  }
  vi.useFakeTimers({ now: Date.parse(wrong) })
  const first = await nextPage()
  first.boxClock.hear(EVENING)
  answer = new Refusal(0, 'network', '')
  await first.table.ask({ kind: 'waiter' })
  answer = null

  vi.setSystemTime(EVENING + 60_000)
  const soon = await nextPage()
  await soon.table.pump()
  expect(heard).toEqual([])
  soon.boxClock.hear(EVENING + 60_000)
  await soon.table.pump()
  expect(heard).toEqual([{ kind: 'waiter' }])

  answer = new Refusal(0, 'network', '')
  await soon.table.ask({ kind: 'bill' })
  answer = null
  vi.setSystemTime(Date.parse(wrong))
  const later = await nextPage()
  later.boxClock.hear(EVENING + 20 * 60_000)
  await later.table.pump()
  expect(heard).toEqual([{ kind: 'waiter' }])
  expect(later.table.isWaiting('bill')).toBe(false)
  vi.useRealTimers()
})
