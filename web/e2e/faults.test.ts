// What goes wrong in a real dining room: the box restarts, a dish runs out, a guest has no table.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, openBrowser, openPage, restOfGuestsPage, shot, WALL, type Watched } from './browser'
import { signInAs } from './owner'

let box: Box
let browser: Browser
let admin: Person
let kitchen: Watched
let tables: { id: number; number: number; qr_code: string }[]

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  kitchen = await openPage(browser, box.origin, { viewport: WALL })
  await kitchen.page.goto(`${box.origin}/app/kitchen`)
  await kitchen.page.getByRole('button', { name: 'Войти по паролю' }).click()
  await signInAs(kitchen.page, 'kitchen')
  await kitchen.page.getByText('● на связи').waitFor()
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

async function sitDown(table: { number: number; qr_code: string }): Promise<Watched> {
  const guest = await openPage(browser, box.origin)
  await guest.page.goto(`${box.origin}/menu/${encodeURIComponent(table.qr_code)}`)
  await guest.page.getByText(`Стол ${table.number}`, { exact: true }).waitFor()
  return guest
}

async function choose({ page }: Watched, dish: string): Promise<void> {
  await page.getByLabel('Найти блюдо').fill(dish)
  await page.getByRole('button', { name: `Добавить: ${dish}` }).click()
  await page.getByRole('button', { name: 'Очистить поиск' }).click()
}

test('an order sent while the box is down arrives once, by itself, when the box is back', async () => {
  const table = tables[0]!
  const guest = await sitDown(table)
  await choose(guest, 'Паста карбонара')
  await restOfGuestsPage(guest.page)
  await box.kill()
  await guest.page.getByRole('button', { name: /^Заказ · 1 блюдо/ }).click()
  await guest.page.getByRole('button', { name: /^Заказать ·/ }).click()
  await guest.page.getByText('Ответа пока нет').waitFor()
  await guest.page.getByText(/Нет связи \d+ с/).first().waitFor()
  await kitchen.page.getByText('◐ нет ответа').waitFor()
  await shot(guest.page, 'faults-guest-waiting')

  await guest.page.reload().catch(() => null)
  await box.start()
  await guest.page.goto(`${box.origin}/menu/${encodeURIComponent(table.qr_code)}`)
  await guest.page.getByText('ждёт официанта').waitFor()
  const orders = await admin.get<{ id: number; items: { id: number }[] }[]>(`/orders/active/table/${table.id}`)
  expect(orders).toHaveLength(1)
  expect(orders[0]!.items).toHaveLength(1)

  const waiter = await box.signIn('waiter')
  await waiter.post(`/kitchen/orders/${orders[0]!.id}/send-to-kitchen`, [orders[0]!.items[0]!.id])
  await kitchen.page.getByRole('article', { name: `Стол ${table.number}` }).waitFor()
  await kitchen.page.getByText('● на связи').waitFor()
  expect(guest.complaints).toEqual([])
})

test('the wall says in words that the box is gone, and loses nothing', async () => {
  await box.kill()
  await kitchen.page.getByText(/Нет связи с коробкой \d+ с/).waitFor()
  await shot(kitchen.page, 'faults-kitchen-offline')
  await expectAccessible(kitchen.page, 'kitchen, offline')
  await kitchen.page.getByRole('button', { name: /^Готово:/ }).click()
  await kitchen.page.getByText(/Не отмечено: /).waitFor()
  await box.start()
  await kitchen.page.getByText('● на связи').waitFor()
  expect(await kitchen.page.locator('article').count()).toBe(1)
})

test('a dish that ran out is named, and the rest can be ordered', async () => {
  const guest = await sitDown(tables[1]!)
  await choose(guest, 'Паста карбонара')
  await choose(guest, 'Бефстроганов')
  const { dishes } = await admin.get<{ dishes: { id: number; name: string }[] }>('/dishes/?search=' + encodeURIComponent('Бефстроганов'))
  await admin.patch(`/dishes/${dishes[0]!.id}/availability`, { is_available: false })
  await guest.page.getByText('Закончилось и убрано из заказа: Бефстроганов.').waitFor()
  await guest.page.getByRole('button', { name: /^Заказ · 1/ }).click()
  await guest.page.getByRole('dialog').getByText('Закончилось и убрано из заказа: Бефстроганов.').waitFor()
  await shot(guest.page, 'faults-guest-ran-out')
  await expectAccessible(guest.page, 'basket with a dish that ran out')
  await guest.page.getByRole('button', { name: /^Заказать ·/ }).click()
  await guest.page.getByText('ждёт официанта').waitFor()
  expect(await guest.page.locator('[data-status]').count()).toBe(1)
})

test('without a table, or with a wrong code, the menu is readable and nothing can be ordered', async () => {
  const { page, complaints } = await openPage(browser, box.origin)
  for (const [path, words] of [
    ['/menu', 'наведите камеру на код'],
    ['/menu/no-such-table', 'не действует'],
    ['/menu?table=no-such-table', 'не действует'],
  ]) {
    await page.goto(box.origin + path!)
    await page.getByText(words!).waitFor()
    await page.getByRole('heading', { name: 'Пицца' }).waitFor()
    expect(await page.getByRole('button', { name: /^Добавить/ }).count()).toBe(0)
  }
  expect(complaints).toEqual([])
})

test('a deactivated cook is out at once', async () => {
  const users = await admin.get<{ users: { id: number; username: string }[] }>('/users/?role=kitchen')
  const cook = users.users.find((user) => user.username === 'kitchen')!
  await admin.patch(`/users/${cook.id}`, { is_active: false })
  await kitchen.page.getByRole('heading', { name: 'Кто на кухне?' }).waitFor()
})
