// Every page as people see it: pictures for the eye, an accessibility scan, and nothing from other hosts.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET, WALL } from './browser'

let box: Box
let browser: Browser
let tables: { id: number; number: number; qr_code: string }[]

/** Something in every state that a waiter's plates can have. */
async function serveEvening(admin: Person): Promise<void> {
  const { orders } = await admin.get<{ orders: { id: number }[] }>('/orders/')
  const { items } = await admin.get<{ items: { id: number }[] }>(`/orders/${orders[0]!.id}`)
  await admin.patch(`/kitchen/items/${items[0]!.id}/status`, { status: 'READY' })
  await admin.patch(`/tables/${tables[10]!.id}/status`, { is_occupied: true })
  const guest = await box.call<{ token: string }>('POST', '/guest/session', null, { qr_code: tables[11]!.qr_code })
  const { categories } = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  await box.call('POST', '/guest/orders', guest.token, { items: [{ dish_id: categories[0]!.dishes[0]!.id, quantity: 2 }] })
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  const admin = await box.signIn('admin')
  const waiter = await box.signIn('waiter')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  const { categories } = await box.call<{
    categories: { dishes: { id: number; variations: { id: number }[] }[] }[]
  }>('GET', '/dishes/menu', null)
  const dishes = categories.flatMap((category) => category.dishes)
  // A busy wall: seven tables with one to four lines, every third with a wish.
  for (const [i, table] of tables.slice(2, 9).entries()) {
    await waiter.post('/orders/', {
      table_id: table.id,
      items: Array.from({ length: 1 + (i % 4) }, (_, j) => ({
        dish_id: dishes[(i * 7 + j * 5) % dishes.length]!.id,
        quantity: 1 + (j % 3),
        ...(j % 3 === 1 ? { comment: 'без лука, соус отдельно' } : {}),
      })),
    })
  }
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const looks = [
  ['ru-RU', 'light'],
  ['ru-RU', 'dark'],
  ['en-GB', 'light'],
  ['en-GB', 'dark'],
] as const

describe.each(looks)('%s, %s', (locale, colorScheme) => {
  const name = `${locale.slice(0, 2)}-${colorScheme}`
  const ru = locale === 'ru-RU'

  test('guest', async () => {
    const { page, complaints } = await openPage(browser, box.origin, { locale, colorScheme, viewport: PHONE })
    await page.goto(`${box.origin}/menu/${encodeURIComponent(tables[0]!.qr_code)}`)
    await page.getByRole('heading', { name: ru ? 'Пицца' : 'Pizza' }).waitFor()
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2))
    await shot(page, `guest-${name}`)
    await expectAccessible(page, `guest, ${name}`)
    await page.getByRole('button', { name: ru ? /^Маргарита/ : /^Margherita/ }).click()
    await shot(page, `guest-dish-${name}`)
    await expectAccessible(page, `guest's dish, ${name}`)
    await page.getByRole('button', { name: ru ? /^Добавить ·/ : /^Add ·/ }).click()
    await page.getByRole('button', { name: ru ? /^Заказ · 1 блюдо/ : /^Order · 1 dish/ }).click()
    await shot(page, `guest-basket-${name}`)
    await expectAccessible(page, `guest's basket, ${name}`)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(ru ? /Заказ/ : /Order/)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('kitchen', async () => {
    const { page, complaints } = await openPage(browser, box.origin, { locale, colorScheme, viewport: WALL })
    await page.goto(`${box.origin}/app/kitchen`)
    await page.getByRole('button', { name: 'Георгий Кахидзе' }).waitFor()
    await expectAccessible(page, `kitchen's sign-in, ${name}`)
    await page.getByRole('button', { name: 'Георгий Кахидзе' }).click()
    await shot(page, `kitchen-pin-${name}`)
    await expectAccessible(page, `PIN pad, ${name}`)
    for (const digit of '1004') await page.keyboard.press(digit)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('article').count()).toBe(7)
    for (const [size, viewport] of [['wall', WALL], ['tablet', TABLET]] as const) {
      await page.setViewportSize(viewport)
      await shot(page, `kitchen-${size}-${name}`)
      await expectAccessible(page, `kitchen on a ${size}, ${name}`)
    }
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

describe('the waiter', () => {
  beforeAll(async () => serveEvening(await box.signIn('admin')))

  test.each(looks)('%s, %s', async (locale, colorScheme) => {
    const name = `${locale.slice(0, 2)}-${colorScheme}`
    const { page, complaints } = await openPage(browser, box.origin, { locale, colorScheme, viewport: TABLET })
    await page.goto(`${box.origin}/app/waiter`)
    await page.getByRole('button', { name: 'Анна Соколова' }).waitFor()
    await shot(page, `waiter-who-${name}`)
    await expectAccessible(page, `waiter's sign-in, ${name}`)
    await page.getByRole('button', { name: 'Анна Соколова' }).click()
    await shot(page, `waiter-pin-${name}`)
    await expectAccessible(page, `waiter's PIN pad, ${name}`)
    for (const digit of '1003') await page.keyboard.press(digit)
    await page.keyboard.press('Enter')
    const table = locale === 'ru-RU' ? 'Стол' : 'Table'
    await page.getByRole('button', { name: new RegExp(`^${table} 12`) }).waitFor()
    for (const [size, viewport] of [['tablet', TABLET], ['phone', PHONE]] as const) {
      await page.setViewportSize(viewport)
      await shot(page, `waiter-room-${size}-${name}`)
      await expectAccessible(page, `waiter's room on a ${size}, ${name}`)
    }
    await page.setViewportSize(TABLET)
    await page.getByRole('button', { name: new RegExp(`^${table} 12`) }).click()
    await page.getByRole('button', { name: locale === 'ru-RU' ? /^Принять заказ гостя/ : /^Confirm the guest/ }).waitFor()
    await shot(page, `waiter-guest-${name}`)
    await expectAccessible(page, `waiter, a guest's order, ${name}`)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

test.each([
  ['/docs', '#api .opblock-tag'],
  ['/redoc', '#api [role="menuitem"]'],
])('%s stands on the box alone', async (path, sign) => {
  const { page, complaints } = await openPage(browser, box.origin, { viewport: TABLET })
  await page.goto(box.origin + path)
  await page.locator(sign).first().waitFor()
  await shot(page, `api${path.replace('/', '-')}`)
  expect(complaints).toEqual([])
})
