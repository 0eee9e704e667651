import { beforeEach, expect, test, vi } from 'vitest'
import { Refusal } from '../lib/http'
import type { GuestOrder, GuestOrderRequest } from '../lib/types'
import { Basket } from './basket.svelte'
import { menu } from '../lib/menu.fixture'

const order = { id: 7, items: [] } as unknown as GuestOrder
const soup = { dishId: 1, variationId: 10, name: 'Борщ', quantity: 1, comment: '' }
let store: Map<string, string>

beforeEach(() => {
  store = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  })
})

/** A box that gives these answers one after the other, and writes down what it was asked. */
function boxThat(...answers: (GuestOrder | Refusal)[]) {
  const asked: { key: string; body: GuestOrderRequest }[] = []
  const place = async (key: string, body: GuestOrderRequest) => {
    asked.push({ key, body })
    const answer = answers.shift()!
    if (answer instanceof Refusal) throw answer
    return answer
  }
  return { asked, place }
}

test('the same dish with the same wish is one line', () => {
  const basket = new Basket('t1')
  basket.add(soup)
  basket.add({ ...soup, quantity: 2, comment: '  ' })
  basket.add({ ...soup, comment: 'без лука' })
  expect(basket.lines.map((line) => line.quantity)).toEqual([3, 1])
  expect(basket.count).toBe(4)
  basket.setQuantity(basket.lines[0]!, 99)
  expect(basket.lines[0]!.quantity).toBe(50)
  basket.setQuantity(basket.lines[0]!, 0)
  expect(basket.lines).toHaveLength(1)
})

test('a reload loses nothing, and another table has its own basket', () => {
  new Basket('t1').add(soup)
  expect(new Basket('t1').lines).toEqual([soup])
  expect(new Basket('t2').lines).toEqual([])
})

test('without an answer the order keeps its key, over a reload too, and the basket stands still', async () => {
  const basket = new Basket('t1')
  basket.add(soup)
  const box = boxThat(new Refusal(0, 'network', ''), new Refusal(503, 'queue_full', ''), order)
  expect(await basket.send(box.place)).toBeNull()
  expect(basket.locked).toBe(true)
  basket.add(soup)
  expect(basket.count).toBe(1)
  expect(await basket.send(box.place)).toBeNull()

  const reloaded = new Basket('t1')
  expect(reloaded.mayResend).toBe(true)
  expect(await reloaded.send(box.place)).toBe(order)
  expect(new Set(box.asked.map((call) => call.key)).size).toBe(1)
  expect(box.asked[2]!.body).toEqual(box.asked[0]!.body)
  expect(reloaded.lines).toEqual([])
  expect(new Basket('t1').pending).toBeNull()
})

test('a refusal frees the basket, and the next try has a new key', async () => {
  const basket = new Basket('t1')
  basket.add(soup)
  const box = boxThat(new Refusal(400, 'dish_unavailable', ''), order)
  await basket.send(box.place)
  expect(basket.refusal?.code).toBe('dish_unavailable')
  expect(basket.locked).toBe(false)
  expect(basket.count).toBe(1)
  await basket.send(box.place)
  expect(box.asked[0]!.key).not.toBe(box.asked[1]!.key)
})

test('two taps send one request', async () => {
  const basket = new Basket('t1')
  basket.add(soup)
  const box = boxThat(order)
  await Promise.all([basket.send(box.place), basket.send(box.place)])
  expect(box.asked).toHaveLength(1)
})

test('takes out what has run out, and says so until the guest has read it', () => {
  const basket = new Basket('t1')
  basket.add(soup)
  basket.add({ dishId: 9, variationId: 90, name: 'Суп', quantity: 1, comment: '' })
  expect(basket.removeGone(menu)).toEqual(['Суп'])
  expect(basket.removeGone(menu)).toEqual([])
  expect(basket.lines.map((line) => line.dishId)).toEqual([1])
  const reloaded = new Basket('t1')
  expect(reloaded.gone).toEqual(['Суп'])
  reloaded.seenGone()
  expect(new Basket('t1').gone).toEqual([])
})

test('an order on its way is not touched when something runs out', async () => {
  const basket = new Basket('t1')
  basket.add({ dishId: 9, variationId: 90, name: 'Суп', quantity: 1, comment: '' })
  await basket.send(boxThat(new Refusal(0, 'network', '')).place)
  expect(basket.removeGone(menu)).toEqual([])
  expect(basket.count).toBe(1)
})

test('an order of an earlier visit is not sent unasked, and old choices are forgotten', async () => {
  vi.useFakeTimers()
  const basket = new Basket('t1')
  basket.add(soup)
  await basket.send(boxThat(new Refusal(0, 'network', '')).place)
  vi.advanceTimersByTime(6 * 60_000)
  expect(new Basket('t1').mayResend).toBe(false)
  expect(new Basket('t1').locked).toBe(true)
  vi.advanceTimersByTime(7 * 3600_000)
  expect(new Basket('t1').lines).toEqual([])
  vi.useRealTimers()
})

test('rubbish in the store is an empty basket', () => {
  store.set('qres.basket.t1', '{"at":"x","lines":[{}]}')
  expect(new Basket('t1').lines).toEqual([])
  store.set('qres.basket.t1', 'not json')
  expect(new Basket('t1').lines).toEqual([])
})
