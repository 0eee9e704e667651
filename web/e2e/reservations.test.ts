// A table is booked by telephone and by a guest, they come, sit down, eat and leave; a host drags one to another table.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'
import { openSection } from './owner'
import { signIn } from './pad'

interface Reservation {
  id: number
  state: string
  time: string
  party: number
  name: string
  order_id: number | null
  tables: { id: number; name: string }[]
}

const SIZES = [{ width: 768, height: 1024 }, PHONE]

let box: Box
let browser: Browser
let admin: Person
let owner: Watched
let pad: Watched

const all = async (day?: string): Promise<Reservation[]> =>
  (await admin.get<{ reservations: Reservation[] }>(`/reservations${day ? `?date_from=${day}` : ''}`)).reservations
const named = async (name: string, day?: string): Promise<Reservation> => (await all(day)).find((one) => one.name === name)!

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  // Whatever the hour at which this runs, one can book.
  const rules = await admin.get<Record<string, unknown>>('/reservations/rules')
  const hours = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], first: '00:00', last: '23:45' }]
  await box.call('PUT', '/reservations/rules', admin.token, { ...rules, hours, notice_minutes: 0 })
  owner = await openSection(browser, box, 'reservations', { viewport: LAPTOP })
  pad = await signIn(browser, box.origin, 'Анна', '1003')
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const openBook = async (page: Page) => {
  await page.getByRole('button', { name: 'Брони' }).click()
  await page.getByRole('heading', { name: 'Брони' }).waitFor()
}

test('a table is booked by telephone, and both screens show it', async () => {
  const { page } = owner
  await page.getByText('Броней на этот день нет').waitFor()
  await openBook(pad.page)
  await page.getByRole('button', { name: 'Новая бронь' }).click()
  const form = page.getByRole('dialog', { name: 'Новая бронь' })
  await form.getByLabel('Сколько гостей').fill('3')
  await form.locator('.times button:not(.full)').first().click()
  await form.getByLabel('Имя').fill('Иванова')
  await form.getByLabel(/^Телефон/).fill('+7 916 123-45-67')
  await form.getByLabel(/^Аллергии/).fill('орехи')
  await everySize(page, 'reservations-form', SIZES)
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('Иванова').waitFor()
  await pad.page.getByText('Иванова').waitFor()
  const { party, tables } = await named('Иванова')
  expect([party, tables.length]).toEqual([3, 1])
  await everySize(page, 'reservations-day', SIZES)
  for (const [size, viewport] of [['tablet', TABLET], ['portrait', SIZES[0]!], ['phone', PHONE]] as const) {
    await pad.page.setViewportSize(viewport)
    await shot(pad.page, `waiter-reservations-${size}`)
    await expectAccessible(pad.page, `the waiter's book, ${size}`)
  }
  await pad.page.setViewportSize(TABLET)
})

test('they come, sit down, eat and leave', async () => {
  const { page } = pad
  await page.getByRole('button', { name: /Иванова/ }).click()
  const card = page.getByRole('dialog', { name: 'Иванова' })
  await card.getByText('орехи').waitFor()
  await card.getByRole('button', { name: 'Пришли', exact: true }).click()
  await card.getByText('пришли', { exact: true }).waitFor()
  await shot(page, 'waiter-reservation')
  await expectAccessible(page, 'a reservation on the pad')
  await card.getByRole('button', { name: 'Посадить' }).click()
  await card.waitFor({ state: 'detached' })
  const seated = await named('Иванова')
  expect(seated.state).toBe('SEATED')
  const table = seated.tables[0]!.id
  const known = await admin.get<{ is_occupied: boolean; guests: number }>(`/tables/${table}`)
  expect([known.is_occupied, known.guests]).toEqual([true, 3])
  const { categories } = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  const waiter = await box.signIn('waiter')
  const order = await waiter.post<{ id: number; items: { id: number }[]; total_price: string }>('/orders/', {
    table_id: table,
    items: [{ dish_id: categories[0]!.dishes[0]!.id, quantity: 1 }],
  })
  await expect.poll(async () => (await named('Иванова')).order_id).toBe(order.id)
  for (const { id } of order.items) {
    await admin.patch(`/kitchen/items/${id}/status`, { status: 'READY' })
    await admin.patch(`/kitchen/items/${id}/status`, { status: 'SERVED' })
  }
  const methods = await admin.get<{ id: number; kind: string }[]>('/payment-methods/active')
  const method = methods.find(({ kind }) => kind !== 'CASH' && kind !== 'ACCOUNT')!
  await waiter.post(`/orders/${order.id}/complete-payment`, { payment_method_id: method.id, payment_status: 'PAID', expected_total: order.total_price })
  await page.getByRole('button', { name: /Иванова.*ушли/ }).waitFor()
  expect((await named('Иванова')).state).toBe('LEFT')
})

test('a host drags a party to another time and another table, by finger and by keyboard', async () => {
  const { page } = owner
  await page.getByRole('button', { name: 'Следующий день' }).click()
  const day = await page.getByLabel('День', { exact: true }).inputValue()
  const body = { starts_at: `${day}T18:00`, party: 2, name: 'Петров' }
  const first = await admin.post<Reservation>('/reservations', body)
  await page.getByRole('button', { name: 'По столам' }).click()
  const block = page.getByRole('button', { name: /Петров/ })
  await everySize(page, 'reservations-timeline', SIZES)
  await block.scrollIntoViewIfNeeded()
  const from = (await block.boundingBox())!
  const other = page.locator('.row').filter({ hasNot: block }).filter({ hasNotText: 'Без стола' }).nth(2)
  const to = (await other.boundingBox())!
  const lane = (await other.locator('.lane').boundingBox())!
  await page.mouse.move(from.x + 20, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(from.x + 20 + lane.width / 24, to.y + 10, { steps: 8 })
  await page.mouse.up()
  const wanted = Number(await other.getAttribute('data-table'))
  await expect.poll(async () => (await named('Петров', day)).tables.map(({ id }) => id)).toEqual([wanted])
  const moved = await named('Петров', day)
  expect(moved.time).not.toBe(first.time)
  await page.getByRole('button', { name: new RegExp(`${moved.time}, Петров`) }).press('ArrowRight')
  await expect.poll(async () => (await named('Петров', day)).time).not.toBe(moved.time)
  await page.getByRole('button', { name: 'Неделя' }).click()
  await page.getByText('1 бронь, 2 гостя').first().waitFor()
  await everySize(page, 'reservations-week', SIZES)
})

test('a guest books a free time on the page, and calls it off', async () => {
  const guest = await openPage(browser, box.origin, { viewport: PHONE })
  const { page } = guest
  await page.goto(`${box.origin}/reserve`)
  await page.getByText('Забронировать стол здесь нельзя').waitFor()
  const rules = owner.page
  await rules.getByRole('tab', { name: 'Правила' }).click()
  await rules.getByText('Гости бронируют сами').click()
  await everySize(rules, 'reservations-rules', SIZES)
  await rules.getByRole('button', { name: 'Сохранить правила' }).click()
  await rules.getByText('Правила сохранены').waitFor()
  await page.reload()
  await page.locator('.times button').first().waitFor()
  await page.locator('.times button').first().click()
  await page.getByLabel('Ваше имя').fill('Мария')
  await page.getByLabel('Телефон').fill('+7 900 555-44-33')
  await everySize(page, 'reserve', [{ width: 768, height: 1024 }, TABLET])
  await page.getByRole('button', { name: 'Забронировать' }).click()
  await page.getByRole('heading', { name: 'Стол забронирован' }).waitFor()
  await shot(page, 'reserve-booked')
  await expectAccessible(page, 'what a guest has booked')
  expect((await named('Мария')).state).toBe('BOOKED')
  await page.reload()
  await page.getByRole('button', { name: 'Отменить бронь' }).click()
  await page.getByRole('button', { name: 'Точно отменить' }).click()
  await page.getByRole('heading', { name: 'Бронь отменена' }).waitFor()
  expect((await named('Мария')).state).toBe('CANCELLED')
  for (const watched of [guest, owner, pad]) expect(watched.complaints).toEqual([])
})

test('the same in English', async () => {
  const guest = await openPage(browser, box.origin, { viewport: PHONE, locale: 'en-GB' })
  await guest.page.goto(`${box.origin}/reserve`)
  await guest.page.getByRole('heading', { name: 'Book a table' }).waitFor()
  await guest.page.locator('.times button').first().waitFor()
  await everySize(guest.page, 'reserve-en', [PHONE, TABLET])
  const { page } = owner
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Special days' }).waitFor()
  await everySize(page, 'reservations-rules-en', SIZES)
  await page.getByRole('tab', { name: 'Book', exact: true }).click()
  await page.getByRole('button', { name: 'By table' }).click()
  await page.getByText('Drag a reservation').waitFor()
  await everySize(page, 'reservations-timeline-en', SIZES)
  expect([...guest.complaints, ...owner.complaints]).toEqual([])
})
