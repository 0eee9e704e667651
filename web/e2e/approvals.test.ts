// A waiter asks for what they may not do alone: by a PIN at the table, and by the manager's phone.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'
import { openSection, signInAs } from './owner'
import { openTable, pane, signIn } from './pad'

interface Order {
  id: number
  number: number
  status: string
  items: { id: number; status: string; dish_name: string }[]
}

const SIZES = [PHONE, { width: 768, height: 1024 }, TABLET]

let box: Box
let browser: Browser
let admin: Person
let waiter: Person
let tables: { id: number; number: number }[]
let anna: Watched

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  waiter = await box.signIn('waiter')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  anna = await signIn(browser, box.origin, 'Анна Соколова', '1003')
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

/** An order at a table, of two dishes that the kitchen has begun. */
async function begun(number: number): Promise<Order> {
  const { categories } = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  const dishes = categories.flatMap((category) => category.dishes).slice(0, 2)
  const order = await waiter.post<Order>('/orders/', {
    table_id: tables.find((table) => table.number === number)!.id,
    items: dishes.map(({ id }) => ({ dish_id: id, quantity: 1 })),
  })
  for (const { id } of order.items) await admin.patch(`/kitchen/items/${id}/status`, { status: 'IN_PREPARATION' })
  return order
}

const stands = async (order: Order): Promise<string[]> =>
  (await admin.get<Order>(`/orders/${order.id}`)).items.map(({ status }) => status)

/** Takes the first dish off, with a reason, as far as somebody's word is needed. */
async function takeOff(page: Page, number: number) {
  await openTable(page, number)
  await pane(page, number).getByText('в очереди на кухне').first().waitFor({ state: 'detached' })
  await pane(page, number).getByRole('button', { name: /^Снять:/ }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Долго ждали' }).click()
  const sheet = page.getByRole('dialog', { name: 'Нужно разрешение' })
  await sheet.waitFor()
  return sheet
}

/** What the waiter may not do alone, as the refusal names it: that is what an approval is asked for with. */
async function refused(path: string, body: unknown): Promise<Record<string, unknown>> {
  const { message } = await waiter.post(path, body).then(() => new Error('{}'), (error: Error) => error)
  const { code, params } = JSON.parse(message.slice(message.indexOf('{'))) as { code: string; params: Record<string, unknown> }
  expect(code).toBe('approval_needed')
  const { permission, subject, subject_id, amount, payment_state, to_table_id } = params
  return { permission, subject, subject_id, amount, payment_state, to_table_id }
}

/** `beside`: behind a sheet the page may be wider than its screen */
async function everySize(page: Page, name: string, beside = false): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const viewport of SIZES) {
      await page.setViewportSize(viewport)
      const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (!beside) await expect.poll(over, { message: `${name} at ${viewport.width}` }).toBe(0)
      await shot(page, `${name}-${viewport.width}-${colorScheme}`)
      await expectAccessible(page, `${name}, ${viewport.width}, ${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

test('a manager approves at the table by a PIN, and the place is not lost', async () => {
  const { page } = anna
  const order = await begun(5)
  const sheet = await takeOff(page, 5)
  await sheet.getByText('Изменить или снять блюдо, которое уже готовят').waitFor()
  const [dish] = order.items
  await sheet.getByText(`стол 5 · заказ № ${order.number} · ${dish!.dish_name}`).waitFor()
  await everySize(page, 'approval-ru')
  await page.setViewportSize(TABLET)
  await sheet.getByRole('button', { name: /Дмитрий Орлов/ }).click()
  const pad = page.getByRole('dialog', { name: 'Дмитрий Орлов: PIN' })
  await pad.waitFor()
  await shot(page, 'approval-pin')
  await expectAccessible(page, 'approval, PIN')
  // By the keys of a keyboard too.
  await page.keyboard.type('9753')
  await page.keyboard.press('Enter')
  await pad.getByText('Неверный PIN.').waitFor()
  expect(await stands(order)).toEqual(['IN_PREPARATION', 'IN_PREPARATION'])
  await page.keyboard.type('1002')
  await page.keyboard.press('Enter')
  await pad.waitFor({ state: 'detached' })
  await expect.poll(() => stands(order)).toEqual(['CANCELLED', 'IN_PREPARATION'])
  await pane(page, 5).waitFor()
  const { entries } = await admin.get<{ entries: { action: string; after: Record<string, string> }[] }>('/audit')
  const used = entries.find(({ action }) => action === 'approval_used')!.after
  expect([used.asked_by, used.approved_by, used.reason]).toEqual(['Анна Соколова', 'Дмитрий Орлов', 'Долго ждали'])
  expect(anna.complaints).toEqual([])
})

test('a manager answers on a phone: first no, then yes', async () => {
  const { page } = anna
  const order = await begun(6)
  const manager = await openPage(browser, box.origin, { viewport: PHONE })
  await manager.page.goto(`${box.origin}/app/admin/today`)
  await signInAs(manager.page, 'manager')
  await manager.page.getByText(/● (на связи|live)/).first().waitFor()
  const request = manager.page.getByRole('region', { name: 'Анна Соколова просит разрешения' })

  await takeOff(page, 6)
  await page.getByRole('button', { name: 'Спросить на телефоне' }).click()
  await page.getByText('Ждём ответа').waitFor()
  await shot(page, 'approval-waits')
  await expectAccessible(page, 'approval, waiting')
  await request.getByText('Долго ждали').waitFor()
  await request.getByText(`стол 6 · заказ № ${order.number} · ${order.items[0]!.dish_name}`).waitFor()
  await everySize(manager.page, 'approval-request-ru')
  await manager.page.setViewportSize(PHONE)
  await request.getByRole('button', { name: 'Отказать' }).click()
  await request.waitFor({ state: 'detached' })
  await page.getByText('Дмитрий Орлов: отказано').waitFor()
  expect(await stands(order)).toEqual(['IN_PREPARATION', 'IN_PREPARATION'])

  await page.getByRole('button', { name: 'Спросить на телефоне' }).click()
  await request.getByRole('button', { name: 'Разрешить' }).click()
  await expect.poll(() => stands(order)).toEqual(['CANCELLED', 'IN_PREPARATION'])
  await pane(page, 6).waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)

  // Given up, nobody is asked any more.
  await takeOff(page, 6)
  await page.getByRole('button', { name: 'Спросить на телефоне' }).click()
  await request.waitFor()
  await page.getByRole('button', { name: 'Не нужно' }).click()
  await request.waitFor({ state: 'detached' })
  expect(await stands(order)).toEqual(['CANCELLED', 'IN_PREPARATION'])
  expect(manager.complaints).toEqual([])
})

test('who approves of a percentage sees which check it is of, and what it comes to', async () => {
  const order = await begun(8)
  const { checks } = await waiter.get<{ checks: { id: number; version: number }[] }>(`/orders/${order.id}/checks`)
  const [check] = checks
  const half = { kind: 'percent', value: '50', reason: 'Юбилей', version: check!.version }
  await expect(waiter.post(`/checks/${check!.id}/adjustments`, half)).rejects.toThrow('approval_needed')
  const wish = { permission: 'DISCOUNT_PERCENT', subject: 'check', subject_id: check!.id, amount: '50.00', reason: 'Юбилей' }
  await waiter.post('/approvals', wish)
  const manager = await openPage(browser, box.origin, { viewport: PHONE })
  await manager.page.goto(`${box.origin}/app/admin/today`)
  await signInAs(manager.page, 'manager')
  const request = manager.page.getByRole('region', { name: 'Анна Соколова просит разрешения' })
  await request.getByText(`стол 8 · заказ № ${order.number} · счёт 1`).waitFor()
  await request.getByText(/^50.% · [1-9]/).waitFor()
  await everySize(manager.page, 'approval-percent-ru')
  await request.getByRole('button', { name: 'Отказать' }).click()
  await request.waitFor({ state: 'detached' })
  expect(manager.complaints).toEqual([])
})

test('who approves of a payment and of a move reads which, of how much and where to, in their language', async () => {
  const rules = ['ORDER_MOVE', 'PAYMENT_CLEAR'].map((permission) => ({ permission, decision: 'ASK' }))
  await box.call('PUT', '/roles/waiter/permissions', admin.token, { rules })
  const order = await begun(9)
  const { checks } = await waiter.get<{ checks: { id: number; due: string }[] }>(`/orders/${order.id}/checks`)
  const [check] = checks
  const card = (await admin.get<{ payment_methods: { id: number; kind: string }[] }>('/payment-methods')).payment_methods.find(({ kind }) => kind === 'CARD')!
  const payment = await waiter.post<{ id: number }>(`/checks/${check!.id}/payments`, {
    method_id: card.id,
    amount: check!.due,
    state: 'PENDING',
    expected_due: check!.due,
  })
  const clear = { state: 'FAILED', reason: 'Терминал отказал' }
  const ofPayment = await refused(`/payments/${payment.id}/clear`, clear)
  const table = tables.find(({ number }) => number === 10)!
  const ofMove = await refused(`/orders/${order.id}/move`, { table_id: table.id })
  const manager = await openPage(browser, box.origin, { viewport: PHONE, locale: 'en-GB' })
  await manager.page.goto(`${box.origin}/app/admin/today`)
  await signInAs(manager.page, 'manager')
  const request = manager.page.getByRole('region', { name: 'Анна Соколова asks for approval' })

  await waiter.post('/approvals', ofPayment)
  await request.getByText(/did not arrive|failed/i).first().waitFor()
  await everySize(manager.page, 'approval-payment-en')
  await manager.page.setViewportSize(PHONE)
  await request.getByRole('button', { name: 'Refuse' }).click()
  await request.waitFor({ state: 'detached' })

  await waiter.post('/approvals', ofMove)
  await request.getByText(/table 10/).waitFor()
  await everySize(manager.page, 'approval-move-en')
  await manager.page.setViewportSize(PHONE)
  await request.getByRole('button', { name: 'Refuse' }).click()
  await request.waitFor({ state: 'detached' })
  await box.call('PUT', '/roles/waiter/permissions', admin.token, { rules: rules.map((rule) => ({ ...rule, decision: 'ALLOW' })) })
  expect(manager.complaints).toEqual([])
})

test('a waiter calls off an order that the kitchen has begun, with somebody’s word', async () => {
  const { page } = anna
  const order = await begun(7)
  await openTable(page, 7)
  await pane(page, 7).getByRole('button', { name: 'Отменить заказ' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Гости ушли' }).click()
  const sheet = page.getByRole('dialog', { name: 'Нужно разрешение' })
  await sheet.getByText('Отменить заказ, который уже готовят').waitFor()
  await sheet.getByRole('button', { name: /Нино Гелашвили/ }).click()
  await page.keyboard.type('1001')
  await page.keyboard.press('Enter')
  const status = async () => (await admin.get<Order>(`/orders/${order.id}`)).status
  await expect.poll(status).toBe('CANCELLED')
})

test('the owner says what each role may, by the keyboard too, and what one person may', async () => {
  const { page, complaints } = await openSection(browser, box, 'permissions')
  const cell = page.getByLabel('Отменить свой заказ, официант', { exact: true })
  await cell.waitFor()
  await everySize(page, 'permissions-ru')
  await page.setViewportSize(TABLET)
  await cell.focus()
  await page.keyboard.press('ArrowDown')
  const rule = async () => {
    const { rules } = await admin.get<{ rules: { permission: string; decision: string; at_most: string | null }[] }>(
      '/roles/waiter/permissions',
    )
    const { decision, at_most } = rules.find(({ permission }) => permission === 'ORDER_CANCEL')!
    return [decision, at_most]
  }
  await expect.poll(rule).toEqual(['ASK', null])
  await cell.selectOption('ALLOW')
  await expect.poll(rule).toEqual(['ALLOW', null])
  const limit = page.getByLabel('Отменить свой заказ, официант: до', { exact: true })
  await limit.fill('500,5')
  await limit.press('Enter')
  await expect.poll(rule).toEqual(['ALLOW', '500.50'])
  await expect.poll(() => limit.inputValue()).toBe('500.50')
  await limit.fill('много')
  await limit.press('Enter')
  await page.getByText('Не сохранено').or(page.getByText('Проверьте')).first().waitFor()
  await expect.poll(rule).toEqual(['ALLOW', '500.50'])

  await page.getByRole('tab', { name: 'Причины' }).click()
  await page.getByText('Испорчено').waitFor()
  await page.getByRole('button', { name: 'Добавить причину' }).click()
  const reason = page.getByRole('dialog')
  await reason.getByRole('textbox', { name: 'Причина', exact: true }).fill('Пригорело')
  await reason.getByLabel('Приготовленное списывается').check()
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('cell', { name: 'Пригорело', exact: true }).waitFor()
  await everySize(page, 'reasons-ru')
  expect(complaints).toEqual([])

  const english = await openSection(browser, box, 'permissions', { locale: 'en-GB' })
  await english.page.getByLabel('Cancel one’s own order, waiter', { exact: true }).waitFor()
  await everySize(english.page, 'permissions-en')

  await page.setViewportSize(TABLET)
  await page.goto(`${box.origin}/app/admin/staff`)
  await page.getByRole('button', { name: 'Действия: Анна Соколова' }).click()
  await page.getByRole('menuitem', { name: 'Личные права' }).click()
  const form = page.getByRole('dialog', { name: 'Личные права: Анна Соколова' })
  await form.getByLabel('Вернуть деньги', { exact: true }).selectOption('DENY')
  await everySize(page, 'permissions-own', true)
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await form.waitFor({ state: 'detached' })
  const { users } = await admin.get<{ users: { id: number; username: string }[] }>('/users')
  const { id } = users.find(({ username }) => username === 'waiter')!
  const own = await admin.get<{ rules: { permission: string; decision: string }[] }>(`/users/${id}/permissions`)
  expect(own.rules.map(({ permission, decision }) => [permission, decision])).toEqual([['PAYMENT_REFUND', 'DENY']])
})
