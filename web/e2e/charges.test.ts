// The owner writes rules of the house and reads them back; the bill follows, and a waiter takes one off.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, openBrowser, PHONE, TABLET } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

interface Rule {
  name: string
  percent: string | null
  conditions: Record<string, unknown>
}

const SIZES = [PHONE, { width: 768, height: 1024 }, TABLET]

let box: Box
let browser: Browser
let admin: Person
let tables: { id: number; number: number }[]

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  // Those of the demo: here the owner begins anew.
  for (const { id } of await admin.get<{ id: number }[]>('/adjustment-rules')) await box.call('DELETE', `/adjustment-rules/${id}`, admin.token)
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a rule is written by the keyboard, read back as a sentence, and switched off', async () => {
  const { page, complaints } = await openSection(browser, box, 'charges')
  await page.getByText('Правил нет').waitFor()
  await page.getByRole('button', { name: 'Добавить правило' }).focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog', { name: 'Новое правило' })
  await form.getByLabel('Название в счёте').fill('Обслуживание')
  await form.getByLabel('По-английски').fill('Service')
  await form.getByRole('textbox', { name: 'Процент', exact: true }).fill('10')
  await form.getByLabel('Гостей не меньше').fill('6')
  await form.getByText('10 % за обслуживание, если гостей 6 и больше').waitFor()
  await form.getByRole('button', { name: 'пн' }).focus()
  await page.keyboard.press('Space')
  await form.getByText('по дням: пн').waitFor()
  await everySize(page, 'charges-form-ru', SIZES)
  await form.getByRole('button', { name: 'пн' }).click()
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('cell', { name: '10 % за обслуживание, если гостей 6 и больше' }).waitFor()
  const [rule] = await admin.get<Rule[]>('/adjustment-rules')
  expect(rule).toMatchObject({ name: 'Обслуживание', percent: '10', conditions: { least_guests: 6 } })
  await everySize(page, 'charges-rules-ru', SIZES)

  // What cannot be is refused where it stands.
  await page.setViewportSize(TABLET)
  await page.getByRole('button', { name: 'Добавить правило' }).click()
  await form.getByLabel('Название в счёте').fill('Счастливые часы')
  await form.getByRole('textbox', { name: 'Процент', exact: true }).fill('20')
  await form.getByLabel('С часа').fill('15:00')
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await form.getByText('Заполните это поле.').waitFor()
  await form.getByRole('button', { name: 'Отмена' }).click()
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([])

  const english = await openSection(browser, box, 'charges', { locale: 'en-GB' })
  await english.page.getByRole('cell', { name: '10 % for service, from 6 guests on' }).waitFor()
  await everySize(english.page, 'charges-rules-en', SIZES)
})

test('the bill bears the rule by its name, and a waiter takes it off with a reason', async () => {
  await box.call('PUT', '/roles/waiter/permissions', admin.token, {
    rules: [{ permission: 'SERVICE_CHARGE_OFF', decision: 'ALLOW' }],
  })
  const { categories } = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories.flatMap(({ dishes }) => dishes)[0]!
  const order = await admin.post<{ id: number }>('/orders/', {
    table_id: tables.find(({ number }) => number === 4)!.id,
    guests: 7,
    items: [{ dish_id: dish.id, quantity: 1 }],
  })
  const { page, complaints } = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  await openTable(page, 4)
  await pane(page, 4).getByRole('button', { name: 'Счёт', exact: true }).click()
  const paper = page.getByRole('region', { name: 'Счёт 1', exact: true })
  await paper.getByText('Обслуживание 10 %').waitFor()
  await everySize(page, 'charges-bill-ru', SIZES)
  await page.setViewportSize(TABLET)
  await paper.getByRole('button', { name: /^Убрать: Обслуживание/ }).click()
  await page.getByRole('dialog', { name: 'Убрать: Обслуживание' }).getByRole('button').nth(1).click()
  await expect
    .poll(async () => (await admin.get<{ checks: { service: string }[] }>(`/orders/${order.id}/checks`)).checks[0]!.service)
    .toBe('0.00')
  await paper.getByText('Обслуживание 10 %').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('tips are pooled, and the report says who gets what', async () => {
  const { page, complaints } = await openSection(browser, box, 'charges')
  await page.getByRole('tab', { name: 'Чаевые' }).click()
  await page.getByLabel('Как делить').selectOption('pool')
  await page.getByLabel('Официанты, %').fill('70')
  await page.getByText('сейчас 70 %').waitFor()
  await page.getByLabel('Кухня и бар, %').fill('30')
  await page.getByText('Всего 100 %').waitFor()
  await everySize(page, 'charges-tips-ru', SIZES)
  await page.getByRole('button', { name: 'Сохранить' }).click()
  const shares = async () => (await admin.get<{ shares: unknown[] }>('/tips/rule')).shares
  await expect.poll(shares).toEqual([
    { to: 'WAITER', percent: '70' },
    { to: 'KITCHEN', percent: '30' },
  ])
  await page.goto(`${box.origin}/app/admin/reports`)
  await page.getByRole('tab', { name: 'Чаевые к выдаче' }).click()
  await page.getByText('делятся по правилу').waitFor()
  await everySize(page, 'charges-report-ru', SIZES)
  expect(complaints).toEqual([])
})

test('a tip is for the house once the owner allows it, and the report keeps it apart', async () => {
  const { page, complaints } = await openSection(browser, box, 'charges')
  await page.getByRole('tab', { name: 'Чаевые' }).click()
  await page.getByText('Чаевые можно оставить заведению').click()
  await everySize(page, 'charges-tips-house-ru', SIZES)
  await page.getByRole('button', { name: 'Сохранить' }).click()
  const allowed = async () => (await admin.get<{ house_tips: boolean }>('/restaurant')).house_tips
  await expect.poll(allowed).toBe(true)

  const { categories } = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!.id
  const table = tables.find(({ number }) => number === 9)!
  const order = await admin.post<{ id: number }>('/orders/', { table_id: table.id, items: [{ dish_id: dish, quantity: 1 }] })
  const { page: pad, complaints: ofPad } = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  await openTable(pad, 9)
  await pane(pad, 9).getByRole('button', { name: 'Счёт', exact: true }).click()
  await pad.getByRole('group', { name: /^Чаевые/ }).getByRole('radio', { name: /^10/ }).check()
  await pad.getByRole('radio', { name: 'Заведению' }).check()
  await everySize(pad, 'charges-tip-taker-ru', SIZES)
  await pad.evaluate(() => document.querySelector<HTMLElement>('header button[lang]')?.click())
  await everySize(pad, 'charges-tip-taker-en', SIZES)
  await pad.setViewportSize(TABLET)
  await pad.getByRole('button', { name: /^Take/ }).click()
  interface Paid {
    checks: { payments: { tip: string; tip_to: string }[] }[]
  }
  const tips = async () =>
    (await admin.get<Paid>(`/orders/${order.id}/checks`)).checks.flatMap(({ payments }) => payments).map(({ tip_to }) => tip_to)
  await expect.poll(tips).toEqual(['HOUSE'])
  expect([...complaints, ...ofPad]).toEqual([])
})
