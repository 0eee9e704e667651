// One evening in three browsers at once, each on its own screen: a guest orders by the code of the table, the waiter
// confirms, the kitchen cooks, the waiter serves and takes the payment, and everybody watches the others.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, forgetTones, openBrowser, openPage, PHONE, shot, tones, WALL, type Watched } from './browser'
import { pane, signIn } from './pad'

interface Table {
  id: number
  number: number
  qr_code: string
  is_occupied: boolean
}

interface Order {
  id: number
  waiter_name: string
  items: { id: number; dish_name: string; status: string; quantity: number; variation_name: string | null }[]
}

let box: Box
let browser: Browser
/** looks at the box's books beside what the screens say; does nothing */
let admin: Person
let table: Table
let guest: Watched
let waiter: Watched
let kitchen: Watched

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  const { tables } = await admin.get<{ tables: Table[] }>('/tables/')
  table = tables.find((t) => !t.is_occupied)!
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const order = async (): Promise<Order> => (await admin.get<Order[]>(`/orders/active/table/${table.id}`))[0]!
const plate = (state: string) => waiter.page.getByRole('main').getByRole('button', { name: new RegExp(`^Стол ${table.number}(?!\\d).*${state}`) })
const ticket = () => kitchen.page.getByRole('article', { name: `Стол ${table.number}`, exact: true })
const lines = (page: Page, status: string) => page.locator(`[data-status="${status}"]`)

test('three people open their screens', async () => {
  kitchen = await openPage(browser, box.origin, { viewport: WALL })
  await kitchen.page.goto(`${box.origin}/app/kitchen`)
  await kitchen.page.getByRole('button', { name: 'Георгий Кахидзе' }).click()
  for (const digit of '1004') await kitchen.page.getByRole('button', { name: digit, exact: true }).click()
  await kitchen.page.getByRole('button', { name: 'Войти', exact: true }).click()
  await kitchen.page.getByText('Заказов нет').waitFor()
  await kitchen.page.getByText('● на связи').waitFor()

  waiter = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  await plate('свободен').waitFor()

  guest = await openPage(browser, box.origin, { viewport: PHONE, hasTouch: true, isMobile: true })
  await guest.page.goto(`${box.origin}/menu/${encodeURIComponent(table.qr_code)}`)
  await guest.page.getByText(`Стол ${table.number}`).waitFor()
})

test('the guest orders two dishes, one of them in a chosen size, and reloads on the way', async () => {
  const { page } = guest
  await page.getByRole('button', { name: /^Маргарита/ }).click()
  await page.getByRole('radio', { name: /35 см/ }).check()
  await page.getByLabel('Пожелание к блюду').fill('без базилика')
  await page.getByRole('button', { name: /^Добавить ·/ }).click()
  await page.getByLabel('Найти блюдо').fill('карбонара')
  await page.getByRole('button', { name: /^Добавить: Паста карбонара/ }).click()

  await page.reload()
  await page.getByRole('button', { name: /^Заказ · 2 блюда/ }).click()
  await page.getByRole('button', { name: /^Заказать ·/ }).click()
  await expect.poll(() => lines(page, 'NEW').count()).toBe(2)
  await page.getByText('ждёт официанта').first().waitFor()

  const { items } = await order()
  expect(items.map((item) => item.dish_name).sort()).toEqual(['Маргарита', 'Паста карбонара'])
  expect(items.find((item) => item.dish_name === 'Маргарита')!.variation_name).toBe('35 см')
})

test('the waiter sees and hears it, the kitchen has nothing yet; confirmed, it hangs on the wall at once', async () => {
  await plate('принять').waitFor()
  await expect.poll(() => tones(waiter.page)).toEqual([660, 880])
  expect(await ticket().count()).toBe(0)
  await plate('принять').click()
  await shot(waiter.page, 'journey-waiter-confirms')
  await waiter.page.getByRole('button', { name: 'Принять заказ гостя · 2' }).click()
  await ticket().waitFor()
  await ticket().getByText('без базилика').waitFor()
  await expect.poll(() => lines(guest.page, 'NEW').count()).toBe(0)
  await guest.page.getByText('готовится').first().waitFor()
  expect((await order()).waiter_name).toBe('Анна Соколова')
  await shot(kitchen.page, 'journey-kitchen-new')
  await expectAccessible(kitchen.page, 'kitchen board')
})

test('the cook begins, and the waiter can change it no more by himself', async () => {
  await pane(waiter.page, table.number).getByText('в очереди на кухне').first().waitFor()
  await ticket().getByRole('button', { name: 'Начать', exact: true }).click()
  await ticket().getByText('готовится').first().waitFor()
  await expect.poll(() => pane(waiter.page, table.number).getByText('в очереди на кухне').count()).toBe(0)
  expect(await pane(waiter.page, table.number).getByRole('button', { name: /^Изменить:/ }).count()).toBe(0)
})

test('the cook taps one line, calls it back, and finishes the ticket; guest and waiter follow', async () => {
  await ticket().getByRole('button', { name: /^Готово: .*карбонара/ }).click()
  await lines(guest.page, 'READY').first().waitFor()
  await ticket().getByRole('button', { name: /^Вернуть в работу: .*карбонара/ }).click()
  await expect.poll(() => lines(guest.page, 'READY').count()).toBe(0)

  await waiter.page.keyboard.press('Escape')
  await forgetTones(waiter.page)
  await kitchen.page.keyboard.press('1')
  await expect.poll(() => ticket().count()).toBe(0)
  await expect.poll(() => lines(guest.page, 'READY').count()).toBe(2)
  await guest.page.getByText('готово, сейчас принесут').first().waitFor()
  await plate('подать').waitFor()
  await expect.poll(() => tones(waiter.page)).toEqual([660, 880])
  await shot(kitchen.page, 'journey-kitchen-done')
  await shot(guest.page, 'journey-guest-ready')
})

test('a finished ticket can be called back from the tray', async () => {
  const { page } = kitchen
  const inTray = page.getByRole('contentinfo').getByRole('button', { name: `Стол ${table.number}` })
  await inTray.click()
  await ticket().waitFor()
  await page.getByRole('button', { name: /Всё готово/ }).click()
  await inTray.waitFor()
})

test('the waiter sees what is ready and serves it; the guest reads it, and the wall and tray are empty', async () => {
  const { page } = waiter
  const strip = page.getByRole('region', { name: 'Готово, можно подавать' })
  const entry = strip.getByRole('button', { name: new RegExp(`Стол ${table.number}`) })
  await strip.getByRole('button', { name: /новое/ }).waitFor()
  await shot(page, 'journey-waiter-ready')
  await entry.click()
  await expect.poll(() => strip.getByRole('button', { name: /новое/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Подано всё · 2' }).click()
  await expect.poll(() => entry.count()).toBe(0)
  await expect.poll(() => lines(guest.page, 'SERVED').count()).toBe(2)
  await guest.page.getByText('подано').first().waitFor()
  await expect.poll(() => kitchen.page.getByRole('contentinfo').getByRole('button').count()).toBe(0)
  await shot(guest.page, 'journey-guest-served')
})

test('the guest asks for the bill by card, the waiter takes it: the table is free, the guest is thanked', async () => {
  await forgetTones(waiter.page)
  const service = guest.page.getByRole('region', { name: /^Ваш заказ/ })
  await service.getByRole('button', { name: 'Счёт, пожалуйста' }).click()
  await service.getByRole('button', { name: 'Карта' }).click()
  const { page } = waiter
  await page.getByRole('region', { name: 'Гости зовут' }).getByRole('button', { name: /счёт/ }).click()
  await pane(page, table.number).getByText('Гости просят счёт: Карта').waitFor()
  await expect.poll(() => tones(page)).toEqual([660, 880])
  await shot(page, 'journey-waiter-bill')
  await pane(page, table.number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await page.getByRole('radio', { name: 'Карта' }).check()
  await page.getByRole('button', { name: /^Принять .* Карта$/ }).click()
  await plate('свободен').waitFor()
  expect((await admin.get<Table>(`/tables/${table.id}`)).is_occupied).toBe(false)

  await guest.page.getByRole('heading', { name: 'Спасибо, что были у нас' }).waitFor()
  await guest.page.getByText('Счёт закрыт. Вот что вы взяли:').waitFor()
  await guest.page.getByText('Паста карбонара').first().waitFor()
  await shot(guest.page, 'journey-guest-paid')
  await expectAccessible(guest.page, 'guest, after the visit')
})

test('no page called another host or failed', () => {
  expect([...guest.complaints, ...waiter.complaints, ...kitchen.complaints]).toEqual([])
})
