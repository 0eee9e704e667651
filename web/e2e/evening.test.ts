// An evening at the till, in the demo with its register, without any network: the order and its kitchen ticket, the bill
// and its fiscal receipt before the guests pay, the money, and the Z of the drawer and of the register.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, keep, LAPTOP, openBrowser, PHONE, type Watched } from './browser'
import { FakePrinter } from './fake-printer'
import { openSection } from './owner'
import { approved, choose, openTable, pane, signIn } from './pad'

const SIZES = [{ width: 1024, height: 768 }, { width: 768, height: 1024 }, PHONE]

interface Documents {
  documents: { id: number; kind: string; state: string; number: number | null; total: string; device_id: number }[]
}
interface Paper {
  number: number
  kind: string
  total: number
  payments: { cash: number }
}

let box: Box
let browser: Browser
let admin: Person
let printer: FakePrinter
let waiter: Watched
/** where the register says what it printed */
let register: string
let table: { id: number; number: number }

beforeAll(async () => {
  box = await Box.demoWithRegister()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  printer = await FakePrinter.open()
  await admin.post('/printers', { name: 'Кухня', kind: 'tcp', width_dots: 576, address: printer.address, documents: ['ticket', 'cash_report'] })
  const { devices } = await admin.get<{ devices: { address: string }[] }>('/fiscal/devices')
  register = devices[0]!.address
  const { tables } = await admin.get<{ tables: { id: number; number: number; is_occupied: boolean }[] }>('/tables/')
  table = tables.find(({ is_occupied }) => !is_occupied)!
  const drawer = await admin.post<{ id: number }>('/cash/drawers', { name: 'Касса', tolerance: '10' })
  await admin.post('/cash/shifts', { drawer_id: drawer.id, float: '3000' })
})

afterAll(async () => {
  printer?.close()
  await browser?.close()
  await box?.close()
})

const papers = async (): Promise<Paper[]> => (await fetch(`${register}/simulator/documents`)).json()
const made = async (): Promise<string[]> =>
  (await admin.get<Documents>('/fiscal/documents')).documents.map(({ kind, state }) => `${kind} ${state}`).reverse()

test('an order is a ticket in the kitchen', async () => {
  waiter = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const { page } = waiter
  await openTable(page, table.number)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'борщ', /^Добавить: Борщ/)
  await page.getByRole('button', { name: /^Отправить на кухню/ }).click()
  const jobs = async () => (await admin.get<{ print_jobs: { id: number; state: string }[] }>('/print-jobs')).print_jobs
  await expect.poll(async () => (await jobs()).map(({ state }) => state)).toEqual(['PRINTED'])
  const [job] = await jobs()
  const ticket = await fetch(`${box.origin}/print-jobs/${job!.id}/preview.png`, { headers: { Authorization: `Bearer ${admin.token}` } })
  expect(ticket.headers.get('content-type')).toBe('image/png')
  await keep('evening-ticket', Buffer.from(await ticket.arrayBuffer()))
})

test('the guests have their receipt before they pay', async () => {
  const { page } = waiter
  await pane(page, table.number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await page.getByRole('button', { name: 'Предчек' }).click()
  await page.getByText('Спросите, как гости заплатят').waitFor()
  await everySize(page, 'evening-asks', SIZES)
  await page.locator('button:enabled', { hasText: 'Предчек' }).waitFor()
  await page.getByRole('button', { name: 'Гости платят без наличных' }).click()
  await page.getByText(/Фискальный чек: пробит/).waitFor({ timeout: 15_000 })
  await everySize(page, 'evening-receipt', SIZES)
  const all = await papers()
  expect(all.map(({ kind }) => kind)).toEqual(['openShift', 'sell'])
  const picture = await fetch(`${register}/simulator/documents/${all[1]!.number}.png`)
  await keep('evening-fiscal-paper', Buffer.from(await picture.arrayBuffer()))
})

test('they change their mind: with a reason and a word the receipt goes back, and another is made', async () => {
  const { page } = waiter
  await page.getByRole('radio', { name: 'Наличные' }).check()
  await page.getByRole('button', { name: /^Принять/ }).click()
  await page.getByText('стоит другой способ оплаты').waitFor()
  await everySize(page, 'evening-otherwise', SIZES)
  await page.getByRole('button', { name: /^Заплатят иначе/ }).click()
  await page.getByRole('dialog', { name: 'Гости платят иначе' }).waitFor()
  await everySize(page, 'evening-why', SIZES)
  // The reasons are the owner's.
  await page.getByRole('dialog', { name: 'Гости платят иначе' }).getByRole('listitem').getByRole('button').first().click()
  await approved(page, 'Вернуть счёт в работу')
  await expect.poll(made, { timeout: 20_000 }).toEqual(['SELL DONE', 'OPEN_SHIFT DONE', 'SELL_RETURN DONE', 'SELL DONE'])
  const last = (await papers()).at(-1)!
  expect([last.kind, last.payments.cash]).toEqual(['sell', last.total])
})

test('the drawer is counted, and both have their Z', async () => {
  const { shift } = await admin.get<{ shift: { id: number } }>('/cash/desk')
  const { expected } = await admin.get<{ expected: string }>(`/cash/shifts/${shift.id}/x`)
  await admin.post(`/cash/shifts/${shift.id}/close`, { counted: expected })
  const z = await admin.get<{ shift: { z_number: number } }>(`/cash/shifts/${shift.id}/z`)
  expect(z.shift.z_number).toBe(1)
  const owner = await openSection(browser, box, 'fiscal', { viewport: LAPTOP })
  const { page } = owner
  await page.getByText('● готова').waitFor()
  await page.getByRole('button', { name: /^Действия: Касса/ }).click()
  await page.getByText('Закрыть смену (Z)').click()
  await expect.poll(async () => (await papers()).at(-1)!.kind, { timeout: 20_000 }).toBe('closeShift')
  await page.getByRole('tab', { name: 'Документы' }).click()
  await page.getByText('Закрытие смены (Z)').waitFor()
  await everySize(page, 'evening-documents', [LAPTOP, ...SIZES])
  expect([...waiter.complaints, ...owner.complaints]).toEqual([])
})
