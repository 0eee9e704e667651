import { expect, test } from 'vitest'
import type { Order, OrderWithItems } from '../lib/types'
import { Bills } from './bills.svelte'

const order = (id: number, version = 1) => ({ id, version }) as Order

// Row 5: the pad knows the lines of all open orders, and asks only for what it does not know.
test('every open order is read once, then only what changed, and what is closed is forgotten', async () => {
  const bills = new Bills()
  let asked: number[] = []
  let version = 1
  const read = async (id: number) => (asked.push(id), { ...order(id, version), items: [] } as unknown as OrderWithItems)
  await bills.sync([order(1), order(2), order(3)], new Set([3]), read)
  expect(asked).toEqual([3, 1, 2])
  asked = []
  await bills.sync([order(1), order(2), order(3)], new Set(), read)
  expect(asked).toEqual([])
  bills.doubt(2)
  version = 2
  await bills.sync([order(1, 2), order(2), order(3)], new Set(), read)
  expect(asked).toEqual([1, 2])
  await bills.sync([order(1, 2)], new Set(), read)
  expect([...bills.all.keys()]).toEqual([1])
})

test('what could not be read is asked for again', async () => {
  const bills = new Bills()
  await expect(bills.sync([order(1)], new Set(), () => Promise.reject(new Error('gone')))).rejects.toThrow()
  await bills.sync([order(1)], new Set(), async (id) => ({ ...order(id), items: [] }) as unknown as OrderWithItems)
  expect([...bills.all.keys()]).toEqual([1])
})
