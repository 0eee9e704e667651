// The bill on a guest's phone and their part of it, from the wish to the check; lines dragged, a note, and the story that
// the owner reads of it afterwards.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'
import { signInAs } from './owner'
import { openTable, pane, signIn } from './pad'

interface Bill {
  version: number
  total: string
  checks: { id: number; number: number; note: string | null; guests: number; version: number; total: string; lines: { item_id: number; quantity: number }[] }[]
  wishes: { total: string }[]
}

const PAD = { width: 768, height: 1024 }
const TABLE = 14

let box: Box
let browser: Browser
let admin: Person
let anna: Watched
let tables: { id: number; number: number; qr_code: string }[]
let orderId: number

const billOf = (id: number): Promise<Bill> => admin.get(`/orders/${id}/checks`)
const plain = (text: string): string => text.replace(/[\s\u00a0\u202f]+/g, ' ')
const sheet = (page: Page) => page.getByRole('dialog')

/** The same moment in every size and light. */
async function everySize(page: Page, name: string, back: { width: number; height: number }): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const viewport of [TABLET, PAD, PHONE]) {
      await page.setViewportSize(viewport)
      await shot(page, `${name}-${viewport.width}-${colorScheme}`)
      await expectAccessible(page, `${name}, ${viewport.width}, ${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(back)
}

async function order(number: number, dishes: [string, number][]): Promise<number> {
  interface Dish {
    id: number
    name: string
    variations: { id: number }[]
  }
  const { categories } = await box.call<{ categories: { dishes: Dish[] }[] }>('GET', '/dishes/menu', null)
  const all = categories.flatMap((category) => category.dishes)
  const items = dishes.map(([name, quantity]) => {
    const dish = all.find((one) => one.name === name)!
    return { dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity }
  })
  const table_id = tables.find((one) => one.number === number)!.id
  const { id } = await admin.post<{ id: number }>('/orders/', { table_id, order_type: 'DINE_IN', items })
  return id
}

async function sitDown(number: number, locale: string): Promise<Watched> {
  const guest = await openPage(browser, box.origin, { viewport: PHONE, hasTouch: true, isMobile: true, locale })
  await guest.page.goto(`${box.origin}/menu/${encodeURIComponent(tables.find((one) => one.number === number)!.qr_code)}`)
  await guest.page.locator('[data-status]').first().waitFor()
  return guest
}

async function openBill(page: Page, number: number): Promise<void> {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await openTable(page, number)
  await pane(page, number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await page.getByRole('button', { name: /^Принять .* · / }).waitFor()
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  orderId = await order(TABLE, [['Борщ', 1], ['Паста карбонара', 1], ['Хумус из печёной тыквы', 2]])
  anna = await signIn(browser, box.origin, 'Анна Соколова', '1003')
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a guest reads the bill, reckons their part and asks for it; the waiter splits it off in one tap', async () => {
  const { page, complaints } = await sitDown(TABLE, 'ru-RU')
  const { version, checks } = await billOf(orderId)
  await admin.post(`/checks/${checks[0]!.id}/adjustments`, { kind: 'percent', value: '10', reason: 'День рождения', version: checks[0]!.version })
  expect(version).toBeGreaterThan(0)

  await page.getByRole('button', { name: 'Посмотреть счёт' }).click()
  const paper = sheet(page).getByRole('region', { name: 'Счёт', exact: true })
  await paper.getByText('Скидка 10 %').waitFor()
  expect(await paper.innerText()).not.toContain('День рождения')
  await everySize(page, 'guest-bill', PHONE)

  await paper.getByRole('button', { name: 'Моя часть' }).click()
  await page.getByRole('checkbox', { name: /Борщ/ }).check()
  await page.getByRole('checkbox', { name: /Хумус/ }).check()
  // One of two plates, shared with a friend.
  await page.getByRole('group', { name: /^Порций: Хумус/ }).getByRole('button', { name: 'Меньше' }).click()
  await page.getByRole('group', { name: /^На скольких делили: Хумус/ }).getByRole('button', { name: 'Больше' }).click()
  await page.getByText('моё: ½').waitFor()
  const ask = page.getByRole('button', { name: 'Попросить счёт на мою часть' })
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>('footer button.main')?.disabled)
  await everySize(page, 'guest-part', PHONE)
  await ask.click()
  await page.getByText(/^Официант знает: с вас/).waitFor()
  await shot(page, 'guest-part-asked')
  await expectAccessible(page, 'guest, part asked')
  const [wish] = (await billOf(orderId)).wishes
  expect(plain(await page.getByText(/^Официант знает: с вас/).innerText())).toContain(String(Number(wish!.total)).replace('.', ','))

  // A second phone of the table, in English, shares equally.
  const friend = await sitDown(TABLE, 'en-GB')
  await friend.page.getByRole('button', { name: 'See the bill' }).click()
  await friend.page.getByRole('button', { name: 'My part' }).click()
  await friend.page.getByRole('button', { name: 'Equal parts', exact: true }).click()
  await friend.page.waitForFunction(() => !document.querySelector<HTMLButtonElement>('footer button.main')?.disabled)
  await shot(friend.page, 'guest-part-equal-en')
  await expectAccessible(friend.page, 'guest, equal parts, en')
  await friend.page.getByRole('button', { name: 'Back to the bill' }).click()
  await shot(friend.page, 'guest-bill-en')
  await expectAccessible(friend.page, 'guest, bill, en')

  // The waiter sees it with the call, and on the bill.
  const pad = anna.page
  await openTable(pad, TABLE)
  await pane(pad, TABLE).getByText(/^Своя часть:/).waitFor()
  await shot(pad, 'waiter-call-part')
  await openBill(pad, TABLE)
  await pad.getByRole('region', { name: 'Гости хотят заплатить отдельно' }).waitFor()
  await everySize(pad, 'bill-wish', TABLET)
  await pad.getByRole('button', { name: /^Отделить/ }).click()
  await pad.getByRole('region', { name: 'Счёт 2', exact: true }).waitFor()
  const split = await billOf(orderId)
  expect(split.checks[1]!.total).toBe(wish!.total)
  expect(split.wishes).toEqual([])

  // The phones follow by themselves: which check is which.
  await sheet(page).getByRole('region', { name: 'Счёт 2', exact: true }).waitFor()
  expect(await page.getByText(/^Официант знает/).count()).toBe(0)
  await everySize(page, 'guest-bill-split', PHONE)
  // Cash for the part; the paper turns green on the phone.
  await pad.getByRole('button', { name: /^Принять .* · / }).click()
  await sheet(page).getByRole('region', { name: 'Счёт 2', exact: true }).getByText('оплачен', { exact: true }).waitFor()
  await shot(page, 'guest-bill-paid')
  expect([...complaints, ...friend.complaints]).toEqual([])
  await page.context().close()
  await friend.page.context().close()
})

test('a line is dragged to another check, with a mouse and with a finger; a tap stays a tap', async () => {
  const id = await order(10, [['Борщ', 1], ['Хумус из печёной тыквы', 2]])
  const { page } = anna
  await openBill(page, 10)
  await page.getByRole('button', { name: 'Блюда', exact: true }).click()
  const column = (number: number) => page.getByRole('region', { name: `Счёт ${number}`, exact: true })
  const middle = async (of: ReturnType<Page['locator']>) => {
    const at = (await of.boundingBox())!
    return { x: at.x + at.width / 2, y: at.y + at.height / 2 }
  }
  const from = await middle(column(1).getByRole('button', { name: /Хумус.* на счёт 2$/ }))
  const to = await middle(column(2))
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 40, from.y + 4, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 8 })
  await everyLight(page, 'bill-drag')
  await page.mouse.up()
  // Both plates at once, and the click after it moved nothing.
  await column(2).getByRole('button', { name: /^2\s*Хумус/ }).waitFor()

  // Escape leaves it where it was.
  const soup = await middle(column(1).getByRole('button', { name: /Борщ.* на счёт/ }))
  await page.mouse.move(soup.x, soup.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 6 })
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await column(1).getByRole('button', { name: /Борщ.* на счёт/ }).waitFor()

  // A finger: it holds, then moves; one that moves at once scrolls and takes nothing.
  const touch = await page.context().newCDPSession(page)
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [at] : [] })
  const plates = await middle(column(2).getByRole('button', { name: /Хумус.* на счёт/ }))
  const home = await middle(column(1))
  await send('touchStart', plates)
  await send('touchMove', { x: plates.x - 30, y: plates.y - 60 })
  await send('touchMove', home)
  await send('touchEnd')
  await column(2).getByRole('button', { name: /Хумус.* на счёт/ }).waitFor()
  await send('touchStart', plates)
  await page.locator('.hand').waitFor()
  await send('touchMove', { x: plates.x - 30, y: plates.y })
  await send('touchMove', home)
  await send('touchEnd')
  await column(1).getByRole('button', { name: /^2\s*Хумус/ }).waitFor()
  // A tap: one plate.
  await column(1).getByRole('button', { name: /Хумус.* на счёт 2$/ }).click()
  await column(2).getByRole('button', { name: /^1\s*Хумус/ }).waitFor()
  await page.getByRole('button', { name: 'Разделить на 2 счёта' }).click()
  await page.getByRole('button', { name: 'Соединить' }).waitFor()
  expect((await billOf(id)).checks.map(({ lines }) => lines.length)).toEqual([2, 1])
})

async function everyLight(page: Page, name: string): Promise<void> {
  await shot(page, name)
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}

test('guests and a note stand on the paper', async () => {
  const { page } = anna
  const id = await order(4, [['Борщ', 2]])
  await openBill(page, 4)
  await page.getByRole('button', { name: 'Гости и заметка' }).click()
  const guests = page.getByRole('group', { name: 'Сколько гостей' })
  await guests.getByRole('button', { name: 'Больше' }).click()
  await guests.getByRole('button', { name: 'Больше' }).click()
  await page.getByLabel('Заметка к счёту').fill('Чек на фирму')
  await shot(page, 'bill-about')
  await expectAccessible(page, 'bill, guests and a note')
  await page.getByRole('button', { name: 'Записать' }).click()
  await page.getByText('2 гостя · Чек на фирму').waitFor()
  await sheet(page).waitFor({ state: 'detached' })
  await everySize(page, 'bill-note', TABLET)
  expect((await billOf(id)).checks[0]).toMatchObject({ guests: 2, note: 'Чек на фирму' })
})

test('the owner reads the story of the checks in words, in both languages', async () => {
  const [, second] = (await billOf(orderId)).checks
  expect(second!.number).toBe(2)
  const first = (await billOf(orderId)).checks[0]!
  const methods = await admin.get<{ payment_methods: { id: number; kind: string }[] }>('/payment-methods/')
  const cash = methods.payment_methods.find(({ kind }) => kind === 'CASH')!.id
  await admin.post(`/checks/${first.id}/payments`, {
    method_id: cash,
    amount: first.total,
    tendered: '5000.00',
    tip: '50.00',
    expected_due: first.total,
  })
  const { number } = await admin.get<{ number: number }>(`/orders/${orderId}`)
  const owner = await openPage(browser, box.origin, { viewport: LAPTOP })
  const { page } = owner
  await page.goto(`${box.origin}/app/admin/orders`)
  await signInAs(page, 'admin')
  await page.getByRole('row').filter({ has: page.getByText(`Заказ ${number}`, { exact: true }) }).first().getByRole('cell').nth(2).click()
  const story = page.getByRole('region', { name: 'История' })
  await story.getByText(/скидка 10 %/i).waitFor()
  await story.getByText(/^Счёт 1: оплачено/).waitFor()
  await story.getByText(/чаевые 50/).waitFor()
  await page.getByRole('region', { name: 'Счета' }).waitFor()
  await everySize(page, 'admin-check', LAPTOP)
  await story.scrollIntoViewIfNeeded()
  await story.getByText(/^Счёт 1: оплачено/).scrollIntoViewIfNeeded()
  await shot(page, 'admin-check-story')
  await page.evaluate(() => (document.querySelector('button[lang]') as HTMLElement | null)?.click())
  await page.getByRole('region', { name: 'History' }).getByText(/^Check 1: .*paid/).waitFor()
  await page.getByRole('region', { name: 'History' }).getByText(/^Check 1: .*paid/).scrollIntoViewIfNeeded()
  await shot(page, 'admin-check-story-en')
  await expectAccessible(page, 'admin, story, en')
})
