// The first evening of an owner: a new box, a room with tables, printed codes that guests can use, and a waiter.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'

const jsqr = createRequire(import.meta.url).resolve('jsqr/dist/jsQR.js')

let box: Box
let browser: Browser
let owner: Watched
let admin: Person

beforeAll(async () => {
  // No tablet is paired here yet; devices have a test of their own.
  box = await Box.first({ QRES_PIN_NEEDS_DEVICE: 'false' })
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const codeOnConsole = (): string => /Set-up code: (\S+)/.exec(box.console)![1]!

async function typeRestaurant(page: Page): Promise<void> {
  await page.getByLabel('Название').fill('У Нино')
  expect(await page.getByLabel('Валюта').inputValue()).toBe('RUB')
  await page.getByLabel('Часовой пояс').selectOption('Asia/Tbilisi')
}

test('a new box leads to its set-up, and a wrong code opens nothing', async () => {
  const { page, complaints } = await openPage(browser, box.origin, { locale: 'ru-RU', viewport: PHONE })
  await page.goto(`${box.origin}/`)
  expect(new URL(page.url()).pathname).toBe('/setup')
  await expectAccessible(page, 'set-up, code')
  await shot(page, 'setup-1-phone')
  await page.getByLabel('Код коробки').fill('AAAAA-AAAAA')
  await page.getByRole('button', { name: 'Дальше' }).click()
  // Screens 25: an empty name is told at its step.
  await page.getByRole('button', { name: 'Дальше' }).click()
  await page.getByText('Заполните это поле.').waitFor()
  await page.getByText('Шаг 2 из 3').waitFor()
  await typeRestaurant(page)
  await expectAccessible(page, 'set-up, restaurant')
  await shot(page, 'setup-2-phone')
  await page.getByRole('button', { name: 'Дальше' }).click()
  await page.getByLabel('Имя и фамилия').fill('Нино Гелашвили')
  await page.getByLabel('Имя для входа').fill('нино')
  await page.getByLabel('Пароль').fill('short')
  await page.getByRole('button', { name: 'Начать работу' }).click()
  await page.getByText('От 3 до 50 латинских букв').waitFor()
  await page.getByText('Не меньше 8 знаков.').waitFor()
  await expectAccessible(page, 'set-up, refused fields')
  await shot(page, 'setup-3-phone-refused')
  await page.getByLabel('Имя для входа').fill('nino')
  await page.getByLabel('Пароль').fill('a good secret')
  await page.getByRole('button', { name: 'Начать работу' }).click()
  await page.getByText('Код не тот.').waitFor()
  expect(await box.call('GET', '/setup/state', null)).toEqual({ needed: true, restored: false })
  expect(complaints).toEqual([])
})

test('the code of the console makes a restaurant and its first admin', async () => {
  owner = await openPage(browser, box.origin, { viewport: LAPTOP })
  const { page } = owner
  await page.goto(`${box.origin}/setup#${codeOnConsole()}`)
  await typeRestaurant(page)
  await shot(page, 'setup-2-laptop')
  await page.getByRole('button', { name: 'Дальше' }).click()
  await page.getByLabel('Имя и фамилия').fill('Нино Гелашвили')
  await page.getByLabel('Имя для входа').fill('nino')
  await page.getByLabel('Пароль').fill('a good secret')
  await page.getByLabel('PIN').fill('4711')
  await page.getByRole('button', { name: 'Начать работу' }).click()
  await page.getByRole('heading', { name: 'У Нино: можно работать' }).waitFor()
  await expectAccessible(page, 'set-up, done')
  await shot(page, 'setup-done-laptop')
  expect(await box.call('GET', '/restaurant', null)).toMatchObject({ name: 'У Нино', timezone: 'Asia/Tbilisi' })
  admin = await box.signIn('nino', 'a good secret')
  const methods = await admin.get<{ payment_methods: { name: string }[] }>('/payment-methods')
  expect(methods.payment_methods.map(({ name }) => name)).toEqual(['Наличные', 'Карта'])
  await page.getByRole('link', { name: /Расставить столы/ }).click()
  await page.getByText('Залов пока нет').waitFor()
  await shot(page, 'rooms-empty-laptop')
  const again = await openPage(browser, box.origin)
  await again.page.goto(`${box.origin}/setup`)
  expect(new URL(again.page.url()).pathname, 'nobody can set it up twice').toBe('/app/admin')
})

interface Table {
  id: number
  number: number
  x: number | null
  y: number | null
  shape: string
  qr_code: string
}
const tables = async (): Promise<Table[]> => (await admin.get<{ tables: Table[] }>('/tables')).tables

async function middle(plate: Locator): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = (await plate.boundingBox())!
  return { x: x + width / 2, y: y + height / 2 }
}

test('a room gets its tables, and they are placed by mouse and by key', async () => {
  const { page } = owner
  await page.getByRole('button', { name: 'Добавить первый зал' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Название').fill('Зал')
  await sheet.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('В зале пока нет столов').waitFor()
  await page.getByRole('button', { name: 'Добавить столы' }).click()
  await sheet.getByLabel('Сколько').fill('6')
  await sheet.getByRole('button', { name: 'Добавить' }).click()
  await page.getByText('✓ Добавлено: 6 столов').waitFor()

  const plan = page.getByRole('group', { name: 'План: Зал' })
  const first = plan.getByRole('button', { name: 'Стол 1,' })
  const from = await middle(first)
  const ground = (await plan.boundingBox())!
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 20, from.y + 20)
  await page.mouse.move(ground.x + ground.width * 0.5, ground.y + ground.height * 0.6, { steps: 5 })
  await page.mouse.up()
  await page.getByText('✓ План сохранён').waitFor()
  expect((await tables())[0]).toMatchObject({ x: 500, y: 600 })
  await first.press('ArrowRight')
  await first.press('ArrowUp')
  await expect.poll(async () => (await tables())[0]).toMatchObject({ x: 520, y: 570 })
  await page.getByRole('button', { name: 'круглый' }).click()
  await expect.poll(async () => (await tables())[0]?.shape).toBe('round')
  await expectAccessible(page, 'rooms, a plan')
  await page.setViewportSize({ width: 1440, height: 1300 })
  await shot(page, 'rooms-plan-laptop')
  expect(owner.complaints).toEqual([])
})

/** What a camera reads from a picture. */
async function scanned(picture: Buffer): Promise<string | null> {
  const { page } = await openPage(browser, box.origin)
  await page.goto(`${box.origin}/favicon.svg`)
  const source = await readFile(jsqr, 'utf8')
  // A browser's page has no modules of its own: the library then hangs itself onto the window.
  await page.evaluate(source)
  return page.evaluate(async (data) => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas') as HTMLCanvasElement
    canvas.width = image.width
    canvas.height = image.height
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, 0)
    const { data: pixels, width, height } = context.getImageData(0, 0, image.width, image.height)
    type Read = (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null
    return (window as unknown as { jsQR: Read }).jsQR(pixels, width, height)?.data ?? null
  }, picture.toString('base64'))
}

test('the printed sheet opens the menu at its table, until the code is renewed', async () => {
  const { page } = owner
  await page.getByRole('button', { name: 'Напечатать QR-коды' }).click()
  const frame = page.frameLocator('iframe')
  await frame.locator('.card').first().waitFor()
  expect(await frame.locator('.card').count()).toBe(6)
  await shot(page, 'rooms-qr-sheet-laptop')
  await expectAccessible(page, 'rooms, the sheet of codes')
  await page.emulateMedia({ media: 'print' })
  const address = await scanned(await frame.locator('.code').first().screenshot())
  await page.emulateMedia({ media: 'screen' })
  await page.keyboard.press('Escape')
  expect(address).toContain('/menu/')

  const code = new URL(address!).pathname
  const guest = await openPage(browser, box.origin)
  await guest.page.goto(box.origin + code)
  await guest.page.getByText('Стол 1', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Действия: Стол 1', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Новый QR-код' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Новый QR-код' }).click()
  await page.getByText('✓ Стол 1: новый код').waitFor()
  const late = await openPage(browser, box.origin)
  await late.page.goto(box.origin + code)
  await late.page.getByText('не действует').waitFor()
})

test('a waiter who was added signs in by PIN, and may not do what is the owner’s', async () => {
  const { page } = owner
  await page.getByRole('link', { name: 'Сотрудники' }).click()
  await page.getByRole('button', { name: 'Добавить сотрудника' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Имя и фамилия').fill('Анна Белова')
  await sheet.getByLabel('Имя для входа').fill('anna')
  await sheet.getByLabel('PIN').fill('12')
  await sheet.getByLabel('Пароль').fill('a long secret')
  await sheet.getByRole('button', { name: 'Сохранить' }).click()
  await sheet.getByText('▲ От 4 до 6 цифр.').waitFor()
  await expectAccessible(page, 'people, a refused PIN')
  await shot(page, 'staff-refused-laptop')
  await sheet.getByLabel('PIN').fill('2468')
  await sheet.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('✓ Добавлено: Анна Белова').waitFor()
  await expectAccessible(page, 'people')
  await shot(page, 'staff-laptop')

  const waiter = await openPage(browser, box.origin, { viewport: TABLET })
  await waiter.page.goto(`${box.origin}/app/waiter`)
  await waiter.page.getByRole('button', { name: /Анна Белова/ }).click()
  for (const digit of '2468') await waiter.page.getByRole('button', { name: digit, exact: true }).click()
  await waiter.page.getByRole('button', { name: 'Войти', exact: true }).click()
  await waiter.page.getByText('● на связи').waitFor()

  const anna = await box.signIn('anna', 'a long secret')
  await expect(anna.patch('/restaurant', { name: 'Mine' })).rejects.toThrow('403')
  await expect(anna.get('/users')).rejects.toThrow('403')
  await expect(anna.post(`/tables/${(await tables())[0]!.id}/qr/renew`)).rejects.toThrow('403')

  await page.getByRole('button', { name: 'Действия: Анна Белова' }).click()
  await page.getByRole('menuitem', { name: 'Удалить PIN' }).click()
  await page.getByText('✓ Анна Белова: PIN больше не действует').waitFor()
  await expect(box.call('POST', '/auth/login/pin', null, { username: 'anna', pin_code: '2468' })).rejects.toThrow('401')
  await page.getByRole('button', { name: 'Действия: Анна Белова' }).click()
  await page.getByRole('menuitem', { name: 'Сменить пароль' }).click()
  await sheet.getByRole('textbox', { name: 'Новый пароль' }).fill('another secret')
  await sheet.getByRole('textbox', { name: 'Ваш пароль' }).fill('wrong')
  await sheet.getByRole('button', { name: 'Сохранить' }).click()
  await sheet.getByText('Ваш пароль не подходит').waitFor()
  await sheet.getByRole('textbox', { name: 'Ваш пароль' }).fill('a good secret')
  await sheet.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('✓ Анна Белова: новый пароль действует').waitFor()
  await box.signIn('anna', 'another secret')
})

test('the settings are kept and reach the other screens', async () => {
  const { page } = owner
  await page.getByRole('link', { name: 'Настройки' }).click()
  await page.getByLabel('Название').fill('У Нино и Гии')
  await page.getByLabel('Заказ гостя с телефона').selectOption('direct')
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('✓ Настройки сохранены').waitFor()
  await page.locator('.house', { hasText: 'У Нино и Гии' }).waitFor()
  expect(await box.call('GET', '/restaurant', null)).toMatchObject({ name: 'У Нино и Гии', guest_orders: 'direct' })
  await expectAccessible(page, 'settings')
  await shot(page, 'settings-laptop')
})

// Screens 26: the first day was six zeros at an axis and nothing to begin with.
test('the first day shows what is still to be done, and ticks off what is', async () => {
  const { page } = owner
  await page.getByRole('link', { name: 'Сегодня' }).click()
  const steps = page.getByRole('region', { name: 'Первые шаги' })
  await steps.getByText('сделано 3 из 6').waitFor()
  expect(await page.locator('.big').count()).toBe(0)
  const category = await admin.post<{ id: number }>('/categories', { name: 'Супы' })
  const dish = await admin.post<{ id: number }>('/dishes', { name: 'Борщ', category_id: category.id })
  await admin.post(`/dishes/${dish.id}/variations`, { name: 'Порция', price: '350', is_default: true })
  await steps.getByText('сделано 4 из 6').waitFor()
  await expectAccessible(page, 'today, first steps')
  for (const width of [390, 768, 1024]) {
    await page.setViewportSize({ width, height: 768 })
    const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await expect.poll(over, { message: `today scrolls sideways at ${width}` }).toBe(0)
    await shot(page, `today-first-${width}`)
  }
  // screens-1, 26: the way out is in sight at 1024 × 768.
  await page.getByRole('button', { name: 'Выйти' }).waitFor()
  const out = (await page.getByRole('button', { name: 'Выйти' }).boundingBox())!
  expect(out.y + out.height).toBeLessThanOrEqual(768)
  await page.setViewportSize(LAPTOP)
  await admin.delete(`/dishes/${dish.id}`)
  await admin.delete(`/categories/${category.id}`)
})

test('every section holds together on a phone and a tablet, by night, in English', async () => {
  const { page, complaints } = owner
  await page.getByRole('button', { name: 'EN, English' }).click()
  await page.emulateMedia({ colorScheme: 'dark' })
  for (const [name, size] of [['phone', PHONE], ['tablet', TABLET]] as const) {
    await page.setViewportSize(size)
    // On a phone the rest of the navigation stands behind a button.
    await page.getByRole('button', { name: 'More' }).waitFor({ state: name === 'phone' ? 'visible' : 'hidden' })
    for (const section of ['Rooms', 'Staff', 'Settings']) {
      const link = page.getByRole('link', { name: section, exact: true })
      if (!(await link.isVisible())) await page.getByRole('button', { name: 'More' }).click()
      await link.click()
      await page.getByRole('heading', { level: 1, name: section }).waitFor()
      await page.getByText('Loading…').waitFor({ state: 'detached' })
      await expectAccessible(page, `${section}, ${name}`)
      await shot(page, `${section.toLowerCase()}-${name}-dark-en`)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, `${section} on a ${name} is no wider than the screen`).toBeLessThanOrEqual(0)
    }
  }
  expect(complaints).toEqual([])
})
