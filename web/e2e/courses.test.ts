// Soup first, the steak when the waiter says so: from the pad to the wall, with a table that moves in between.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, forgetTones, hearTones, openBrowser, openPage, PHONE, shot, TABLET, tones, WALL } from './browser'
import { openTable, pane, plate, signIn } from './pad'

interface Order {
  id: number
  status: string
  items: { id: number; dish_name: string; course?: number; status: string }[]
}

const PAD = { width: 768, height: 1024 }
const LAPTOP = { width: 1280, height: 800 }
const SOUP = 'Харчо'
const FISH = 'Дорадо на углях'

let box: Box
let browser: Browser
let admin: Person
let tables: { id: number; number: number; name: string; is_occupied: boolean; location_id: number }[]
/** two free tables: where the guests sit down, and where they go */
let FROM: number
let TO: number
let pad: Page
let wall: Page

const idOf = (number: number) => tables.find((table) => table.number === number)!.id
const ordersAt = (number: number): Promise<Order[]> => admin.get(`/orders/active/table/${idOf(number)}`)
const ticket = (number: number) => wall.getByRole('article', { name: `Стол ${number}`, exact: true })
const section = (name: RegExp) => pad.locator('section.order section', { has: pad.getByRole('heading', { name }) })

/** The same moment in every size, language and light. */
async function everySize(page: Page, name: string, sizes: { width: number; height: number }[]): Promise<void> {
  const home = page.viewportSize()!
  for (const language of ['ru', 'en']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const viewport of sizes) {
        await page.setViewportSize(viewport)
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
        await shot(page, `courses-${name}-${viewport.width}-${language}-${colorScheme}`)
        await expectAccessible(page, `courses, ${name}, ${viewport.width}, ${language}, ${colorScheme}`)
      }
    }
    await page.evaluate(() => (document.querySelector('header button[lang]') as HTMLElement | null)?.click())
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(home)
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  const free = tables.filter(({ is_occupied, number, name, location_id }) => !is_occupied && name === `${number}` && location_id === tables[0]!.location_id)
  ;[FROM, TO] = free.map(({ number }) => number) as [number, number]
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('the kitchen’s wall waits', async () => {
  const watched = await openPage(browser, box.origin, { viewport: WALL })
  wall = watched.page
  await hearTones(wall)
  await wall.goto(`${box.origin}/app/kitchen`)
  await wall.getByRole('button', { name: 'Войти по паролю' }).click()
  await wall.getByLabel('Имя для входа').fill('kitchen')
  await wall.getByLabel('Пароль').fill('kitchen')
  await wall.getByRole('button', { name: 'Войти', exact: true }).click()
  await wall.getByText('● на связи').waitFor()
})

test('two courses are chosen with a tap and a key, and sent at once', async () => {
  pad = (await signIn(browser, box.origin, 'Анна Соколова', '1003')).page
  await openTable(pad, FROM)
  await pane(pad, FROM).getByRole('button', { name: 'Добавить', exact: true }).click()
  await pad.getByRole('button', { name: 'Подача…' }).click()
  await pad.getByRole('button', { name: 'Первая подача' }).click()
  await pad.getByLabel('Найти блюдо').fill(SOUP)
  await pad.locator('.picker li', { hasText: SOUP }).getByRole('button', { name: /Добавить/ }).first().click()
  await pad.getByRole('button', { name: 'Очистить поиск' }).click()
  await pad.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await pad.keyboard.press('2')
  expect(await pad.getByRole('button', { name: 'Вторая подача' }).getAttribute('aria-pressed')).toBe('true')
  await pad.getByLabel('Найти блюдо').fill(FISH)
  await pad.locator('.picker li', { hasText: FISH }).getByRole('button', { name: /Добавить/ }).first().click()
  await pane(pad, FROM).getByText('Первая уйдёт на кухню сразу').waitFor()
  await everySize(pad, 'draft', [TABLET, PAD, PHONE])
  await forgetTones(wall)
  await pane(pad, FROM).getByRole('button', { name: /Отправить на кухню/ }).click()
  await section(/Вторая подача · ждёт/).waitFor()
  await section(/Первая подача · на кухне/).waitFor()
  const [order] = await ordersAt(FROM)
  expect(order!.items.map(({ course, status }) => [course, status])).toEqual([[1, 'IN_PREPARATION'], [2, 'HELD']])
})

test('the wall shows one grey with a count, and nobody can begin it', async () => {
  const held = ticket(FROM).getByRole('region', { name: 'Вторая подача, ждёт: 1' })
  await held.waitFor()
  expect(await held.innerText()).toContain(FISH)
  expect(await held.getByRole('button').count()).toBe(0)
  await everySize(wall, 'wall', [WALL, LAPTOP, TABLET, PHONE])
  await ticket(FROM).getByRole('button', { name: 'Начать', exact: true }).click()
  await ticket(FROM).getByRole('button', { name: 'Всё готово' }).click()
  // What is left of the table hangs by itself, without a button.
  await ticket(FROM).getByText('пока не готовим').waitFor()
  expect(await ticket(FROM).getByRole('button').count()).toBe(0)
  await expect.poll(async () => (await ordersAt(FROM))[0]!.items.map(({ status }) => status)).toEqual(['READY', 'HELD'])
})

test('the table moves, and its second course with it', async () => {
  await pane(pad, FROM).getByRole('button', { name: 'Подано', exact: true }).or(pane(pad, FROM).getByRole('button', { name: /^Подано: / })).first().click()
  await pane(pad, FROM).getByRole('button', { name: 'Пересадить' }).click()
  await pad.getByRole('dialog').getByRole('button', { name: new RegExp(`^(Стол )?${TO}(?!\\d)`) }).first().click()
  await openTable(pad, TO)
  await section(/Вторая подача · ждёт/).waitFor()
  await expect.poll(async () => (await ordersAt(TO))[0]?.items.map(({ status }) => status)).toEqual(['SERVED', 'HELD'])
  await ticket(TO).getByText('пока не готовим').waitFor()
  // All before it is served: the room says what the table waits for.
  await plate(pad, TO).getByText('под. 2').waitFor()
  await everySize(pad, 'held', [TABLET, PAD, PHONE])
})

test('the waiter fires with one tap: heard once, new, and cooked', async () => {
  await forgetTones(wall)
  await pane(pad, TO).getByRole('button', { name: 'Готовить вторую подачу' }).click()
  await pad.getByText('вторая подача ушла на кухню').waitFor()
  await ticket(TO).getByRole('button', { name: 'Всё готово' }).waitFor()
  await ticket(TO).getByText('новый').waitFor()
  expect((await tones(wall)).length).toBeGreaterThan(0)
  await shot(wall, 'courses-fired')
  await ticket(TO).getByRole('button', { name: 'Всё готово' }).click()
  await ticket(TO).waitFor({ state: 'detached' })
  await expect.poll(async () => (await ordersAt(TO))[0]!.items.map(({ status }) => status)).toEqual(['SERVED', 'READY'])
  expect((await ordersAt(TO))[0]!.status).toBe('READY')
})
