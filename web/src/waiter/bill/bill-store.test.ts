// The bill follows the box: what fails leaves nothing behind, and money asks again before another sum.

import { beforeEach, expect, test, vi } from 'vitest'
import { Refusal } from '../../lib/http'
import type { Check, OrderChecks } from '../../lib/types'
import { BillStore } from './bill-store.svelte'
import { aCheck } from './check.fixture'

let now: OrderChecks
const keys: string[] = []
const box = {
  ofOrder: vi.fn(async () => now),
  split: vi.fn(async (_: string, _key: string, _id: number, _body: unknown): Promise<OrderChecks> => now),
  unsplit: vi.fn(async (_: string, _key: string, _id: number, _body: unknown): Promise<OrderChecks> => now),
  pay: vi.fn(async (_: string, key: string, _id: number, _body: unknown, _approval?: number): Promise<unknown> => {
    keys.push(key)
    return { id: 9, amount: '100.00', change: '0.00', tip: '0.00', state: 'TAKEN', check: now.checks[0] }
  }),
}
vi.mock('./calls', () => ({ checks: new Proxy({}, { get: (_, name) => box[name as keyof typeof box] }) }))

const word = vi.fn(async (): Promise<number | null> => null)
const bill = () => new BillStore('token', 5, 2, async () => undefined, word)
const PAY = { method_id: 1, amount: '100.00', expected_due: '100.00' }
const set = (...checks: Check[]) => (now = { order_id: 5, version: 7, total: '', paid: '', due: '', tips: '', wishes: [], checks })

beforeEach(() => {
  set(aCheck(1))
  keys.length = 0
  vi.clearAllMocks()
})

test('a split that is refused changes nothing here, and the refusal stands', async () => {
  const store = bill()
  await store.load()
  box.split.mockRejectedValueOnce(new Refusal(400, 'one_part', ''))
  expect(await store.split({ by: 'parts', parts: 2 })).toBe(false)
  expect(store.checks).toEqual([aCheck(1)])
  expect(store.refusal?.code).toBe('one_part')
})

test('a split names the check and the version that was seen, a join that of all', async () => {
  const store = bill()
  set(aCheck(1, { version: 3 }), aCheck(2, { state: 'PAID', due: '0.00' }), aCheck(3))
  await store.load()
  await store.split({ by: 'parts', parts: 2 })
  expect(box.split.mock.calls[0]?.[3]).toEqual({ by: 'parts', parts: 2, check_id: 1, version: 3 })
  await store.join()
  expect(box.unsplit.mock.calls[0]?.[3]).toEqual({ version: 7, check_ids: [1, 3] })
})

test('a lost answer keeps its key; a second tap takes nothing twice', async () => {
  const store = bill()
  await store.load()
  const lost = async (_: string, key: string) => (keys.push(key), Promise.reject(new Refusal(0, 'network', '')))
  box.pay.mockImplementationOnce(lost)
  expect(await store.pay(aCheck(1), PAY, 'Cash')).toBe(false)
  expect(store.refusal?.isOpen).toBe(true)
  expect(await store.pay(aCheck(1), PAY, 'Cash')).toBe(true)
  expect(new Set(keys).size).toBe(1)
})

test('a sum that changed elsewhere is told, and taken only when somebody has read it', async () => {
  const store = bill()
  await store.load()
  expect(store.changedFrom).toBeNull()
  set(aCheck(1, { total: '150.00', due: '150.00' }))
  box.pay.mockRejectedValueOnce(new Refusal(409, 'bill_changed', ''))
  expect(await store.pay(aCheck(1), PAY, 'Cash')).toBe(false)
  expect(store.changedFrom).toBe(10_000)
  expect(store.refusal).toBeNull()
  store.agree()
  expect(store.changedFrom).toBeNull()
})

test('what was done here is no surprise here', async () => {
  const store = bill()
  await store.load()
  set(aCheck(1, { paid: '40.00', due: '60.00' }))
  await store.pay(aCheck(1), { ...PAY, amount: '40.00' }, 'Cash')
  expect(store.changedFrom).toBeNull()
  expect(store.taken?.method).toBe('Cash')
  store.goOn()
  expect(store.taken).toBeNull()
  expect(store.shown?.due).toBe('60.00')
})

test('what needs somebody’s word is done with it, under a new key; without it nothing is', async () => {
  const store = bill()
  await store.load()
  const needed = async (_: string, key: string) => (keys.push(key), Promise.reject(new Refusal(403, 'approval_needed', '')))
  box.pay.mockImplementationOnce(needed)
  expect(await store.pay(aCheck(1), PAY, 'Cash')).toBe(false)
  expect(store.refusal?.code).toBe('approval_needed')

  box.pay.mockImplementationOnce(needed)
  word.mockResolvedValueOnce(5)
  expect(await store.pay(aCheck(1), PAY, 'Cash')).toBe(true)
  expect(box.pay.mock.lastCall?.at(4)).toBe(5)
  expect(new Set(keys).size).toBe(3)
})
