// The section of the box: a backup is made, loaded, looked into, and brought back.

import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, type Watched } from './browser'

let box: Box
let browser: Browser

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

async function openBoxSection(options: BrowserContextOptions = {}): Promise<Watched> {
  const watched = await openPage(browser, box.origin, { viewport: LAPTOP, ...options })
  const { page } = watched
  await page.goto(`${box.origin}/app/admin/box`)
  await page.getByLabel(/Имя для входа|User name/).fill('admin')
  await page.getByLabel(/Пароль|Password/).fill('admin')
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click()
  await page.getByRole('heading', { name: /^(Коробка|Box)$/ }).first().waitFor()
  return watched
}

test('an owner makes a backup, loads it, and goes back to it', async () => {
  const { page } = await openBoxSection()
  await page.getByText('Копий пока нет').waitFor()
  await expectAccessible(page, 'admin, box without backups')
  await page.getByRole('button', { name: 'Сделать копию' }).first().click()
  await page.getByText('Копия готова и проверена').waitFor()
  await expectAccessible(page, 'admin, box')
  await shot(page, 'admin-box-laptop')

  await page.getByRole('button', { name: /^Действия/ }).first().click()
  const loading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Скачать' }).click()
  const file = await readFile(await (await loading).path())
  expect(file.subarray(0, 4).toString('hex')).toBe('28b52ffd')

  await page.getByRole('button', { name: /^Действия/ }).first().click()
  await page.getByRole('menuitem', { name: 'Восстановить' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByText(/Всё, что случилось после этой минуты/).waitFor()
  await expectAccessible(page, 'admin, restoring')
  await shot(page, 'admin-box-restore')
  await sheet.getByRole('button', { name: 'Заменить данные этой копией' }).click()
  // The box starts anew, and whoever was signed in signs in again.
  await page.getByLabel('Имя для входа').or(page.getByLabel('Пароль')).first().waitFor()
})

// screens-1, 26: an owner finds the box's own page under the name that everything else calls it by.
test('the page of the box is named as the box is', async () => {
  for (const [locale, name] of [['ru-RU', 'Коробка'], ['en-GB', 'Box']] as const) {
    const { page } = await openBoxSection({ locale })
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).waitFor()
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await expect.poll(() => page.title()).toContain(name)
    await page.context().close()
  }
})

test('on a phone, in English and dark, a wrong file is refused in plain words', async () => {
  const { page } = await openBoxSection({ viewport: PHONE, locale: 'en-GB', colorScheme: 'dark' })
  const input = page.locator('input[type=file]')
  await input.setInputFiles({ name: 'letter.zst', mimeType: 'application/octet-stream', buffer: Buffer.from('no backup') })
  await page.getByText(/This file is not a backup/).first().waitFor()
  await shot(page, 'admin-box-refused-phone')
  await expectAccessible(page, 'admin, box on a phone')
  await shot(page, 'admin-box-phone-dark')
})
