// A table with a name, and how many sit at it: seated with two taps, ordered, cooked, served and paid; the same name on
// the guest's phone, the kitchen's wall and the owner's pages, at every width.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, openBrowser, openPage, shot, WALL, type Watched } from './browser'
import { openSection } from './owner'
import { choose, signIn } from './pad'
import { signInAs } from './owner'

interface Table {
  id: number
  name: string
  qr_code: string
  guests: number | null
}

const WIDTHS = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
]

let box: Box
let browser: Browser
let admin: Person
let tables: Table[]
let pad: Watched
let kitchen: Watched

const table = (name: string): Table => tables.find((one) => one.name === name)!
const plate = (name: string) => pad.page.getByRole('main').getByRole('button', { name: new RegExp(`^${name}`) }).first()
const pane = (name: string) => pad.page.getByRole('region', { name, exact: true })

async function everywhere(page: Page, name: string, other: () => Promise<unknown>): Promise<void> {
  const before = page.viewportSize()!
  for (const language of ['ru', 'en']) {
    for (const viewport of WIDTHS) {
      await page.setViewportSize(viewport)
      await shot(page, `tables-${name}-${viewport.width}-${language}`)
      await expectAccessible(page, `${name}, ${viewport.width}, ${language}`)
    }
    await other()
  }
  await page.setViewportSize(before)
}

const otherLanguage = (page: Page) => () =>
  page.evaluate(() => document.querySelector<HTMLElement>('header button[lang], button[lang]')?.click())

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: Table[] }>('/tables/')).tables
  kitchen = await openPage(browser, box.origin, { viewport: WALL })
  await kitchen.page.goto(`${box.origin}/app/kitchen`)
  await kitchen.page.getByRole('button', { name: 'Войти по паролю' }).click()
  await signInAs(kitchen.page, 'kitchen')
  await kitchen.page.getByText('● на связи').waitFor()
  pad = await signIn(browser, box.origin, 'Анна Соколова', '1003')
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a table is found by what is typed, on either layout', async () => {
  const { page } = pad
  await page.getByRole('button', { name: 'Найти стол' }).click()
  const field = page.getByRole('searchbox', { name: 'Найти стол' })
  await field.fill('мшз')
  await plate('VIP').waitFor()
  await field.fill('1')
  await expect.poll(() => page.locator('button.plate b').first().innerText()).toContain('1')
  await shot(page, 'tables-find')
  await field.fill('нет такого')
  await page.getByText('Стола «нет такого» нет.').waitFor()
  await field.fill('vip')
  await field.press('Enter')
  await pane('VIP').waitFor()
})

test('guests are seated and counted with two taps', async () => {
  const { page } = pad
  await page.getByRole('button', { name: 'К столам' }).click()
  // The table, and the number.
  await page.getByRole('button', { name: 'Бар', exact: true }).click()
  await plate('VIP').click()
  await everywhere(page, 'waiter-free', otherLanguage(page))
  await pane('VIP').getByRole('button', { name: '4 гостя' }).click()
  await pane('VIP').getByRole('button', { name: '4 гостя' }).waitFor()
  await expect.poll(async () => (await admin.get<Table>(`/tables/${table('VIP').id}`)).guests).toBe(4)
  await expect.poll(() => plate('VIP').innerText()).toContain('4 гостя')
})

test('its order carries name and guests to the kitchen and the phone', async () => {
  const { page } = pad
  await pane('VIP').getByRole('button', { name: 'Добавить' }).click()
  await choose(page, 'лобиани', /^Добавить: Лобиани/)
  await page.getByRole('button', { name: /^Отправить на кухню/ }).click()
  const ticket = kitchen.page.getByRole('article', { name: 'VIP', exact: true })
  await ticket.getByText('4 гостя').waitFor()
  // They are five after all.
  await pane('VIP').getByRole('button', { name: '4 гостя' }).click()
  await everywhere(page, 'waiter-counting', otherLanguage(page))
  await pane('VIP').getByRole('group', { name: 'Сколько гостей?' }).getByRole('button', { name: '5 гостей' }).click()
  await ticket.getByText('5 гостей').waitFor()
  await kitchen.page.getByRole('button', { name: /Выпечка|Все/ }).first().waitFor()

  const guest = await openPage(browser, box.origin)
  await guest.page.goto(`${box.origin}/menu/${table('VIP').qr_code}`)
  await guest.page.getByText('VIP', { exact: true }).waitFor()
  await shot(guest.page, 'tables-guest')
  expect(guest.complaints).toEqual([])
  await guest.page.context().close()
})

test('the kitchen reads a long name at every size', async () => {
  const waiter = await box.signIn('waiter')
  await admin.patch(`/tables/${table('Бар 1').id}`, { name: 'Терраса 12' })
  await admin.patch(`/tables/${table('Бар 2').id}`, { name: 'A12' })
  await admin.patch(`/tables/${table('Бар 3').id}`, { name: 'Большой стол' })
  const { orders } = await admin.get<{ orders: { id: number }[] }>('/orders/?limit=1')
  const { items } = await admin.get<{ items: { dish_id: number }[] }>(`/orders/${orders[0]!.id}`)
  for (const name of ['Бар 1', 'Бар 2', 'Бар 3'])
    await waiter.post('/orders', { table_id: table(name).id, guests: 12, items: [{ dish_id: items[0]!.dish_id, quantity: 2 }] })
  const { page } = kitchen
  for (const name of ['Терраса 12', 'Стол A12', 'Большой стол']) await page.getByRole('article', { name, exact: true }).waitFor()
  for (const head of await page.locator('article header .table').all()) {
    const isWhole = await head.evaluate((one) => {
      const room = one.parentElement!.getBoundingClientRect().height
      return one.scrollWidth <= one.clientWidth + 1 && one.getBoundingClientRect().height <= room
    })
    expect(isWhole, await head.innerText()).toBe(true)
  }
  await shot(page, 'tables-kitchen-1920')
  for (const viewport of WIDTHS) {
    await page.setViewportSize(viewport)
    await shot(page, `tables-kitchen-${viewport.width}`)
    await expectAccessible(page, `kitchen, ${viewport.width}`)
  }
  await page.setViewportSize(WALL)
})

test('served and paid, the reports know what a guest spent', async () => {
  const { orders } = await admin.get<{ orders: { id: number; table_name: string; total_price: string; guests: number }[] }>('/orders/?status=PENDING&limit=100')
  const order = orders.find((one) => one.table_name === 'VIP')!
  expect(order.guests).toBe(5)
  const { page } = pad
  await pane('VIP').getByRole('button', { name: 'Счёт', exact: true }).click()
  await page.getByRole('region', { name: 'VIP: оплата' }).waitFor()
  await page.getByRole('radio', { name: 'Наличные' }).check()
  await page.getByRole('button', { name: /^Принять .* · / }).click()
  await expect.poll(async () => (await admin.get<{ payment_status: string }>(`/orders/${order.id}`)).payment_status).toBe('PAID')
  const report = await admin.get<{ columns: { key: string }[]; total: { values: unknown[] } }>('/reports/days')
  const at = (key: string) => report.total.values[report.columns.findIndex((column) => column.key === key)]
  expect(at('covers')).toBe(5)
  expect(pad.complaints).toEqual([])
  expect(kitchen.complaints).toEqual([])
})

test('the owner names tables, many at once', async () => {
  const { page, complaints } = await openSection(browser, box, 'rooms', { viewport: WIDTHS[2]! })
  await page.getByRole('tab', { name: 'Бар' }).or(page.getByRole('button', { name: 'Бар', exact: true })).first().click()
  await page.getByRole('button', { name: 'Добавить столы' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Первый стол').fill('Б9')
  await sheet.getByLabel('Сколько').fill('3')
  await sheet.getByRole('button', { name: 'Добавить', exact: true }).click()
  await page.getByRole('button', { name: /^Стол Б10,/ }).waitFor()
  await everywhere(page, 'admin-rooms', otherLanguage(page))
  expect((await admin.get<{ tables: Table[] }>('/tables/')).tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['Б9', 'Б10', 'Б11']))
  for (const section of ['orders', 'reports', 'today']) {
    await page.goto(`${box.origin}/app/admin/${section}`)
    await page.waitForTimeout(500)
    await everywhere(page, `admin-${section}`, otherLanguage(page))
  }
  expect(complaints).toEqual([])
})
