// The bill of an evening: three people, one leaves early and pays cash, the steak is on the house, the rest goes half on a
// card, half by QR, with a tip.

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Box, Wire, type Person } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'
import { approved, openTable, pane, signIn } from './pad'
import { signInAs } from './owner'

interface Check {
  id: number
  state: string
  lines: { item_id: number; quantity: number; total: string }[]
  payments: { amount: string; tip: string; method: string; tendered: string | null; change: string }[]
  total: string
  due: string
  tips: string
}
interface Bill {
  version: number
  total: string
  paid: string
  due: string
  tips: string
  checks: Check[]
}
interface Variation {
  dish_id: number
  dish_variation_id: number
  price: number
}

const PAD = { width: 768, height: 1024 }

let box: Box
let browser: Browser
let wire: Wire
let admin: Person
let anna: Watched
let page: Page
let tables: { id: number; number: number }[]
const menu = new Map<string, Variation>()

const idOf = (number: number): number => tables.find((one) => one.number === number)!.id
const billOf = (orderId: number): Promise<Bill> => admin.get(`/orders/${orderId}/checks`)
const check = (number: number) => page.getByRole('region', { name: `Счёт ${number}`, exact: true })
const approve = (what: string) => approved(page, what)
const take = () => page.getByRole('button', { name: /^Принять .* · / })
/** As one reads it: spaces of all kinds are alike. */
const plain = (text: string): string => text.replace(/[\s\u00a0\u202f]+/g, ' ')

async function order(number: number, dishes: [string, number][]): Promise<number> {
  const items = dishes.map(([name, quantity]) => {
    const { dish_id, dish_variation_id } = menu.get(name)!
    return { dish_id, dish_variation_id, quantity }
  })
  const { id } = await admin.post<{ id: number }>('/orders/', { table_id: idOf(number), order_type: 'DINE_IN', items })
  return id
}

async function openBill(number: number): Promise<void> {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await openTable(page, number)
  await pane(page, number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await take().waitFor()
}

/** The same moment in every size and light. */
async function everySize(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const viewport of [TABLET, PAD, PHONE]) {
      await page.setViewportSize(viewport)
      await shot(page, `bill-${name}-${viewport.width}-${colorScheme}`)
      await expectAccessible(page, `bill, ${name}, ${viewport.width}, ${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(TABLET)
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  interface Dish {
    id: number
    name: string
    variations: { id: number; price: string }[]
  }
  const { categories } = await box.call<{ categories: { dishes: Dish[] }[] }>('GET', '/dishes/menu', null)
  for (const dish of categories.flatMap(({ dishes }) => dishes)) {
    const { id, price } = dish.variations[0]!
    menu.set(dish.name, { dish_id: dish.id, dish_variation_id: id, price: Number(price) })
  }
  wire = await Wire.to(box)
  anna = await signIn(browser, wire.origin, 'Анна Соколова', '1003')
  page = anna.page
})

afterAll(async () => {
  await browser?.close()
  wire?.close()
  await box?.close()
})

afterEach(() => wire?.mend())

test('the whole in cash: the table, the bill, a quick sum, the button; the change stays until somebody has seen it', async () => {
  const id = await order(4, [['Борщ', 1], ['Паста карбонара', 1]])
  await openBill(4)
  await everySize('whole')
  const { total } = await billOf(id)
  // Of 1060 the next round sum is 1100.
  expect(total).toBe('1060.00')
  await page.getByRole('group', { name: 'Получено' }).getByRole('radio', { name: /^1\s100/ }).check()
  await page.getByText('Сдача').waitFor()
  await take().click()
  await page.getByText('Всё оплачено').waitFor()
  expect(plain(await page.getByRole('region', { name: 'Оплата', exact: true }).innerText())).toContain('Сдача 40 ₽')
  await everySize('change')
  const [paid] = (await billOf(id)).checks
  expect(paid!.payments).toMatchObject([{ amount: '1060.00', tendered: '1100.00', change: '40.00' }])
  await page.getByRole('button', { name: 'Готово', exact: true }).click()
  await page.getByText(/^Стол 4: оплачено/).waitFor()
})

test('three people: one leaves early with cash, the steak is on the house, the rest is half card, half QR, with a tip', async () => {
  const id = await order(14, [['Бефстроганов', 1], ['Борщ', 1], ['Паста карбонара', 1], ['Хумус из печёной тыквы', 2]])
  await openBill(14)

  // The first leaves: the soup, one of two plates of hummus, a third of nothing else.
  await page.getByRole('button', { name: 'Блюда', exact: true }).click()
  await page.getByRole('button', { name: /Борщ.* на счёт 2$/ }).click()
  await page.getByRole('button', { name: /Хумус.* на счёт 2$/ }).click()
  await everySize('split')
  await page.getByRole('button', { name: 'Разделить на 2 счёта' }).click()
  await page.getByRole('button', { name: 'Соединить' }).waitFor()
  const early = menu.get('Борщ')!.price + menu.get('Хумус из печёной тыквы')!.price
  await check(2).getByRole('button', { name: /^Счёт 2/ }).click()
  await everySize('two')
  await page.getByRole('radio', { name: 'Наличные' }).check()
  await take().click()
  await page.getByText(/^За столом осталось/).waitFor()
  let bill = await billOf(id)
  expect(bill.checks.map(({ state }) => state)).toEqual(['OPEN', 'PAID'])
  expect(Number(bill.paid)).toBe(early)
  await page.getByRole('button', { name: 'Следующий платёж' }).click()
  // What is paid is not joined again.
  expect(await page.getByRole('button', { name: 'Соединить' }).count()).toBe(0)

  // The steak was cold.
  await check(1).getByRole('button', { name: 'Скидка или за счёт заведения: Бефстроганов' }).click()
  await page.getByRole('radio', { name: 'За счёт заведения' }).check()
  await page.getByRole('radio', { name: 'Наша ошибка' }).check()
  await shot(page, 'bill-comp')
  await expectAccessible(page, 'bill, a comp')
  await page.getByRole('button', { name: 'За счёт заведения', exact: true }).click()
  await page.getByRole('dialog', { name: 'Нужно разрешение' }).waitFor()
  await everySize('approval')
  await approve('За счёт заведения')
  await check(1).getByText('за счёт заведения · Наша ошибка · Анна Соколова').waitFor()
  const rest = menu.get('Паста карбонара')!.price + menu.get('Хумус из печёной тыквы')!.price
  bill = await billOf(id)
  expect(Number(bill.checks[0]!.total)).toBe(rest)

  // Half on a card, with ten percent for the waiter.
  await page.getByRole('radio', { name: 'Карта' }).check()
  await page.getByRole('radio', { name: 'Половина' }).check()
  // A tip above the check is asked about before anything is taken.
  const tips = page.getByRole('group', { name: /^Чаевые/ })
  await tips.getByRole('radio', { name: 'Сумма' }).check()
  await page.getByRole('textbox', { name: /^Чаевые/ }).fill(String(rest + 1))
  const meant = page.getByRole('checkbox', { name: /больше самого счёта/ })
  await meant.waitFor()
  expect(await take().isDisabled()).toBe(true)
  await everySize('tip-above')
  await meant.check()
  expect(await take().isDisabled()).toBe(false)
  await tips.getByRole('radio', { name: /^10/ }).check()
  await everySize('half')
  await take().click()
  await page.getByText(/^По счёту осталось/).waitFor()
  await page.getByRole('button', { name: 'Следующий платёж' }).click()
  await page.getByRole('radio', { name: 'СБП' }).check()
  await take().click()
  await page.getByText(/^Стол 14: оплачено/).waitFor()

  bill = await billOf(id)
  expect(bill).toMatchObject({ due: '0.00', tips: (rest / 2 / 10).toFixed(2) })
  expect(Number(bill.paid)).toBe(early + rest)
  expect(bill.checks[0]!.payments.map(({ method, amount }) => [method, Number(amount)])).toEqual([
    ['Карта', rest / 2],
    ['СБП', rest / 2],
  ])
})

test('equal parts, and back; what is refused leaves the bill as it was', async () => {
  const id = await order(10, [['Борщ', 1], ['Паста карбонара', 1]])
  await openBill(10)
  await page.getByRole('button', { name: 'Поровну', exact: true }).click()
  await page.getByRole('group', { name: 'На сколько частей' }).getByRole('button', { name: 'Больше' }).click()
  await shot(page, 'bill-parts')
  await expectAccessible(page, 'bill, equal parts')
  await page.getByRole('button', { name: 'Разделить на 3 счёта' }).click()
  await check(3).waitFor()
  const { checks, total } = await billOf(id)
  expect(checks.reduce((sum, one) => sum + Math.round(Number(one.total) * 100), 0)).toBe(Math.round(Number(total) * 100))

  // Somebody joins them elsewhere while one is laid out here.
  await page.getByRole('button', { name: 'Соединить' }).click()
  await expect.poll(() => check(2).count()).toBe(0)
  expect((await billOf(id)).checks).toHaveLength(1)
})

test('where dishes have seats each has a check, and what is for the table is shared', async () => {
  const seated = (name: string, seat: number | null) => {
    const { dish_id, dish_variation_id } = menu.get(name)!
    return { dish_id, dish_variation_id, quantity: 1, seat }
  }
  const items = [seated('Борщ', 1), seated('Паста карбонара', 2), seated('Хумус из печёной тыквы', null)]
  const { id } = await admin.post<{ id: number }>('/orders/', { table_id: idOf(9), order_type: 'DINE_IN', items })
  await openBill(9)
  await page.getByRole('button', { name: 'Места', exact: true }).click()
  await page.getByRole('region', { name: 'Место 2', exact: true }).getByText('Хумус').waitFor()
  await shot(page, 'bill-seats')
  await expectAccessible(page, 'bill, seats')
  await page.getByRole('button', { name: 'Разделить на 2 счёта' }).click()
  await check(2).waitFor()
  const { checks } = await billOf(id)
  const half = menu.get('Хумус из печёной тыквы')!.price / 2
  expect(checks.map(({ total }) => Number(total))).toEqual([menu.get('Борщ')!.price + half, menu.get('Паста карбонара')!.price + half])
})

test('a presented check stands until it is taken back with a reason', async () => {
  const id = await order(7, [['Борщ', 1]])
  await openBill(7)
  await check(1).getByRole('button', { name: 'Предчек' }).click()
  await check(1).getByText(/^◐\s*у гостя/).waitFor()
  expect(await check(1).getByRole('button', { name: /^Скидка/ }).count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Поровну', exact: true }).count()).toBe(0)
  await shot(page, 'bill-presented')
  await expectAccessible(page, 'bill, presented')
  await check(1).getByRole('button', { name: 'Забрать у гостя' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Гость заказал ещё' }).click()
  await approve('Вернуть счёт в работу')
  await check(1).getByRole('button', { name: 'Скидка', exact: true }).click()
  await page.getByRole('group', { name: 'Процент' }).getByRole('radio', { name: /^10/ }).check()
  await page.getByRole('radio', { name: 'Постоянный гость' }).check()
  await page.getByRole('button', { name: 'Скидка 10 %' }).click()
  await check(1).getByText(/^скидка 10 %/).waitFor()
  expect(Number((await billOf(id)).total)).toBe(menu.get('Борщ')!.price * 0.9)
  await check(1).getByRole('button', { name: /^Убрать: скидка/ }).click()
  await expect.poll(async () => Number((await billOf(id)).total)).toBe(menu.get('Борщ')!.price)
})

test('a sum that changed meanwhile is told, and nothing is taken for the old one', async () => {
  const id = await order(11, [['Борщ', 1]])
  await openBill(11)
  const soup = menu.get('Борщ')!
  await admin.post(`/kitchen/orders/${id}/items`, [{ dish_id: soup.dish_id, dish_variation_id: soup.dish_variation_id, quantity: 1 }])
  await page.getByText('Счёт изменился').waitFor()
  expect((await billOf(id)).paid).toBe('0.00')
  await page.getByRole('button', { name: /^Новая сумма/ }).click()
  expect(plain(await take().innerText())).toContain(plain(`Принять ${soup.price * 2} ₽`))
})

test('without the box no money is taken, and the screen says so', async () => {
  await openBill(11)
  wire.cut()
  await page.getByText(/Деньги принимает только она/).waitFor({ timeout: 40_000 })
  expect(await take().isDisabled()).toBe(true)
  await shot(page, 'bill-away')
  await expectAccessible(page, 'bill, without the box')
  wire.mend()
  await page.getByText(/Деньги принимает только она/).waitFor({ state: 'detached', timeout: 40_000 })
})

test('an answer that was lost is asked for again, and the money is taken once', async () => {
  const id = await order(12, [['Борщ', 1]])
  await openBill(12)
  wire.losesReplies = true
  await take().click()
  await page.getByText('Ответа нет. Нажмите ещё раз').waitFor({ timeout: 40_000 })
  wire.losesReplies = false
  // A nervous finger, as soon as it may.
  await take().click({ timeout: 20_000 }).catch(() => undefined)
  await expect.poll(async () => (await billOf(id)).checks[0]!.payments.length).toBe(1)
  await page.getByText(/По этому счёту платить нечего|^Стол 12: оплачено/).first().waitFor({ timeout: 40_000 })
  expect((await billOf(id)).checks[0]!.payments).toHaveLength(1)
})

test('a bill that was left while the box still works closes nothing that was opened since', async () => {
  const id = await order(14, [['Борщ', 1]])
  await openBill(14)
  let answer = (): void => undefined
  const isHeld = new Promise<void>((done) => (answer = done))
  await page.route(/\/checks\/\d+\/payments$/, async (route) => {
    await isHeld
    await route.continue()
  })
  await take().click()
  await openBill(11)
  answer()
  await page.getByText(/^Стол 14: оплачено/).first().waitFor()
  await page.unroute(/\/checks\/\d+\/payments$/)
  expect((await billOf(id)).due).toBe('0.00')
  await take().waitFor()
  expect(await page.getByRole('region', { name: /Стол 11/ }).count()).toBeGreaterThan(0)
})

test('an admin gives back what one person paid, and the bill is worked by keys', async () => {
  const id = await order(13, [['Борщ', 2]])
  const bill = await billOf(id)
  const methods = await admin.get<{ id: number }[]>('/payment-methods/active')
  await admin.post(`/orders/${id}/split`, { version: bill.version, by: 'parts', parts: 2 })
  const second = (await billOf(id)).checks[1]!
  await admin.post(`/checks/${second.id}/payments`, { method_id: methods[0]!.id, amount: second.due, expected_due: second.due })

  const pad = await openPage(browser, box.origin, { viewport: TABLET })
  await pad.page.goto(`${box.origin}/app/waiter`)
  await pad.page.getByRole('button', { name: 'Войти по паролю' }).click()
  await signInAs(pad.page, 'admin')
  await pad.page.getByRole('main').getByRole('button', { name: /^Стол 13/ }).click()
  await pad.page.getByRole('button', { name: 'Счёт', exact: true }).press('Enter')
  await pad.page.getByRole('button', { name: /^Вернуть: / }).press('Enter')
  await pad.page.getByRole('dialog').waitFor()
  await pad.page.getByRole('radio', { name: 'Ошибка в счёте' }).press('Space')
  await shot(pad.page, 'bill-refund')
  await expectAccessible(pad.page, 'bill, a refund')
  await pad.page.getByRole('button', { name: /^Вернуть \d/ }).press('Enter')
  await pad.page.getByText(/^Возвращено/).waitFor()
  const after = (await billOf(id)).checks[1] as Check & { refunded: string }
  expect(after.refunded).toBe(second.total)
  expect(pad.complaints).toEqual([])
})

test('a waiter gives too much and gives money back with somebody’s word, and loses no place; without it nothing is done', async () => {
  const id = await order(8, [['Борщ', 2]])
  await openBill(8)
  await check(1).getByRole('button', { name: 'Скидка', exact: true }).click()
  await page.getByRole('group', { name: 'Процент' }).getByRole('radio', { name: /^20/ }).check()
  await page.getByRole('radio', { name: 'Постоянный гость' }).check()
  await page.getByRole('button', { name: 'Скидка 20 %' }).click()
  const sheet = page.getByRole('dialog', { name: 'Нужно разрешение' })
  await sheet.getByText('20 %').waitFor()
  await sheet.getByText('Постоянный гость').waitFor()
  // Nobody is here: the sheet below stands as it was filled in.
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  expect((await billOf(id)).total).toBe((menu.get('Борщ')!.price * 2).toFixed(2))
  expect(await page.getByRole('radio', { name: 'Постоянный гость' }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Скидка 20 %' }).click()
  await approve('Дать скидку')
  await check(1).getByText(/^скидка 20 %/).waitFor()
  const due = menu.get('Борщ')!.price * 1.6
  expect(Number((await billOf(id)).total)).toBe(due)

  await page.getByRole('radio', { name: 'Карта' }).check()
  await page.getByRole('radio', { name: 'Половина' }).check()
  await take().click()
  await page.getByRole('button', { name: 'Следующий платёж' }).click()
  await check(1).getByRole('button', { name: /^Вернуть: / }).click()
  await page.getByRole('radio', { name: 'Оплатили дважды' }).check()
  await page.getByRole('button', { name: /^Вернуть \d/ }).click()
  await approve('Вернуть деньги')
  await page.getByText(/^Возвращено/).waitFor()
  expect(Number((await billOf(id)).due)).toBe(due)
  await take().waitFor()
})

test('no page called another host or failed', () => {
  expect(anna.complaints).toEqual([])
})
