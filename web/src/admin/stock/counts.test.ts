import { beforeEach, expect, test, vi } from 'vitest'
import type { StockDocumentCreate } from '../../lib/types'
import { Refusal } from '../../lib/http'
import { Counts, draftAt, keepDraft } from './counts.svelte'

const count = (place_id: number): StockDocumentCreate => ({ kind: 'COUNT', state: 'POSTED', place_id, lines: [{ good_id: 1, quantity: 5 }] })

class Box {
  isThere = true
  no: Refusal | null = null
  posted = new Map<string, StockDocumentCreate>()
  tries = 0
  post = (key: string, body: StockDocumentCreate): Promise<void> => {
    this.tries += 1
    if (!this.isThere) return Promise.reject(new Refusal(0, 'network', ''))
    if (this.no) return Promise.reject(this.no)
    this.posted.set(key, body)
    return Promise.resolve()
  }
}

beforeEach(() => {
  const store = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  })
})

test('a count of the cellar is kept on the phone and posted once when the link is there', async () => {
  const box = new Box()
  box.isThere = false
  const counts = new Counts(box.post)
  expect(await counts.add(count(1))).toBe(false)
  expect(await counts.add(count(2))).toBe(false)
  // The phone was switched off meanwhile.
  const later = new Counts(box.post)
  expect(later.waiting.map(({ body }) => body.place_id)).toEqual([1, 2])
  box.isThere = true
  await later.send()
  expect([...box.posted.values()].map(({ place_id }) => place_id)).toEqual([1, 2])
  expect(later.waiting).toEqual([])
  expect(new Counts(box.post).waiting).toEqual([])
})

test('an answer that was lost is asked for under the same key', async () => {
  const box = new Box()
  const counts = new Counts(async (key, body) => {
    await box.post(key, body)
    if (box.tries === 1) throw new Refusal(0, 'network', '')
  })
  expect(await counts.add(count(1))).toBe(false)
  await counts.send()
  expect([box.tries, box.posted.size, counts.waiting.length]).toEqual([2, 1, 0])
})

test('what the box refuses stays, says why, and stands in nobody else’s way', async () => {
  const box = new Box()
  box.no = new Refusal(422, 'invalid', 'a good is gone')
  const counts = new Counts(box.post)
  await counts.add(count(1))
  expect(counts.waiting[0]?.refused).toBe('a good is gone')
  box.no = null
  expect(await counts.add(count(2))).toBe(true)
  await counts.send()
  expect(box.tries).toBe(2)
  await counts.again(counts.waiting[0]!.key)
  expect(counts.waiting).toEqual([])
})

test('what is being written down outlives the page', () => {
  keepDraft(3, { 7: { text: '12,5', at: 1 } })
  expect(draftAt(3)).toEqual({ 7: { text: '12,5', at: 1 } })
  expect(draftAt(4)).toEqual({})
  keepDraft(3, null)
  expect(draftAt(3)).toEqual({})
})
