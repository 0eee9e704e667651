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
