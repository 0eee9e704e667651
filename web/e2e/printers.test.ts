// Printers: the owner adds one, looks at a slip as it is printed; a printer without paper is on every staff screen.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET } from './browser'
import { FakePrinter } from './fake-printer'
import { openSection } from './owner'
import { signIn } from './pad'
import { photograph } from './photograph'

let box: Box
let browser: Browser
let printer: FakePrinter

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  printer = await FakePrinter.open()
})

afterAll(async () => {
  printer?.close()
  await browser?.close()
  await box?.close()
})

const SCREENS = [
  ['laptop', { viewport: LAPTOP, colorScheme: 'light' }],
  ['tablet', { viewport: TABLET, colorScheme: 'dark' }],
  ['phone', { viewport: PHONE, locale: 'en-GB', colorScheme: 'dark' }],
] as const

test('an owner adds a printer, prints a test sheet, and sees the very dots', async () => {
  const { page, complaints } = await openSection(browser, box, 'printers', { locale: 'en-GB' })
  await page.getByText('No printers yet').waitFor()
  await expectAccessible(page, 'printers, none')
  await page.getByRole('button', { name: 'Add a printer' }).first().click()
  await page.getByLabel('Name').fill('Kitchen')
  await page.getByLabel('Address').fill(printer.address)
  await shot(page, 'printers-form')
  await expectAccessible(page, 'printers, form')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('127.0.0.1').waitFor()
  await page.getByRole('button', { name: 'Actions: Kitchen' }).click()
  await page.getByText('Print a test sheet').click()
  await page.getByText('The test sheet is on its way').waitFor()
  await page.getByRole('tab', { name: 'Queue' }).click()
  await page.getByText('✓ printed').waitFor()
  await page.getByRole('button', { name: 'Test sheet', exact: true }).click()
  const picture = page.getByRole('img', { name: /Test sheet/ })
  await picture.waitFor()
  expect(await picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(576)
  await shot(page, 'printers-preview')
  await expectAccessible(page, 'printers, preview')
  expect(complaints).toEqual([])
})

test.for(SCREENS)('fast text is chosen after the sheet of alphabets: %s', async ([name, options]) => {
  const { page, complaints } = await openSection(browser, box, 'printers', options)
  const en = name === 'phone'
  await page.getByRole('button', { name: /Kitchen/ }).click()
  await page.getByText(en ? 'Print the sheet of alphabets' : 'Листок алфавитов', { exact: true }).click()
  await page.getByText(en ? 'The sheet of alphabets is on its way' : 'Листок алфавитов отправлен').waitFor()
  await page.getByRole('button', { name: /Kitchen/ }).click()
  await page.getByText(en ? 'Edit' : 'Изменить', { exact: true }).click()
  await page.getByLabel(en ? 'Text' : 'Текст', { exact: true }).selectOption('cp866')
  await page.getByLabel(en ? 'Number of the code page' : 'Номер кодовой страницы').fill('17')
  await shot(page, `printers-letters-${name}`)
  await expectAccessible(page, `printers, letters, ${name}`)
  await page.getByRole('button', { name: en ? 'Save' : 'Сохранить' }).click()
  await page.getByText(en ? 'Saved: Kitchen' : 'Сохранено: Kitchen').waitFor()
  const admin = await box.signIn('admin')
  const letters = async () => (await admin.get<{ printers: { fast_text: unknown }[] }>('/printers')).printers[0]!.fast_text
  expect(await letters()).toEqual({ code_page: 'cp866', number: 17 })
  // And back to drawn text.
  await page.getByRole('button', { name: /Kitchen/ }).click()
  await page.getByText(en ? 'Edit' : 'Изменить', { exact: true }).click()
  await page.getByLabel(en ? 'Text' : 'Текст', { exact: true }).selectOption('')
  await page.getByRole('button', { name: en ? 'Save' : 'Сохранить' }).click()
  await expect.poll(letters).toBe(null)
  expect(complaints).toEqual([])
})

test.for(SCREENS)('a printer without paper is told of: %s', async ([name, options]) => {
  printer.hasPaper = false
  const { page } = await openSection(browser, box, 'printers', options)
  const en = name === 'phone'
  await page.getByRole('button', { name: /Kitchen/ }).click()
  await page.getByText(en ? 'Print a test sheet' : 'Пробная печать').click()
  await page.getByText(en ? 'no paper' : 'нет бумаги').first().waitFor()
  await shot(page, `printers-trouble-${name}`)
  await expectAccessible(page, `printers, trouble, ${name}`)
  await page.getByRole('tab', { name: en ? 'Queue' : 'Очередь' }).click()
  await page.getByText(en ? 'waits' : 'ждёт').first().waitFor()
  await shot(page, `printers-queue-${name}`)
  await expectAccessible(page, `printers, queue, ${name}`)
  printer.hasPaper = true
  await page.getByText(en ? '✓ printed' : '✓ напечатано').first().waitFor()
})

test('waiters and cooks read on their screens that a printer has no paper, within two seconds', async () => {
  const anna = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const cook = await openPage(browser, box.origin, { viewport: TABLET, colorScheme: 'dark' })
  await cook.page.goto(`${box.origin}/app/kitchen`)
  await cook.page.getByRole('button', { name: 'Войти по паролю' }).click()
  await cook.page.getByLabel('Имя для входа').fill('kitchen')
  await cook.page.getByLabel('Пароль').fill('kitchen')
  await cook.page.getByRole('button', { name: 'Войти', exact: true }).click()
  await cook.page.getByText('● на связи').waitFor()
  printer.hasPaper = false
  const admin = await box.signIn('admin')
  const { printers } = await admin.get<{ printers: { id: number }[] }>('/printers')
  await admin.post(`/printers/${printers[0]!.id}/test`, {})
  const said = 'Принтер «Kitchen»: нет бумаги, ждёт 1 листок.'
  for (const { page } of [anna, cook]) await page.getByText(said).waitFor({ timeout: 3_000 })
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [TABLET, PHONE]) {
      for (const [name, { page }] of [['waiter', anna], ['kitchen', cook]] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize(viewport)
        await shot(page, `printers-told-${name}-${viewport.width}-${colorScheme}`)
        await expectAccessible(page, `printers, told, ${name}`)
      }
    }
  }
  printer.hasPaper = true
  for (const { page } of [anna, cook]) await page.getByText(said).waitFor({ state: 'hidden' })
})

test('of a printer that says nothing the owner reads that nobody knows whether it prints', async () => {
  const silent = await FakePrinter.open()
  silent.isSilent = true
  const admin = await box.signIn('admin')
  const made = { name: 'Bar', kind: 'tcp', address: silent.address, width_dots: 384, documents: [] }
  const { id } = await admin.post<{ id: number }>('/printers', made)
  await admin.post(`/printers/${id}/test`, {})
  for (const locale of ['en-GB', 'ru-RU'] as const) {
    const en = locale === 'en-GB'
    const { page } = await openSection(browser, box, 'printers', { locale, viewport: en ? PHONE : LAPTOP })
    await page.getByText(en ? 'not known whether it prints' : 'неизвестно, печатает ли').waitFor()
    await shot(page, `printers-silent-${locale}`)
    await expectAccessible(page, `printers, silent, ${locale}`)
    await page.getByRole('tab', { name: en ? 'Queue' : 'Очередь' }).click()
    await page.getByText(en ? 'handed over' : 'передано').first().waitFor()
    await shot(page, `printers-silent-queue-${locale}`)
    await expectAccessible(page, `printers, silent queue, ${locale}`)
  }
  silent.close()
})

test.for(['en-GB', 'ru-RU'])('a printer for which slips wait stays until somebody prints instead: %s', async (locale) => {
  const en = locale === 'en-GB'
  const name = `Terrace ${en ? 1 : 2}`
  const { page } = await openSection(browser, box, 'printers', { locale, viewport: en ? PHONE : LAPTOP, colorScheme: en ? 'dark' : 'light' })
  const admin = await box.signIn('admin')
  // What is written wrong is said at its field.
  await page.getByRole('button', { name: en ? 'Add a printer' : 'Добавить принтер' }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel(en ? 'Name' : 'Название').fill(name)
  await form.getByLabel(en ? 'Address' : 'Адрес').fill('http://192.168.1.50')
  await page.keyboard.press('Enter')
  await form.getByText(en ? /Write the address alone/ : /Напишите только адрес/).waitFor()
  await shot(page, `printers-address-${locale}`)
  await expectAccessible(page, `printers, a wrong address, ${locale}`)
  // Nobody is there.
  await form.getByLabel(en ? 'Address' : 'Адрес').fill('127.0.0.1:9')
  await page.keyboard.press('Enter')
  await form.waitFor({ state: 'hidden' })
  const { printers } = await admin.get<{ printers: { id: number; name: string }[] }>('/printers')
  const made = printers.find((one) => one.name === name)!
  const { categories } = await box.call<{ categories: { dishes: { id: number; variations: { id: number }[] }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!
  const { tables } = await admin.get<{ tables: { id: number; is_occupied: boolean }[] }>('/tables/')
  const table = tables.find(({ is_occupied }) => !is_occupied)!
  const items = [{ dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity: 1 }]
  await admin.post('/orders/', { table_id: table.id, order_type: 'DINE_IN', items })
  const remove = async () => {
    await page.getByRole('button', { name: en ? `Actions: ${name}` : `Действия: ${name}` }).click()
    await page.getByRole('menuitem', { name: en ? 'Remove' : 'Удалить' }).click()
    await page.getByRole('dialog').getByRole('button', { name: en ? 'Remove' : 'Удалить', exact: true }).click()
  }
  await remove()
  await page.getByText(en ? /^▲ 1 slip waits for “Terrace 1”/ : /1 листок ждёт\. Выберите/).waitFor()
  await shot(page, `printers-slips-wait-${locale}`)
  await expectAccessible(page, `printers, slips wait, ${locale}`)
  await page.keyboard.press('Escape')
  await admin.patch(`/printers/${made.id}`, { stand_in_id: printers.find((one) => one.name === 'Kitchen')!.id })
  await remove()
  await page.getByText(en ? `Removed: ${name}` : `Удалён: ${name}`).waitFor()
  await page.getByRole('tab', { name: en ? 'Queue' : 'Очередь' }).click()
  await page.getByText(en ? '✓ printed' : '✓ напечатано').first().waitFor({ timeout: 20_000 })
  // What is on paper goes to another by a tap.
  await page.getByRole('button', { name: en ? /^Actions: Kitchen ticket/ : /^Действия: Кухонный листок/ }).first().click()
  await page.getByRole('menuitem', { name: en ? 'Print on “Bar”' : 'Напечатать на «Bar»' }).waitFor()
  await shot(page, `printers-print-on-${locale}`)
  await expectAccessible(page, `printers, print elsewhere, ${locale}`)
})

test('printers are looked for, and one is taken by a tap', async () => {
  const { page } = await openSection(browser, box, 'printers', { locale: 'en-GB' })
  // What is in this network nobody knows.
  await page.route('**/printers/scan', (route) =>
    route.fulfill({ json: { found: [{ address: '192.168.1.50', name: 'TM-m30III', printer_id: null }, { address: '192.168.1.51', name: null, printer_id: 1 }] } }),
  )
  await page.getByRole('button', { name: 'Add a printer' }).first().click()
  await page.getByRole('button', { name: 'Find printers' }).click()
  await page.getByRole('button', { name: '192.168.1.50 TM-m30III' }).click()
  await shot(page, 'printers-found')
  await expectAccessible(page, 'printers, found')
  expect(await page.getByLabel('Address').inputValue()).toBe('192.168.1.50')
  expect(await page.getByLabel('Name').inputValue()).toBe('TM-m30III')
  expect(await page.getByRole('button', { name: '192.168.1.51 added already' }).isDisabled()).toBe(true)
})

test.for(['en-GB', 'ru-RU'])('a printer that asks the box gets its address from it: %s', async (locale) => {
  const en = locale === 'en-GB'
  const { page, complaints } = await openSection(browser, box, 'printers', { locale, viewport: en ? LAPTOP : PHONE })
  await page.getByRole('button', { name: en ? 'Add a printer' : 'Добавить принтер' }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel(en ? 'Name' : 'Название').fill(`Asks ${locale}`)
  const way = form.getByLabel(en ? 'How it is connected' : 'Как подключён')
  await way.selectOption('epos')
  await form.getByLabel(en ? 'Address' : 'Адрес').fill('192.168.1.51')
  await shot(page, `printers-epos-${locale}`)
  await way.selectOption('pull')
  await form.getByText(en ? /as soon as you save/ : /как только вы сохраните/).waitFor()
  await form.getByRole('button', { name: en ? 'Save' : 'Сохранить' }).click()
  const star = form.locator('code').nth(1)
  await star.waitFor()
  await shot(page, `printers-asks-${locale}`)
  await expectAccessible(page, `printers, asks, ${locale}`)
  const url = await star.innerText()
  expect(url).toMatch(/^http:\/\/.*\/print\/star\/[0-9a-f]{24}$/)
  // By that address the printer is let in, over the box's own port of this test.
  const { pathname } = new URL(url)
  const poll = { method: 'POST', body: '{"statusCode":"200%20OK"}', headers: { 'Content-Type': 'application/json' } }
  const reply = await fetch(`${box.origin}${pathname}`, poll)
  expect([reply.status, await reply.json()]).toMatchObject([200, { jobReady: false }])
  // Saved again, it stays the same.
  await form.getByLabel(en ? 'Name' : 'Название').fill(`Asks by itself ${locale}`)
  await page.keyboard.press('Enter')
  await form.waitFor({ state: 'hidden' })
  await page.getByText(`Asks by itself ${locale}`).first().waitFor()
  expect((await fetch(`${box.origin}${pathname}`, poll)).status).toBe(200)
  await shot(page, `printers-asks-list-${locale}`)
  expect(complaints).toEqual([])
})

test('the logo is shown as it is printed, and taken off', async () => {
  const { page, complaints } = await openSection(browser, box, 'printers')
  await page.getByRole('tab', { name: 'Логотип' }).click()
  await page.getByText('Логотипа нет').waitFor()
  await page.locator('input[type=file]').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: photograph(600, 300) })
  const logo = page.getByRole('img', { name: 'Логотип на бумаге' }).first()
  await expect.poll(() => logo.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])).toEqual([360, 180])
  for (const viewport of [LAPTOP, TABLET, { width: 768, height: 1024 }, PHONE]) {
    await page.setViewportSize(viewport)
    await shot(page, `printers-logo-${viewport.width}`)
    await expectAccessible(page, `printers, logo, ${viewport.width}`)
  }
  await page.getByRole('button', { name: 'Убрать логотип' }).click()
  await page.getByText('Логотипа нет').waitFor()
  expect(complaints).toEqual([])
})
