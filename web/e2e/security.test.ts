// The owner's section for the door: what happened, who changed what, where somebody is signed in, and the second step
// of signing in with an authenticator app.

import { createHmac } from 'node:crypto'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'

let box: Box
let browser: Browser
let admin: Person

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  // Something to look at: wrong passwords, and a price that changes.
  for (let tries = 0; tries < 3; tries++) await box.signIn('anna', 'wrong').catch(() => undefined)
  const menu = await box.call<{ categories: { dishes: { id: number; variations: { id: number }[] }[] }[] }>(
    'GET',
    '/dishes/menu',
    null,
  )
  const dish = menu.categories[0]!.dishes[0]!
  const path = `/dishes/${dish.id}/variations/${dish.variations[0]!.id}`
  await admin.patch(path, { price: '777.00' })
  // What happened is written down a moment later.
  await vi.waitFor(async () => {
    const { events } = await admin.get<{ events: { kind: string; count: number }[] }>('/security/events')
    expect(events.find(({ kind }) => kind === 'sign_in_failed')?.count).toBe(3)
  }, 20_000)
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

async function enter(page: Page): Promise<void> {
  await page.getByLabel(/Имя для входа|User name/).fill('admin')
  await page.getByLabel(/Пароль|Password/).fill('admin')
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click()
}

async function open(section: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const watched = await openPage(browser, box.origin, { viewport: LAPTOP, ...options })
  await watched.page.goto(`${box.origin}/app/admin/${section}`)
  await enter(watched.page)
  await watched.page.getByText(/● (на связи|live)/).waitFor()
  return watched
}

const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name }).click()

test('an owner reads what happened and who changed what, on every screen', async () => {
  for (const [name, options] of [
    ['laptop', { viewport: LAPTOP }],
    ['tablet', { viewport: TABLET, colorScheme: 'dark', locale: 'en-GB' }],
    ['phone', { viewport: PHONE }],
  ] as const) {
    const { page, complaints } = await open('security', options)
    await tab(page, /^(События|Events)$/)
    await page.getByText(/неверный пароль или PIN|wrong password or PIN/).first().waitFor()
    await shot(page, `security-events-${name}`)
    await expectAccessible(page, `security, events, ${name}`)
    await tab(page, /^(Изменения|Changes)$/)
    await page.getByText(/777/).first().waitFor()
    await shot(page, `security-audit-${name}`)
    await expectAccessible(page, `security, audit, ${name}`)
    await tab(page, /^(Ваш вход|Your sign-in)$/)
    await page.getByText(/^○ (Выключен|Off)$/).waitFor()
    await shot(page, `security-account-${name}`)
    await expectAccessible(page, `security, account, ${name}`)
    expect(complaints).toEqual([])
  }
})

test('an admin keeps an address out, lets it in again, and frees another from limits', async () => {
  for (const [name, options] of [
    ['laptop', { viewport: LAPTOP }],
    ['phone', { viewport: PHONE, colorScheme: 'dark', locale: 'en-GB' }],
  ] as const) {
    const { page, complaints } = await open('security', options)
    const look = async (what: string) => {
      await shot(page, `security-${what}-${name}`)
      await expectAccessible(page, `security, ${what}, ${name}`)
    }
    await page.getByText(/Заблокированных адресов нет|No address is blocked/).waitFor()
    await page.getByRole('button', { name: /^(Заблокировать адрес|Block an address)$/ }).click()
    await page.getByLabel(/Адрес или сеть|Address or network/).fill('10.9.8.7')
    await look('block')
    await page.getByRole('dialog').getByRole('button', { name: /^(Заблокировать адрес|Block an address)$/ }).click()
    await page.getByText('10.9.8.7', { exact: true }).first().waitFor()
    await look('blocks')
    await page.getByRole('button', { name: /: 10\.9\.8\.7/ }).click()
    await page.getByRole('menuitem', { name: /^(Разблокировать|Unblock)$/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: /^(Разблокировать|Unblock)$/ }).click()
    await page.getByText(/Заблокированных адресов нет|No address is blocked/).waitFor()

    await tab(page, /^(Без ограничений|Never limited)$/)
    await page.getByRole('button', { name: /^(Добавить адрес|Add an address)$/ }).first().click()
    await page.getByLabel(/Адрес или сеть|Address or network/).fill(`10.1.${name.length}.0/24`)
    await page.getByLabel(/Что это|What it is/).fill('Wi-Fi')
    await page.getByRole('dialog').getByRole('button', { name: /^(Добавить адрес|Add an address)$/ }).click()
    await page.getByText(`10.1.${name.length}.0/24`, { exact: true }).first().waitFor()
    await look('whitelist')
    expect(complaints).toEqual([])
  }
})

test('a kind of event or of change is picked from all', async () => {
  const { page } = await open('security')
  await tab(page, /^События$/)
  await page.getByLabel('Что случилось').selectOption({ label: 'Неверный пароль' })
  await page.getByRole('cell', { name: /anna/ }).waitFor()
  await tab(page, /^Изменения$/)
  await page.getByLabel('Что изменяли').selectOption({ label: 'Цены' })
  await page.getByRole('cell', { name: 'Цена изменена' }).first().waitFor()
})

test('sign-ins of a person are seen and ended', async () => {
  const waiter = await box.signIn('waiter')
  const { page } = await open('staff')
  await page.getByRole('button', { name: /Анна Соколова/ }).click()
  await page.getByRole('menuitem', { name: 'Открытые входы' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByText('127.0.0.1').first().waitFor()
  await shot(page, 'staff-sessions')
  await expectAccessible(page, 'staff, sessions')
  await sheet.getByRole('button', { name: 'Завершить все' }).click()
  await sheet.getByText('Сейчас нигде не открыт.').waitFor()
  await expect(waiter.get('/auth/me')).rejects.toThrow()
})

/** The code that an authenticator app shows for a secret (RFC 6238). */
function codeOf(secret: string, stepsAgo = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) - stepsAgo))
  const hash = createHmac('sha1', key).update(step).digest()
  const at = hash[hash.length - 1]! & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('an admin adds a second step, signs in with it, and removes it', async () => {
  const { page, complaints } = await open('security')
  await tab(page, /^Ваш вход$/)
  await page.getByRole('button', { name: 'Включить второй шаг' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Ваш пароль').fill('admin')
  await sheet.getByRole('button', { name: 'Дальше' }).click()
  await sheet.getByRole('img').waitFor()
  await shot(page, 'security-factor')
  await expectAccessible(page, 'security, a second step')
  const secret = (await sheet.locator('code').innerText()).replaceAll(' ', '')
  await sheet.getByLabel('Код из приложения').fill('000000')
  await sheet.getByRole('button', { name: 'Включить', exact: true }).click()
  await sheet.getByText('Код не подходит.').waitFor()
  await sheet.getByLabel('Код из приложения').fill(codeOf(secret, 1))
  await sheet.getByRole('button', { name: 'Включить', exact: true }).click()
  await sheet.getByRole('listitem').nth(9).waitFor()
  await shot(page, 'security-recovery-codes')
  await expectAccessible(page, 'security, recovery codes')
  await sheet.getByRole('button', { name: 'Коды записаны' }).click()
  await page.getByText('Включён. Запасных кодов осталось: 10').waitFor()

  await page.getByRole('button', { name: 'Выйти' }).click()
  await enter(page)
  await page.getByLabel('Код', { exact: true }).fill('111111')
  await shot(page, 'admin-sign-in-code')
  await expectAccessible(page, 'admin, the code of the second step')
  await page.getByRole('button', { name: 'Войти', exact: true }).click()
  await page.getByText('Код не подошёл или уже использован').waitFor()
  await page.getByLabel('Код', { exact: true }).fill(codeOf(secret))
  await page.getByRole('button', { name: 'Войти', exact: true }).click()
  await page.getByText('● на связи').waitFor()

  await tab(page, /^Ваш вход$/)
  await page.getByRole('button', { name: 'Снять второй шаг' }).click()
  await sheet.getByLabel('Ваш пароль').fill('admin')
  await sheet.getByRole('button', { name: 'Снять второй шаг' }).click()
  await page.getByText('○ Выключен').waitFor()
  expect(complaints).toEqual([])
})
