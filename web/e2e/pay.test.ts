// Guests pay on their phones while the waiter takes cash; what comes too late goes back; a terminal that stands apart.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, expectAccessible, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'
import { FakeShop } from './fake-shop'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

const TABLE = 14
const SIZES = [TABLET, { width: 768, height: 1024 }, PHONE]

let box: Box
let shop: FakeShop
let browser: Browser
let admin: Person
let anna: Watched
let tables: { id: number; number: number; qr_code: string }[]
let providerId: number

const sheet = (page: Page) => page.getByRole('dialog')

async function order(number: number): Promise<number> {
  const { categories } = await box.call<{ categories: { dishes: { id: number; name: string; variations: { id: number }[] }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories.flatMap((category) => category.dishes).find(({ name }) => name === 'Борщ')!
  const items = [{ dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity: 4 }]
  const table_id = tables.find((one) => one.number === number)!.id
  return (await admin.post<{ id: number }>('/orders/', { table_id, order_type: 'DINE_IN', items })).id
}

interface Check {
  state: string
  total: string
  paid: string
  due: string
  tips: string
}

const checkOf = (orderId: number) => admin.get<Check>(`/checks/${orderId * 100 + 1}`)

async function until(orderId: number, is: (check: Check) => boolean): Promise<Check> {
  for (const end = Date.now() + 15_000; ; ) {
    const check = await checkOf(orderId)
    if (is(check)) return check
    if (Date.now() > end) throw new Error(`the check stays ${JSON.stringify(check)}`)
    await new Promise((done) => setTimeout(done, 100))
  }
}

async function sitDown(number: number, locale: string): Promise<Watched> {
  const guest = await openPage(browser, box.origin, { viewport: PHONE, hasTouch: true, isMobile: true, locale })
  await guest.page.goto(`${box.origin}/menu/${encodeURIComponent(tables.find((one) => one.number === number)!.qr_code)}`)
  await guest.page.locator('[data-status]').first().waitFor()
  return guest
}

async function openBill(number: number): Promise<void> {
  await anna.page.keyboard.press('Escape')
  await openTable(anna.page, number)
  await pane(anna.page, number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await anna.page.getByRole('button', { name: /^Принять .* · / }).waitFor()
}

beforeAll(async () => {
  ;[box, shop] = await Promise.all([Box.demo(), FakeShop.open()])
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
})

afterAll(async () => {
  await browser?.close()
  shop?.close()
  await box?.close()
})

test('the owner connects a shop, and tests it', async () => {
  await admin.post('/payment-methods', { name: 'Онлайн', kind: 'TRANSFER' })
  const { page, complaints } = await openSection(browser, box, 'pay')
  await page.getByRole('button', { name: 'Подключить' }).first().click()
  await page.getByLabel('Название').fill('ЮKassa')
  await page.getByLabel('Способ оплаты').selectOption({ label: 'Онлайн' })
  await page.getByLabel('shopId').fill('100500')
  await page.getByLabel('Секретный ключ').fill('test_secret')
  await page.getByLabel('Адрес сервера').fill(shop.address)
  await everySize(page, 'admin-pay-form', SIZES)
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('принимает', { exact: true }).waitFor()
  await page.getByRole('button', { name: /ЮKassa/ }).last().click()
  await page.getByRole('menuitem', { name: 'Проверить связь' }).or(page.getByRole('button', { name: 'Проверить связь' })).click()
  await page.getByText('ЮKassa: отвечает, ключ принят').waitFor()
  await everySize(page, 'admin-pay', SIZES)
  const { providers } = await admin.get<{ providers: { id: number; has_secret: boolean }[] }>('/pay/providers')
  expect(providers).toHaveLength(1)
  expect(providers[0]!.has_secret).toBe(true)
  expect(JSON.stringify(providers)).not.toContain('test_secret')
  providerId = providers[0]!.id
  expect(complaints).toEqual([])
  await page.close()
})

test('a guest pays half by phone while the waiter takes the rest in cash', async () => {
  const orderId = await order(TABLE)
  anna = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const guest = await sitDown(TABLE, 'ru-RU')
  const { page } = guest
  await page.getByRole('button', { name: 'Посмотреть счёт' }).click()
  await page.getByRole('button', { name: 'Оплатить с телефона' }).click()
  await page.getByRole('radio', { name: 'Поровну', exact: true }).check()
  await page.getByRole('radio', { name: '10 %', exact: true }).check()
  await everySize(page, 'guest-pay', SIZES)
  await page.setViewportSize(PHONE)
  await page.getByRole('button', { name: /^Оплатить / }).click()
  await page.getByRole('link', { name: 'Открыть оплату' }).waitFor()
  await everySize(page, 'guest-pay-link', SIZES)
  await page.setViewportSize(PHONE)
  const { attempts } = await admin.get<{ attempts: { amount: string; tip: string; by_guest: boolean }[] }>('/pay/attempts')
  const [half] = attempts
  expect(half!.by_guest).toBe(true)

  // What the phone pays is spoken for on the pad within a second: the waiter takes what is left.
  await openBill(TABLE)
  const { total, due } = await checkOf(orderId)
  expect(Number(due)).toBeCloseTo(Number(total) / 2)
  await shot(anna.page, 'waiter-pay-pending')
  await anna.page.getByRole('radio', { name: 'Наличные', exact: true }).check()
  await anna.page.getByRole('button', { name: /^Принять .* · / }).click()
  await until(orderId, (check) => check.due === '0.00')
  shop.pay((Number(half!.amount) + Number(half!.tip)).toFixed(2))
  const paid = await until(orderId, (check) => check.state !== 'OPEN')
  expect(paid.paid).toBe(paid.total)
  expect(paid.tips).toBe(half!.tip)
  await page.getByText(/^Оплачено .* Спасибо/).waitFor()
  await shot(page, 'guest-pay-paid')
  await expectAccessible(page, 'guest, paid')
  expect(guest.complaints).toEqual([])
})

test('the waiter shows a QR code, the guest changes their mind, and late money goes back with one tap', async () => {
  const number = TABLE - 1
  const orderId = await order(number)
  await openBill(number)
  await anna.page.getByRole('radio', { name: 'Онлайн', exact: true }).check()
  await anna.page.getByRole('button', { name: /^Принять .* · Онлайн/ }).click()
  await sheet(anna.page).getByRole('img', { name: 'Покажите гостю QR-код' }).waitFor()
  await everySize(anna.page, 'waiter-wire', SIZES)
  await anna.page.setViewportSize(TABLET)
  await sheet(anna.page).getByRole('button', { name: 'Заплатят иначе' }).click()
  await sheet(anna.page).getByText(/больше не ждём/).waitFor()
  await sheet(anna.page).getByRole('button', { name: 'Готово' }).click()
  const { due } = await until(orderId, (check) => check.due === check.total)
  const method = (await admin.get<{ payment_methods: { id: number; kind: string }[] }>('/payment-methods')).payment_methods.find(({ kind }) => kind === 'CASH')!
  await admin.post(`/checks/${orderId * 100 + 1}/payments`, { method_id: method.id, amount: due, expected_due: due })
  // The guest had the link still, and pays it.
  shop.pay(due)
  const owner = await openSection(browser, box, 'pay')
  await owner.page.getByRole('button', { name: 'Вернуть', exact: true }).waitFor()
  await everySize(owner.page, 'admin-pay-late', SIZES)
  await owner.page.getByRole('button', { name: 'Вернуть', exact: true }).click()
  await owner.page.getByText('Всё в порядке').waitFor()
  expect(shop.refunds.map(({ amount }) => amount.value)).toEqual([due])
  await owner.page.getByRole('tab', { name: 'Платежи' }).or(owner.page.getByRole('button', { name: 'Платежи' })).first().click()
  await owner.page.getByText('оплачено', { exact: true }).first().waitFor()
  await everySize(owner.page, 'admin-pay-attempts', SIZES)
  expect(owner.complaints).toEqual([])
})

test('without an uplink the way says so and cannot be taken, in both languages', async () => {
  const number = TABLE - 2
  await order(number)
  // What was seen of the provider is forgotten with a change of it.
  shop.isAway = true
  await admin.patch(`/pay/providers/${providerId}`, { is_active: true })
  const begun = Date.now()
  const guest = await sitDown(number, 'en-GB')
  await guest.page.getByRole('button', { name: 'See the bill' }).click()
  await guest.page.getByRole('button', { name: 'Pay on your phone' }).click()
  await guest.page.getByText(/the restaurant has no internet/).waitFor()
  expect(Date.now() - begun).toBeLessThan(10_000)
  await shot(guest.page, 'guest-pay-away-en')
  await expectAccessible(guest.page, 'guest, no uplink')
  shop.isAway = false
})

test('a terminal that stands apart: the sum is shown, and the number of its slip is kept', async () => {
  const methods = (await admin.get<{ payment_methods: { id: number; name: string; kind: string }[] }>('/payment-methods')).payment_methods
  const card = methods.find(({ kind }) => kind === 'CARD')!
  await admin.post('/pay/providers', { name: 'Терминал', kind: 'TERMINAL', method_id: card.id })
  const number = TABLE - 3
  const orderId = await order(number)
  await openBill(number)
  await anna.page.getByRole('radio', { name: card.name, exact: true }).check()
  await anna.page.getByRole('button', { name: /^Принять / }).click()
  await sheet(anna.page).getByText('Наберите на терминале').waitFor()
  await everySize(anna.page, 'waiter-terminal', SIZES)
  await anna.page.setViewportSize(TABLET)
  await sheet(anna.page).getByLabel('Номер чека терминала').fill('0042')
  await sheet(anna.page).getByRole('button', { name: 'Оплата прошла' }).click()
  await sheet(anna.page).getByText(/^Оплачено/).waitFor()
  const { state } = await until(orderId, (check) => check.due === '0.00')
  expect(['PAID', 'CLOSED']).toContain(state)
  const { attempts } = await admin.get<{ attempts: { slip: string | null }[] }>('/pay/attempts')
  expect(attempts[0]!.slip).toBe('0042')
  expect(anna.complaints).toEqual([])
})
