import { afterEach, expect, test, vi } from 'vitest'
import { box } from '../guest/box'
import { Refusal } from './http'
import { en } from './i18n/en'
import { ru } from './i18n/ru'
import { sentenceFor } from './refusal'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const answer = (status: number, body: unknown) =>
  vi.fn(async (_request: Request) => new Response(JSON.stringify(body), { status }))

async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  return call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: unknown) => error as Refusal,
  )
}

test('an order carries token, key and body', async () => {
  const fetch = answer(201, { id: 7 })
  vi.stubGlobal('fetch', fetch)
  const body = { items: [{ dish_id: 1, dish_variation_id: 2, quantity: 3, comment: null }] }
  expect(await box.order('g_1', 'key-12345', body)).toEqual({ id: 7 })
  const [request] = fetch.mock.calls[0]!
  expect(new URL(request.url).pathname).toBe('/guest/orders')
  expect(request.headers.get('Authorization')).toBe('Bearer g_1')
  expect(request.headers.get('Idempotency-Key')).toBe('key-12345')
  expect(await request.json()).toEqual(body)
})

test('a refusal is told by its code, in both languages, with the name of the dish', async () => {
  vi.stubGlobal('fetch', answer(400, { code: 'dish_unavailable', detail: 'Gone.', params: { dish: 'Борщ' } }))
  const refusal = await refusalOf(box.menu())
  expect(refusal.isOpen).toBe(false)
  expect(sentenceFor(refusal, ru)).toBe('Этого блюда больше нет: Борщ.')
  expect(sentenceFor(refusal, en)).toBe('Sold out: Борщ.')
})

test('an unknown code falls back to the sentence of the box', async () => {
  vi.stubGlobal('fetch', answer(409, { code: 'moon_is_full', detail: 'The moon is full.' }))
  expect(sentenceFor(await refusalOf(box.menu()), ru)).toBe('The moon is full.')
})

test.each([
  [400, false],
  [401, false],
  [422, false],
  [429, true],
  [500, true],
  [503, true],
  [507, true],
])('%i leaves the matter open: %s', async (status, open) => {
  vi.stubGlobal('fetch', answer(status, {}))
  expect((await refusalOf(box.menu())).isOpen).toBe(open)
})

test('no answer, no JSON and no end are open matters', async () => {
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('failed')))
  expect(await refusalOf(box.menu())).toMatchObject({ status: 0, code: 'network', isOpen: true })

  vi.stubGlobal('fetch', vi.fn().mockResolvedValue(new Response('<html>', { status: 200 })))
  expect((await refusalOf(box.menu())).isOpen).toBe(true)

  vi.useFakeTimers()
  vi.stubGlobal('fetch', (_request: Request, init: RequestInit) =>
    new Promise((_, reject) => init.signal!.addEventListener('abort', () => reject(new Error('aborted')))),
  )
  const hanging = refusalOf(box.menu())
  await vi.advanceTimersByTimeAsync(8000)
  expect((await hanging).code).toBe('network')
})
