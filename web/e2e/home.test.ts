// The first page, that leads everybody to his place, and the warning when the till has got another address since the
// codes on the tables were printed.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Box } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET } from './browser'

const OLD = 'http://192.168.1.9/menu'
const NEW = 'http://192.168.1.20/menu'

const settings = { QRES_QR_BASE_URL: OLD }
let box: Box
let browser: Browser

beforeAll(async () => {
  box = await Box.demo(settings)
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

describe.each([
  ['ru-RU', 'light', 'phone', PHONE],
  ['ru-RU', 'dark', 'tablet', TABLET],
  ['en-GB', 'light', 'tablet', TABLET],
  ['en-GB', 'dark', 'phone', PHONE],
] as const)('%s, %s, on a %s', (locale, colorScheme, size, viewport) => {
  test('everybody finds his place', async () => {
    const { page, complaints } = await openPage(browser, box.origin, { locale, colorScheme, viewport })
    await page.goto(box.origin)
    const places = locale === 'ru-RU' ? ['Гость', 'Официант', 'Кухня', 'Владелец'] : ['Guest', 'Waiter', 'Kitchen', 'Owner']
    const hrefs = ['/menu', '/app/waiter', '/app/kitchen', '/app/admin']
    for (const [i, place] of places.entries()) {
      const link = page.getByRole('link', { name: new RegExp(`^${place}`) })
      expect(await link.getAttribute('href')).toBe(hrefs[i])
      const code = page.getByRole('img', { name: new RegExp(`QR.*${place}`) })
      const card = (await page.getByRole('listitem').filter({ has: link }).boundingBox())!
      const drawn = (await code.boundingBox())!
      expect(drawn.x + drawn.width, `the code of ${place} is whole`).toBeLessThanOrEqual(card.x + card.width)
      const address = page.getByRole('listitem').filter({ has: link }).locator('small')
      expect(await address.evaluate((text) => text.scrollWidth - text.clientWidth), `the address of ${place} is whole`).toBe(0)
      // screens-1, 26: "kit/chen". An address breaks between its parts, never within one.
      const torn = await address.evaluate((text) =>
        [...text.childNodes].filter((part) => {
          const range = document.createRange()
          range.selectNodeContents(part)
          return part.nodeType === Node.TEXT_NODE && range.getClientRects().length > 1
        }).map((part) => part.textContent),
      )
      expect(torn, `parts of ${place}'s address`).toEqual([])
      await expect.poll(() => code.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeTruthy()
    }
    await page.getByText('192.168.1.9/menu').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await expectAccessible(page, `first page, ${locale}, ${colorScheme}, ${size}`)
    await shot(page, `home-${size}-${locale.slice(0, 2)}-${colorScheme}`)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

test('without an answer the links remain', async () => {
  const { page } = await openPage(browser, box.origin, { locale: 'en-GB' })
  await page.route('**/home', (route) => route.abort())
  await page.goto(box.origin)
  await page.getByRole('alert').getByText('The links work').waitFor()
  await page.getByRole('link', { name: /^Waiter/ }).waitFor()
  await page.context().close()
})

async function openRooms(locale: string) {
  const watched = await openPage(browser, box.origin, { viewport: LAPTOP, locale })
  const { page } = watched
  await page.addInitScript(() => (window.print = () => undefined))
  await page.goto(`${box.origin}/app/admin/rooms`)
  await page.getByLabel(/Имя для входа|User name/).fill('admin')
  await page.getByLabel(/Пароль|Password/).fill('admin')
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click()
  await page.getByRole('button', { name: /^(Напечатать QR-коды|Print QR codes)$/ }).waitFor()
  return page
}

test('an owner is told that the printed codes lead nowhere, until they are printed anew', async () => {
  const before = await openRooms('ru-RU')
  await before.getByRole('button', { name: 'Напечатать QR-коды' }).click()
  const sheet = before.getByRole('dialog')
  await sheet.getByLabel(/Какие столы/).selectOption('')
  await sheet.frameLocator('iframe').getByText('Table 12', { exact: true }).waitFor()
  const noted = before.waitForResponse((reply) => reply.url().endsWith('/tables/qr-sheet/printed') && reply.request().method() === 'POST')
  await sheet.getByRole('button', { name: 'Печать' }).click()
  expect((await noted).status()).toBe(200)
  expect(await before.getByText(/ведут по старому адресу/).count()).toBe(0)
  await before.context().close()

  // The router gave the till another address.
  settings.QRES_QR_BASE_URL = NEW
  await box.kill()
  await box.start()
  const page = await openRooms('ru-RU')
  const warning = page.getByRole('status').filter({ hasText: OLD })
  await warning.waitFor()
  expect(await warning.textContent()).toContain(NEW)
  await expectAccessible(page, 'rooms with codes that lead nowhere')
  await shot(page, 'admin-rooms-outdated')
  await page.goto(`${box.origin}/app/admin/box`)
  await page.getByRole('status').filter({ hasText: OLD }).waitFor()
  await shot(page, 'admin-box-outdated')

  await page.goto(`${box.origin}/app/admin/rooms`)
  await page.getByRole('button', { name: 'Напечатать QR-коды' }).click()
  const again = page.getByRole('dialog')
  await again.getByText(OLD).waitFor()
  await again.getByLabel(/Какие столы/).selectOption('')
  await again.frameLocator('iframe').getByText('Table 12', { exact: true }).waitFor()
  await again.getByRole('button', { name: 'Печать' }).click()
  await expect.poll(() => page.getByText(OLD).count()).toBe(0)
  await page.context().close()
})
