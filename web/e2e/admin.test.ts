// The owner's app: sign-in, the narrow navigation, and a section that keeps what is typed into it.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, Wire, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'

let box: Box
let browser: Browser
let admin: Person

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

async function signIn(page: Page, who: string): Promise<void> {
  await page.getByLabel(/Имя для входа|User name/).fill(who)
  await page.getByLabel(/Пароль|Password/).fill(who)
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click()
}

async function openAdmin(section: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const watched = await openPage(browser, box.origin, { viewport: LAPTOP, ...options })
  await watched.page.goto(`${box.origin}/app/admin/${section}`)
  await signIn(watched.page, 'admin')
  await watched.page.getByText(/● (на связи|live)/).waitFor()
  return watched
}

test('an owner signs in, adds a way to pay, is told what is wrong, and it is kept', async () => {
  const { page, complaints } = await openPage(browser, box.origin, { viewport: LAPTOP })
  await page.goto(`${box.origin}/app/admin`)
  await page.getByLabel('Пароль').waitFor()
  await expectAccessible(page, 'admin, sign-in')
  await shot(page, 'admin-sign-in')
  await signIn(page, 'admin')
  await page.getByRole('link', { name: 'Оплата', exact: true }).click()
  expect(new URL(page.url()).pathname).toBe('/app/admin/payments')
  await page.getByRole('button', { name: 'Добавить способ' }).click()
  const sheet = page.getByRole('dialog', { name: 'Новый способ оплаты' })
  await sheet.getByRole('button', { name: 'Сохранить' }).click()
  await sheet.getByText('Заполните это поле.').waitFor()
  await sheet.getByLabel('Название').fill('Наличные')
  await sheet.getByRole('button', { name: 'Сохранить' }).click()
  await sheet.getByText('Такое название уже есть').waitFor()
  await expectAccessible(page, 'admin, a refused field')
  await shot(page, 'admin-payments-refused')
  await sheet.getByLabel('Название').fill('Подарочная карта')
  await sheet.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('✓ Добавлено: Подарочная карта').waitFor()
  await page.getByRole('cell', { name: 'Подарочная карта', exact: true }).waitFor()
  await shot(page, 'admin-payments-laptop')

  await page.getByRole('button', { name: 'Действия: Подарочная карта' }).click()
  await expectAccessible(page, 'admin, the menu of a row')
  await shot(page, 'admin-row-menu')
  await page.getByRole('menuitem', { name: 'Выключить' }).click()
  await page.getByText('✓ Сохранено: Подарочная карта').waitFor()
  const { payment_methods } = await admin.get<{ payment_methods: { name: string; is_active: boolean }[] }>('/payment-methods')
  expect(payment_methods.find(({ name }) => name === 'Подарочная карта')).toMatchObject({ is_active: false })

  await page.getByRole('button', { name: 'Действия: Подарочная карта' }).click()
  await page.getByRole('menuitem', { name: 'Удалить' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click()
  await page.getByText('✓ Удалено: Подарочная карта').waitFor()
  await page.getByRole('cell', { name: 'Подарочная карта', exact: true }).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('a manager and a waiter see nothing that is not theirs', async () => {
  const manager = await openPage(browser, box.origin, { viewport: LAPTOP })
  await manager.page.goto(`${box.origin}/app/admin/payments`)
  await signIn(manager.page, 'manager')
  await manager.page.getByText('Такого раздела нет, или он не для вашей роли.').waitFor()
  expect(await manager.page.getByRole('link', { name: 'Оплата', exact: true }).count()).toBe(0)
  const waiter = await openPage(browser, box.origin, { viewport: LAPTOP })
  await waiter.page.goto(`${box.origin}/app/admin`)
  await signIn(waiter.page, 'waiter')
  await waiter.page.getByText('У вас нет доступа к этому экрану').waitFor()
})

// screens-1, 26: a manager had no stop-list.
test('a manager takes a dish off the menu and puts it back', async () => {
  const { page, complaints } = await openPage(browser, box.origin, { viewport: LAPTOP })
  await page.goto(`${box.origin}/app/admin`)
  await signIn(page, 'manager')
  await page.getByRole('link', { name: 'Стоп-лист' }).click()
  await page.getByText('● на связи').waitFor()
  const onMenu = async () => JSON.stringify(await box.call('GET', '/dishes/menu', null)).includes('"Паста карбонара"')
  expect(await onMenu()).toBe(true)
  await page.getByRole('searchbox').fill('карбонара')
  await page.getByRole('listitem').filter({ hasText: 'Паста карбонара' }).getByRole('button').last().click()
  await expect.poll(onMenu).toBe(false)
  await page.getByText('✕ Паста карбонара').waitFor()
  for (const size of [PHONE, TABLET, LAPTOP]) {
    await page.setViewportSize(size)
    await shot(page, `admin-stoplist-${size.width}`)
    await expectAccessible(page, `admin, stop-list, ${size.width}`)
  }
  await page.getByRole('listitem').filter({ hasText: '✕' }).getByRole('button').click()
  await expect.poll(onMenu).toBe(true)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the next sign-in on this device takes a PIN', async () => {
  const { page } = await openAdmin('payments')
  await page.getByRole('button', { name: 'Выйти' }).click()
  await page.getByRole('button', { name: 'Войти по PIN' }).click()
  await page.locator('.person').first().click()
  for (const digit of '1001') await page.getByRole('button', { name: digit, exact: true }).click()
  await page.getByRole('button', { name: 'Войти', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Оплата' }).waitFor()
})

test('a lost link is told as on the other screens: stale, gone, and back with what was missed', async () => {
  const wire = await Wire.to(box)
  const { page } = await openPage(browser, wire.origin, { viewport: LAPTOP })
  const feeds: string[] = []
  page.on('websocket', (socket) => feeds.push(socket.url()))
  await page.goto(`${wire.origin}/app/admin/orders`)
  await signIn(page, 'admin')
  await page.getByText('● на связи').waitFor()
  // The section is a file of its own: it must be here before nothing comes any more.
  await page.getByRole('heading', { level: 1, name: 'Заказы' }).waitFor()
  await page.getByText('Загружаем…').waitFor({ state: 'detached' })
  wire.cut()
  await page.getByText(/◐ нет ответа \d+ с/).waitFor()
  await shot(page, 'admin-stale')
  await expectAccessible(page, 'admin, stale')
  await page.getByText(/▲ нет связи \d+ с/).waitFor()
  for (const [size, viewport] of [['phone', PHONE], ['tablet', TABLET], ['laptop', LAPTOP]] as const) {
    await page.setViewportSize(viewport)
    await page.getByText(/▲ нет связи \d+ с/).waitFor()
    await shot(page, `admin-offline-${size}`)
    await expectAccessible(page, `admin, offline, ${size}`)
  }
  // What happens meanwhile is on the screen when the link is back, without a touch.
  const { tables } = await admin.get<{ tables: { id: number }[] }>('/tables/')
  const { categories } = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  const waiter = await box.signIn('waiter')
  const rows = page.getByRole('button', { name: /^Заказ \d+$/ })
  const before = await rows.count()
  await waiter.post('/orders/', { table_id: tables[0]!.id, items: [{ dish_id: categories[0]!.dishes[0]!.id, quantity: 1 }] })
  expect(await rows.count()).toBe(before)
  wire.mend()
  await page.getByText('● снова на связи').waitFor()
  await shot(page, 'admin-back')
  await expect.poll(() => rows.count()).toBe(before + 1)
  expect(feeds[0]).not.toContain('since=')
  expect(feeds.at(-1)).toMatch(/since=\d+/)
  await page.context().close()
  wire.close()
})

test('it holds together on every screen, by day and by night, in both languages', async () => {
  for (const [name, options] of [
    ['laptop', { viewport: LAPTOP, locale: 'en-GB' }],
    ['tablet', { viewport: TABLET, colorScheme: 'dark' }],
    ['phone', { viewport: PHONE, locale: 'en-GB', colorScheme: 'dark' }],
  ] as const) {
    const { page, complaints } = await openAdmin('payments', options)
    await page.getByRole('table').waitFor()
    await shot(page, `admin-payments-${name}-2`)
    await expectAccessible(page, `admin, ${name}`)
    await page.getByRole('button', { name: /Добавить способ|Add a payment method/ }).click()
    await page.getByRole('dialog').waitFor()
    await shot(page, `admin-form-${name}`)
    await expectAccessible(page, `admin, a form, ${name}`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  }
})
