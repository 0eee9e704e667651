// Whose a dish is: said on the pad by a tap, a key and a drag, changed on the bill's line, and the bill split by it.

import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, openBrowser, PHONE, TABLET, type Watched } from './browser'
import { choose, openTable, pane, signIn } from './pad'

const PAD = { width: 768, height: 1024 }

let box: Box
let browser: Browser
let admin: Person
let anna: Watched
let pad: Page
/** a free table of four chairs */
let TABLE: number
let tableId: number

interface Line {
  id: number
  dish_name: string
  seat?: number | null
  quantity: number
}
const lines = async (): Promise<Line[]> => (await admin.get<{ items: Line[] }[]>(`/orders/active/table/${tableId}`)).flatMap(({ items }) => items)
const seats = () => pad.getByRole('group', { name: 'Место для следующих блюд' })
const seat = (name: string) => seats().getByRole('button', { name })

/** Takes a line with the mouse and lets it go on a chip. */
async function drag(line: Locator, onto: string) {
  const dish = line.locator('.what')
  await dish.hover()
  const { x, y } = (await dish.boundingBox())!
  await pad.mouse.down()
  await pad.mouse.move(x + 30, y + 30, { steps: 4 })
  const goal = (await pad.getByRole('group', { name: 'Перенесите блюдо сюда' }).getByRole('button', { name: onto, exact: true }).boundingBox())!
  await pad.mouse.move(goal.x + goal.width / 2, goal.y + goal.height / 2, { steps: 4 })
  await pad.mouse.up()
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  const { tables } = await admin.get<{ tables: { id: number; number: number; name: string; seats: number; is_occupied: boolean }[] }>('/tables/')
  const free = tables.find((table) => !table.is_occupied && table.seats === 4 && table.name === `${table.number}`)!
  ;[TABLE, tableId] = [free.number, free.id]
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a waiter says whose a dish is by a tap, a key and a drag', async () => {
  anna = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  pad = anna.page
  await openTable(pad, TABLE)
  await pane(pad, TABLE).getByRole('button', { name: 'Добавить', exact: true }).click()
  expect(await seats().count()).toBe(0)
  await pad.getByRole('button', { name: 'Место…' }).click()
  expect(await seats().getByRole('button').count()).toBe(5)
  await seat('Место 1').click()
  await choose(pad, 'харчо', /^Добавить: Харчо/)
  await pad.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await pad.keyboard.press('Shift+2')
  expect(await seat('Место 2').getAttribute('aria-pressed')).toBe('true')
  await choose(pad, 'харчо', /^Добавить: Харчо/)
  await pad.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await pad.keyboard.press('Shift+0')
  await choose(pad, 'квас', /^Добавить: Ржаной квас/)
  const draft = pane(pad, TABLE).getByRole('listitem')
  expect(await draft.filter({ hasText: 'Харчо' }).count()).toBe(2)
  await draft.filter({ hasText: 'Место 2' }).waitFor()
  await everySize(pad, 'seats-draft', [TABLET, PAD, PHONE])

  // The drink is put on a guest's seat: taken with the mouse, let go on the chip.
  await drag(pane(pad, TABLE).getByRole('listitem').last(), 'Место 3')
  await draft.filter({ hasText: 'Место 3' }).waitFor()

  await pane(pad, TABLE).getByRole('button', { name: /^Отправить на кухню/ }).click()
  await expect.poll(async () => (await lines()).map((line) => line.seat)).toEqual([1, 2, 3])
})

test('a line that was sent is given to another guest, and a long press is one more of it', async () => {
  const sent = pane(pad, TABLE).getByRole('listitem').filter({ hasText: 'Место 3' })
  await sent.waitFor()
  await sent.getByRole('button', { name: /^Изменить/ }).click()
  await pad.getByRole('dialog').getByRole('group', { name: 'Место', exact: true }).getByRole('button', { name: 'Место 4' }).click()
  await everySize(pad, 'seats-line', [TABLET, PAD, PHONE])
  await pad.getByRole('dialog').getByRole('button', { name: /^Готово/ }).click()
  await expect.poll(async () => (await lines()).map((line) => line.seat)).toEqual([1, 2, 4])

  // By dragging too, also what the kitchen has made, and by keys in its sheet.
  const soup = pane(pad, TABLE).getByRole('listitem').filter({ hasText: 'Место 2' })
  const { id } = (await lines()).find(({ seat }) => seat === 2)!
  await (await box.signIn('kitchen')).patch(`/kitchen/items/${id}/status`, { status: 'READY' })
  await soup.getByRole('button', { name: /^Подано: / }).waitFor()
  await drag(soup, 'Место 3')
  await expect.poll(async () => (await lines()).map((line) => line.seat)).toEqual([1, 3, 4])
  await pane(pad, TABLE).getByRole('listitem').filter({ hasText: 'Место 3' }).getByRole('button', { name: /^Изменить/ }).press('Enter')
  const sheet = pad.getByRole('dialog')
  expect(await sheet.getByText('Сколько', { exact: true }).count()).toBe(0)
  await sheet.getByRole('group', { name: 'Место', exact: true }).getByRole('button', { name: 'Место 2' }).press('Enter')
  await everySize(pad, 'seats-made', [TABLET, PAD, PHONE])
  await sheet.getByRole('button', { name: /^Готово/ }).press('Enter')
  await expect.poll(async () => (await lines()).map((line) => line.seat)).toEqual([1, 2, 4])

  await pane(pad, TABLE).getByRole('listitem').filter({ hasText: 'Место 1' }).locator('.what').click({ delay: 700 })
  const again = pane(pad, TABLE).getByRole('button', { name: /^Отправить на кухню · 1/ })
  await again.click()
  await expect.poll(async () => (await lines()).map((line) => line.seat)).toEqual([1, 2, 4, 1])
})

test('the bill is split by seats', async () => {
  await pane(pad, TABLE).getByRole('button', { name: 'Счёт', exact: true }).click()
  await pad.getByRole('button', { name: 'Места', exact: true }).click()
  await pad.getByRole('region', { name: 'Место 4', exact: true }).getByText('Ржаной квас').waitFor()
  await everySize(pad, 'seats-split', [TABLET, PAD, PHONE])
  await pad.getByRole('button', { name: 'Разделить на 3 счёта' }).click()
  await pad.getByRole('region', { name: 'Счёт 3', exact: true }).first().waitFor()
  expect(anna.complaints).toEqual([])
})
