import { expect, test } from 'vitest'
import { coalesced } from './refetch'

test('a storm of wishes makes one load more, and the last wish is always served', async () => {
  let loads = 0
  const gates: (() => void)[] = []
  const wish = coalesced(() => {
    loads += 1
    return new Promise<void>((done) => gates.push(done))
  })
  const first = wish()
  for (let i = 0; i < 50; i++) void wish()
  expect(loads).toBe(1)
  gates.shift()!()
  await Promise.resolve()
  await Promise.resolve()
  expect(loads).toBe(2)
  gates.shift()!()
  await first
  expect(loads).toBe(2)
})

test('a failed load does not block the next', async () => {
  let loads = 0
  const wish = coalesced(async () => {
    loads += 1
    if (loads === 1) throw new Error('no answer')
  })
  await expect(wish()).rejects.toThrow('no answer')
  await wish()
  expect(loads).toBe(2)
})
