// Takes the pictures of docs/GUIDE.md and docs/GUIDE.ru.md, each from the screen that it shows, and keeps them small.

import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { Box, Wire, type Person } from '../box'
import { openBrowser, openPage, PHONE, TABLET } from '../browser'

const folder = fileURLToPath(new URL('../../../docs/guide/', import.meta.url))
/** a kitchen's wall, small enough for a page */
const WALL = { width: 1600, height: 900 }
const QUALITY = 0.8

interface Table {
  id: number
  number: number
  location_id: number
  qr_code: string
}
interface Dish {
  id: number
  name: string
}

let browser: Browser
/** a page that turns PNG into WebP, as a browser can */
let press: Page

beforeAll(async () => {
  browser = await openBrowser()
  press = await browser.newPage()
})

afterAll(() => browser?.close())

async function picture(page: Page, lang: string, name: string): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))))
  const png = (await page.screenshot()).toString('base64')
  const small = await press.evaluate(
    async ([data, quality]) => {
      const image = new Image()
      image.src = `data:image/png;base64,${data}`
      await image.decode()
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
      canvas.getContext('2d')!.drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', quality).split(',')[1]!
    },
    [png, QUALITY] as const,
  )
  await mkdir(folder + lang, { recursive: true })
  await writeFile(`${folder}${lang}/${name}.webp`, Buffer.from(small, 'base64'))
}

describe.each([
  { lang: 'ru', locale: 'ru-RU' },
  { lang: 'en', locale: 'en-GB' },
])('$lang', ({ lang, locale }) => {
  const say = (ru: string, en: string): string => (lang === 'ru' ? ru : en)
  let box: Box
  let admin: Person
  let waiter: Person
  let tables: Table[]
  let dishes: Dish[]
  /** the number of an order with a past */
  let told: number

  const table = (number: number): Table => tables.find((one) => one.number === number)!
  const dish = (name: RegExp): number => dishes.find((one) => name.test(one.name))!.id
  const order = (number: number, names: RegExp[], comment?: string, isInCourses = false): Promise<{ id: number; number: number; items: { id: number }[] }> =>
    waiter.post('/orders', {
      table_id: table(number).id,
      items: names.map((name, at) => ({
        dish_id: dish(name),
        quantity: 1 + (at % 2),
        ...(at === 0 && comment ? { comment } : {}),
        ...(isInCourses ? { course: at + 1 } : {}),
      })),
    })

  interface Checks {
    version: number
    checks: { id: number; version: number; total: string; due: string; lines: { item_id: number }[]; payments: { id: number }[] }[]
  }

  /** A bill with a past: a discount, two checks, a card and cash, and a dish that was paid back. */
  async function aStory(): Promise<number> {
    const { id, number } = await order(6, [/^Бефстроганов/, /^Борщ/, /^Цезарь/])
    const bill = (): Promise<Checks> => admin.get(`/orders/${id}/checks`)
    const [whole] = (await bill()).checks
    await admin.post(`/checks/${whole!.id}/adjustments`, { kind: 'percent', value: '10', reason: say('Долго ждали', 'Waited too long'), version: whole!.version })
    const { version, checks } = await bill()
    await admin.post(`/orders/${id}/split`, { version, by: 'lines', checks: [[{ item_id: checks[0]!.lines[0]!.item_id, quantity: 1 }]] })
    const methods = await admin.get<{ id: number }[]>('/payment-methods/active')
    for (const [at, { id: check, due }] of (await bill()).checks.entries()) {
      await admin.post(`/checks/${check}/payments`, { method_id: methods[at]!.id, amount: due, expected_due: due })
    }
    const second = (await bill()).checks[1]!
    await admin.post(`/payments/${second.payments[0]!.id}/refunds`, { lines: [{ item_id: second.lines[0]!.item_id, quantity: 1 }], reason: say('Блюдо не понравилось', 'Did not like the dish') })
    return number
  }

  /** What a house has that an owner sets: a tax that will change, rules of its own, an account, meat by weight. */
  async function aHouse(): Promise<void> {
    await admin.post('/tax-classes', {
      name: say('Вино', 'Wine'),
      kind: 'INCLUDED',
      rates: [
        { valid_from: null, percent: '20' },
        { valid_from: '2099-01-01', percent: '22' },
      ],
    })
    for (const rule of [
      { kind: 'SERVICE', name: say('Обслуживание компаний', 'Service for parties'), percent: '10', conditions: { least_guests: 6 } },
      { kind: 'FEE', name: say('Упаковка', 'Packing'), amount: '50', conditions: { order_type: 'TAKEAWAY' } },
    ]) {
      await admin.post('/adjustment-rules', rule)
    }
    const { payment_methods } = await admin.get<{ payment_methods: { id: number; kind: string }[] }>('/payment-methods')
    const onAccount = payment_methods.find(({ kind }) => kind === 'ACCOUNT')!
    await admin.patch(`/payment-methods/${onAccount.id}`, { name: say('Со счёта гостя', 'On account') })
    const account = await admin.post<{ id: number }>('/house-accounts', { name: say('ООО «Ромашка»', 'Daisy Ltd'), credit_limit: '10000' })
    const [cash] = await admin.get<{ id: number }[]>('/payment-methods/active')
    await admin.post(`/house-accounts/${account.id}/pay-in`, { amount: '25000', method_id: cash!.id, expected_balance: '0', reason: say('Банкет в пятницу', 'Banquet on Friday') })
    // Of a section that no other picture shows: what they cost must not depend on when they are taken.
    const { categories } = await admin.get<{ categories: { id: number; name: string }[] }>('/categories/')
    const target_id = categories.find(({ name }) => name === 'Бар')!.id
    const workdays = await admin.post<{ id: number }>('/periods', { name: say('Счастливые часы', 'Happy hour'), weekdays: [1, 2, 3, 4], time_from: '15:00', time_to: '18:00' })
    const nights = await admin.post<{ id: number }>('/periods', { name: say('Ночь', 'Night'), weekdays: [5, 6], time_from: '22:00', time_to: '03:00' })
    for (const [period, name, percent] of [
      [workdays, say('Счастливые часы', 'Happy hour'), '-20'],
      [nights, say('Ночное меню', 'Night menu'), '10'],
    ] as const) {
      await admin.post('/price-lists', { name, period_id: period.id, round_to: '10', prices: [{ scope: 'CATEGORY', target_id, kind: 'PERCENT', percent }] })
    }
    const { id } = await admin.post<{ id: number }>('/dishes/', { name: say('Лопатка на углях', 'Shoulder on coals'), category_id: categories[0]!.id, department: 'grill' })
    await admin.post(`/dishes/${id}/variations/`, { name: say('На углях', 'On coals'), price: '180', unit: '100g' })
  }

  async function enterPin(page: Page, name: string, pin: string): Promise<void> {
    await page.getByRole('button', { name }).click()
    for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
    await page.getByRole('button', { name: say('Войти', 'Sign in'), exact: true }).click()
    await page.getByText(/● (на связи|live)/).waitFor()
  }

  beforeAll(async () => {
    box = await Box.demo({}, 45)
    admin = await box.signIn('admin')
    waiter = await box.signIn('waiter')
    tables = (await admin.get<{ tables: Table[] }>('/tables/')).tables
    const menu = await box.call<{ categories: { dishes: Dish[] }[] }>('GET', '/dishes/menu', null)
    dishes = menu.categories.flatMap((category) => category.dishes)
    const hall = tables.filter((one) => one.location_id === table(1).location_id)
    for (const [at, { id }] of hall.entries()) {
      const shape = (['square', 'round'] as const)[at % 2]
      await admin.patch(`/tables/${id}`, { x: 110 + (at % 5) * 195, y: 150 + Math.floor(at / 5) * 320, shape })
    }
    await order(2, [/^Борщ/, /^Маргарита/], say('без сметаны', 'no sour cream'))
    const second = await order(5, [/карбонара/, /^Цезарь/, /^Хачапури по-аджарски/], say('соус отдельно', 'sauce on the side'))
    await admin.post(`/kitchen/orders/${second.id}/ready`, { item_ids: [second.items[0]!.id] })
    const third = await order(8, [/^Маргарита/, /^Бефстроганов/])
    await admin.post(`/kitchen/orders/${third.id}/start`, {})
    const eleventh = await order(11, [/^Цезарь/, /^Хинкали/, /^Медовик/], undefined, true)
    const known = await admin.post<{ id: number }>('/customers', {
      name: say('Анна Петрова', 'Anna Peters'),
      phone: '+7 912 345-67-89',
      allergies: say('орехи', 'nuts'),
      notes: say('любит стол у окна', 'likes the table at the window'),
      birthday: '1990-05-17',
      consents: [{ kind: 'DATA', is_given: true, text_version: '2026-11' }],
    })
    await admin.put(`/orders/${eleventh.id}/customer`, { customer_id: known.id })
    const guest = await box.call<{ token: string }>('POST', '/guest/session', null, { qr_code: table(12).qr_code })
    await box.call('POST', '/guest/orders', guest.token, { items: [{ dish_id: dish(/^Борщ/), quantity: 2 }] })
    const other = await box.call<{ token: string }>('POST', '/guest/session', null, { qr_code: table(8).qr_code })
    await box.call('POST', '/guest/calls', other.token, { kind: 'waiter' })
    told = await aStory()
    await aHouse()
  })

  afterAll(() => box?.close())

  test('the owner', async () => {
    const first = await Box.first()
    try {
      const { page } = await openPage(browser, first.origin, { locale, viewport: TABLET })
      await page.goto(`${first.origin}/setup`)
      await page.getByRole('textbox').first().waitFor()
      await picture(page, lang, 'setup')
    } finally {
      await first.close()
    }
    const { page } = await openPage(browser, box.origin, { locale, viewport: { width: 1280, height: 800 } })
    await page.goto(`${box.origin}/app/admin/today`)
    await page.getByLabel(say('Имя для входа', 'User name')).fill('admin')
    await page.getByLabel(say('Пароль', 'Password')).fill('admin')
    await page.getByRole('button', { name: say('Войти', 'Sign in'), exact: true }).click()
    await page.locator('.big').waitFor()
    await picture(page, lang, 'admin-today')
    const open = async (ru: string, en: string) => {
      await page.getByRole('link', { name: say(ru, en), exact: true }).click()
      await page.getByRole('heading', { level: 1, name: say(ru, en) }).waitFor()
      await page.waitForLoadState('networkidle')
    }
    await open('Меню', 'Menu')
    await page.getByRole('button', { name: new RegExp(say('^Маргарита', '^Margherita|^Маргарита')) }).first().click()
    await page.getByRole('dialog').waitFor()
    await picture(page, lang, 'admin-menu')
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: say('Добавки', 'Options') }).click()
    await page.getByText('Прожарка').first().waitFor()
    await picture(page, lang, 'admin-options')
    await page.getByRole('tab', { name: say('Комбо', 'Combos') }).click()
    await page.getByRole('listitem', { name: 'Бизнес-ланч' }).waitFor()
    await picture(page, lang, 'admin-combos')
    await open('Цены', 'Prices')
    await page.getByRole('button', { name: new RegExp(say('^Ночное меню, суббота', '^Night menu, Saturday')) }).first().waitFor()
    await picture(page, lang, 'admin-prices')
    await open('Залы', 'Rooms')
    await picture(page, lang, 'admin-rooms')
    await open('Сотрудники', 'Staff')
    await page.getByRole('table').waitFor()
    await picture(page, lang, 'admin-staff')
    await open('Отчёты', 'Reports')
    await page.getByLabel(say('Дни', 'Days')).selectOption('month')
    await page.locator('tfoot').waitFor()
    await page.waitForLoadState('networkidle')
    await picture(page, lang, 'admin-reports')
    await open('Права', 'Permissions')
    await page.getByRole('table').waitFor()
    await picture(page, lang, 'admin-permissions')
    await page.getByRole('tab', { name: say('Причины', 'Reasons') }).click()
    await page.waitForLoadState('networkidle')
    await picture(page, lang, 'admin-reasons')
    await open('Налоги', 'Taxes')
    await page.getByText(say('с 1 января 2099 г.', 'from 1 January 2099')).first().waitFor()
    await picture(page, lang, 'admin-taxes')
    await open('Сборы и скидки', 'Charges and discounts')
    await page.getByRole('cell', { name: say('Упаковка', 'Packing') }).first().waitFor()
    await picture(page, lang, 'admin-charges')
    await open('Счета гостей', 'Accounts')
    await page.getByRole('button', { name: say('ООО «Ромашка»', 'Daisy Ltd') }).click()
    await page.getByRole('dialog').getByText(say('Депозит', 'Deposit')).first().waitFor()
    await picture(page, lang, 'admin-account')
    await page.keyboard.press('Escape')
    await open('Гости', 'Guests')
    await page.getByRole('button', { name: say('Анна Петрова', 'Anna Peters') }).click()
    await page.getByRole('dialog').getByText(say('орехи', 'nuts')).first().waitFor()
    await picture(page, lang, 'admin-customers')
    await page.keyboard.press('Escape')
    await open('Заказы', 'Orders')
    await page.getByRole('button', { name: say(`Заказ ${told}`, `Order ${told}`), exact: true }).first().click()
    const story = page.getByRole('dialog')
    await story.getByText(say('Долго ждали', 'Waited too long')).last().scrollIntoViewIfNeeded()
    await picture(page, lang, 'admin-history')
  })

  test('the cook', async () => {
    const { page } = await openPage(browser, box.origin, { locale, viewport: WALL })
    await page.goto(`${box.origin}/app/kitchen`)
    await enterPin(page, 'Георгий Кахидзе', '1004')
    await page.getByRole('article').first().waitFor()
    await page.waitForLoadState('networkidle')
    await picture(page, lang, 'kitchen-wall')
    await page.getByRole('button', { name: new RegExp(say('^Раздача', '^Pass')) }).click()
    await page.getByRole('article').first().waitFor()
    await picture(page, lang, 'kitchen-pass')
  })

  test('the waiter', async () => {
    const wire = await Wire.to(box)
    const { page } = await openPage(browser, wire.origin, { locale, viewport: TABLET, hasTouch: true })
    await page.goto(`${wire.origin}/app/waiter`)
    await enterPin(page, 'Анна Соколова', '1003')
    const plate = (number: number) =>
      page.getByRole('main').getByRole('button', { name: new RegExp(`^${say('Стол', 'Table')} ${number}(?!\\d)`) })
    await plate(5).waitFor()
    await picture(page, lang, 'waiter-room')
    await plate(11).click()
    await page.getByRole('heading', { name: new RegExp(say('^Вторая подача', '^Second course')) }).waitFor()
    await page.getByText(say('Аллергии: орехи', 'Allergies: nuts')).waitFor()
    await picture(page, lang, 'waiter-courses')
    await page.getByRole('button', { name: say('Анна Петрова', 'Anna Peters') }).click()
    await page.getByRole('dialog', { name: say('Анна Петрова', 'Anna Peters') }).waitFor()
    await picture(page, lang, 'waiter-guest')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await plate(2).click()
    await page.getByRole('button', { name: say('Добавить', 'Add'), exact: true }).click()
    await page.getByRole('button', { name: say('Место…', 'Seat…') }).click()
    await page.getByRole('button', { name: say('Часто берут', 'Popular'), exact: true }).click()
    const seats = page.getByRole('group', { name: say('Место для следующих блюд', 'Seat of what is added next') })
    for (const [seat, dishName] of [
      [1, say('Маргарита, 30', 'Margherita, 30')],
      [2, say('Паста карбонара', 'Spaghetti carbonara')],
    ] as const) {
      await seats.getByRole('button', { name: say(`Место ${seat}`, `Seat ${seat}`) }).click()
      await page.getByRole('button', { name: new RegExp(`^${say('Добавить', 'Add')}: ${dishName}`) }).click()
    }
    await picture(page, lang, 'waiter-seats')
    await page.keyboard.press('Escape')
    await plate(5).click()
    await page.getByRole('button', { name: say('Добавить', 'Add'), exact: true }).click()
    await page.getByRole('button', { name: say('Часто берут', 'Popular'), exact: true }).click()
    await page.getByRole('button', { name: new RegExp(say('^Добавить: Маргарита, 30', '^Add: Margherita, 30')) }).click()
    await page.getByRole('button', { name: say('без лука', 'no onion'), exact: true }).click()
    await picture(page, lang, 'waiter-menu')
    await page.getByRole('button', { name: say('Напитки', 'Soft drinks'), exact: true }).click()
    await page.getByRole('button', { name: new RegExp(say('^Добавить: Эспрессо, Одинарный', '^Add: Espresso, Single')) }).click()
    await page.getByRole('button', { name: say('Добавки', 'Options'), exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: new RegExp(say('^Овсяное', '^Oat')) }).click()
    await page.getByRole('dialog').getByRole('button', { name: new RegExp(say('^Сахар', '^Sugar')) }).click()
    await picture(page, lang, 'waiter-options')
    await page.getByRole('dialog').getByRole('button', { name: new RegExp(say('^Готово', '^Done')) }).click()
    await page.getByLabel(say('Найти блюдо', 'Find a dish')).fill(say('бизнес', 'business'))
    await page.locator('button.dish', { hasText: say('Бизнес-ланч', 'Business lunch') }).click()
    await page.getByRole('dialog').waitFor()
    await picture(page, lang, 'waiter-combo')
    await page.keyboard.press('Escape')
    await page.getByLabel(say('Найти блюдо', 'Find a dish')).fill(say('лопатка', 'shoulder'))
    await page.locator('button.dish', { hasText: say('Лопатка', 'Shoulder') }).click()
    const weight = page.getByRole('dialog', { name: say('Лопатка на углях', 'Shoulder on coals') })
    for (const digit of '350') await weight.getByRole('button', { name: digit, exact: true }).click()
    await picture(page, lang, 'waiter-weight')
    await page.keyboard.press('Escape')
    await page.getByLabel(say('Найти блюдо', 'Find a dish')).fill('')
    await page.getByRole('button', { name: new RegExp(say('^Отправить на кухню', '^Send to the kitchen')) }).click()
    await page.getByRole('button', { name: say('Счёт', 'Bill'), exact: true }).click()
    await page.getByRole('radio').first().check()
    await picture(page, lang, 'waiter-pay')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: say('Добавить', 'Add'), exact: true }).click()
    await page.getByRole('button', { name: new RegExp(say('^Добавить: Паста карбонара', '^Add: Spaghetti carbonara')) }).click()
    wire.cut()
    await page.getByRole('button', { name: new RegExp(say('^Отправить на кухню', '^Send to the kitchen')) }).click()
    await page.getByText(new RegExp(say('Нет связи с коробкой \\d', 'No connection to the box for \\d'))).waitFor({ timeout: 40_000 })
    await picture(page, lang, 'waiter-offline')
    wire.close()
  })

  test('the fiscal register', async () => {
    const till = await Box.demoWithRegister()
    try {
      const owner = await till.signIn('admin')
      const { tables } = await owner.get<{ tables: (Table & { is_occupied: boolean })[] }>('/tables/')
      const place = tables.find(({ is_occupied }) => !is_occupied)!
      const items = [/^Борщ/, /^Маргарита/, /^Цезарь/].map((name) => ({ dish_id: dish(name), quantity: 1 }))
      const { id } = await owner.post<{ id: number }>('/orders', { table_id: place.id, items })
      const { page } = await openPage(browser, till.origin, { locale, viewport: TABLET, hasTouch: true })
      await page.goto(`${till.origin}/app/waiter`)
      await enterPin(page, 'Анна Соколова', '1003')
      await page.getByRole('main').getByRole('button', { name: new RegExp(`^${say('Стол', 'Table')} ${place.number}(?!\\d)`) }).first().click()
      await page.getByRole('button', { name: say('Счёт', 'Bill'), exact: true }).click()
      await page.getByRole('button', { name: say('Предчек', 'Present') }).click()
      await page.getByRole('button', { name: say('Гости платят без наличных', 'The guests pay without cash') }).waitFor()
      await page.locator('button:enabled', { hasText: say('Предчек', 'Present') }).waitFor()
      await page.getByRole('button', { name: say('Гости платят без наличных', 'The guests pay without cash') }).click()
      await page.getByText(new RegExp(say('Фискальный чек: пробит', 'Fiscal receipt: rung up'))).waitFor({ timeout: 15_000 })
      await picture(page, lang, 'waiter-fiscal')
      const methods = await owner.get<{ id: number; kind: string }[]>('/payment-methods/active')
      const card = methods.find(({ kind }) => kind === 'CARD')!
      const [check] = (await owner.get<Checks>(`/orders/${id}/checks`)).checks
      const paid = await owner.post<{ id: number }>(`/checks/${check!.id}/payments`, { method_id: card.id, amount: check!.due, expected_due: check!.due })
      await owner.post(`/payments/${paid.id}/refunds`, { amount: '100', reason: say('Блюдо не понравилось', 'Did not like the dish') })
      const { devices } = await owner.get<{ devices: { id: number }[] }>('/fiscal/devices')
      await owner.post(`/fiscal/devices/${devices[0]!.id}/close-shift`, {})
      const admins = await openPage(browser, till.origin, { locale, viewport: { width: 1280, height: 800 } })
      await admins.page.goto(`${till.origin}/app/admin/fiscal`)
      await admins.page.getByLabel(say('Имя для входа', 'User name')).fill('admin')
      await admins.page.getByLabel(say('Пароль', 'Password')).fill('admin')
      await admins.page.getByRole('button', { name: say('Войти', 'Sign in'), exact: true }).click()
      await admins.page.getByRole('tab', { name: say('Документы', 'Documents') }).click()
      await admins.page.getByText(new RegExp(say('^Закрытие смены .*ФД', '^Shift closed .*no\\.'))).waitFor({ timeout: 15_000 })
      await picture(admins.page, lang, 'admin-fiscal')
    } finally {
      await till.close()
    }
  })

  test('the cash desk', async () => {
    const drawer = await admin.post<{ id: number }>('/cash/drawers', { name: say('Касса в зале', 'Till in the hall'), tolerance: '10' })
    await admin.post('/users', { username: 'vera', full_name: 'Вера Кассир', role: 'cashier', password: 'till-and-drawer-7', pin_code: '2468' })
    const shift = await admin.post<{ id: number }>('/cash/shifts', { drawer_id: drawer.id, float: '3000' })
    const [cash, card] = await admin.get<{ id: number }[]>('/payment-methods/active')
    for (const [number, way] of [
      [14, cash!],
      [15, card!],
      [16, cash!],
    ] as const) {
      const { id } = await order(number, [/^Борщ/, /^Маргарита/])
      await admin.post(`/orders/${id}/complete-payment`, { payment_method_id: way.id })
    }
    await admin.post(`/cash/shifts/${shift.id}/moves`, { kind: 'PAY_OUT', amount: '400', reason: say('Закупка: лимоны', 'Shopping: lemons') })
    const { page } = await openPage(browser, box.origin, { locale, viewport: { width: 768, height: 1024 }, hasTouch: true })
    await page.goto(`${box.origin}/app/waiter`)
    await enterPin(page, 'Вера Кассир', '2468')
    await page.getByRole('button', { name: say('Касса: смена открыта', 'Cash desk: shift open') }).click()
    await page.getByRole('button', { name: say('Посчитать и закрыть', 'Count and close') }).click()
    const count = page.getByRole('dialog')
    for (const [value, pieces] of [
      [1000, '5'],
      [500, '3'],
      [100, '2'],
    ] as const) {
      await count.getByLabel(new RegExp(`^${value === 1000 ? '1.000' : value}[^\\d].*(сколько штук|how many)`)).fill(pieces)
    }
    await picture(page, lang, 'waiter-count')
    await count.getByRole('button', { name: new RegExp(say('^Отправить подсчёт', '^Send the count')) }).click()
    await page.getByText(new RegExp(say('Недостача|Излишек', 'Short|Over'))).waitFor()
    const { shift: now } = await admin.get<{ shift: { expected: string } }>(`/cash/shifts/${shift.id}/x`)
    const short = (Number(now.expected) - 20).toFixed(2)
    await admin.post(`/cash/shifts/${shift.id}/close`, { counted: short, reason: say('Ошиблись со сдачей', 'Wrong change') })
    const owner = await openPage(browser, box.origin, { locale, viewport: { width: 1280, height: 800 } })
    await owner.page.goto(`${box.origin}/app/admin/cash`)
    await owner.page.getByLabel(say('Имя для входа', 'User name')).fill('admin')
    await owner.page.getByLabel(say('Пароль', 'Password')).fill('admin')
    await owner.page.getByRole('button', { name: say('Войти', 'Sign in'), exact: true }).click()
    await owner.page.getByRole('button', { name: /, Z 1$/ }).click()
    await owner.page.getByRole('dialog').getByText(say('Ошиблись со сдачей', 'Wrong change')).waitFor()
    await picture(owner.page, lang, 'admin-cash')
  })

  test('the guest', async () => {
    const { page } = await openPage(browser, box.origin, { locale, viewport: PHONE, hasTouch: true, isMobile: true })
    await page.goto(`${box.origin}/menu/${encodeURIComponent(table(5).qr_code)}`)
    await page.locator('[data-status="READY"]').first().waitFor()
    await picture(page, lang, 'guest-evening')
    await page.getByRole('button', { name: say('Посмотреть счёт', 'See the bill') }).click()
    await page.getByRole('button', { name: say('Моя часть', 'My part') }).click()
    await page.getByRole('checkbox', { name: new RegExp(say('карбонара', 'carbonara')) }).check()
    await page.getByRole('checkbox', { name: new RegExp(say('Хачапури', 'Khachapuri|Adjar')) }).check()
    await page.getByRole('group', { name: new RegExp(say('^На скольких делили: Хачапури', '^Shared among: .*(Khachapuri|Adjar)')) }).getByRole('button', { name: say('Больше', 'More') }).click()
    await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('footer button.main')?.disabled === false)
    await picture(page, lang, 'guest-part')
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: say('Пицца', 'Pizza') }).scrollIntoViewIfNeeded()
    await page.getByRole('button', { name: new RegExp(say('^Маргарита', '^Margherita')) }).click()
    await page.getByRole('dialog').waitFor()
    await picture(page, lang, 'guest-dish')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: new RegExp(say('^Пицца из двух половин', '^Half and half pizza')) }).click()
    const second = page.getByRole('dialog').getByRole('group', { name: say('Половины, 2-я половина', 'Halves, second half') })
    await second.getByRole('button', { name: new RegExp(say('^Дьявола', '^Diavola')) }).click()
    await picture(page, lang, 'guest-options')
  })
})
