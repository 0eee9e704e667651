import { beforeEach, expect, test, vi } from 'vitest'
import { boxClock } from '../lib/box-clock'
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
  boxClock.hear(Date.now())
  const basket = new Basket('t1')
  basket.add(soup)
  await basket.send(boxThat(new Refusal(0, 'network', '')).place)
  vi.advanceTimersByTime(6 * 60_000)
  expect(new Basket('t1').mayResend).toBe(false)
  expect(new Basket('t1').locked).toBe(true)
  vi.advanceTimersByTime(7 * 3600_000)
  const later = new Basket('t1')
  later.hearTime()
  expect(later.lines).toEqual([])
  expect(new Basket('t1').lines).toEqual([])
  vi.useRealTimers()
})

/** The page is loaded anew: it knows what lies on the phone, and not what time it is. */
async function nextPage() {
  vi.resetModules()
  const { boxClock: clock } = await import('../lib/box-clock')
  const page = await import('./basket.svelte')
  return { clock, basket: new page.Basket('t1') }
}

// A phone that was off, or whose owner is at play with its date: screens trust the box's time (ADR 48).
test.each([
  ['years behind', '2019-01-01T00:00:00Z'],
  ['years ahead', '2033-01-01T00:00:00Z'],
])('a phone’s clock that was %s and is put right changes no age', async (_, wrong) => {
  const EVENING = Date.parse('2026-03-01T19:00:00Z')
  vi.useFakeTimers({ now: Date.parse(wrong) })
  const first = await nextPage()
  first.clock.hear(EVENING)
  first.basket.add(soup)
  await first.basket.send(boxThat(new Refusal(0, 'network', '')).place)

  vi.setSystemTime(EVENING + 60_000)
  const soon = await nextPage()
  expect(soon.basket.count).toBe(1)
  expect(soon.basket.mayResend).toBe(false)
  soon.clock.hear(EVENING + 60_000)
  soon.basket.hearTime()
  expect(soon.basket.count).toBe(1)
  expect(soon.basket.mayResend).toBe(true)

  // Again wrong, and in truth the next day.
  vi.setSystemTime(Date.parse(wrong))
  const tomorrow = await nextPage()
  tomorrow.clock.hear(EVENING + 20 * 3600_000)
  tomorrow.basket.hearTime()
  expect(tomorrow.basket.lines).toEqual([])
  expect(tomorrow.basket.mayResend).toBe(false)
  expect(tomorrow.basket.locked).toBe(true)
  vi.useRealTimers()
})

test('what was chosen before the box told the time is dated when it does', async () => {
  const EVENING = Date.parse('2026-03-01T19:00:00Z')
  vi.useFakeTimers({ now: 0 })
  const first = await nextPage()
  first.basket.add(soup)
  // Not even then: the page goes before the box has said a word.
  const second = await nextPage()
  second.clock.hear(EVENING)
  second.basket.hearTime()
  expect(second.basket.count).toBe(1)
  second.basket.add(soup)
  const third = await nextPage()
  third.clock.hear(EVENING + 7 * 3600_000)
  third.basket.hearTime()
  expect(third.basket.count).toBe(0)
  vi.useRealTimers()
})

test('rubbish in the store is an empty basket', () => {
  store.set('qres.basket.t1', '{"madeAt":"x","lines":[{}]}')
  expect(new Basket('t1').lines).toEqual([])
  store.set('qres.basket.t1', 'not json')
  expect(new Basket('t1').lines).toEqual([])
})
