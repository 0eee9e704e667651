// How a tablet comes to trust the till: the page, over plain HTTP and over the till's own HTTPS.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Box } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET } from './browser'

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

describe.each([
  ['ru-RU', 'light', 'ru'],
  ['en-GB', 'dark', 'en'],
] as const)('the way to trust the till, %s, %s', (locale, colorScheme, name) => {
  test.each([['phone', PHONE], ['tablet', TABLET]] as const)('on a %s', async (device, viewport) => {
    const { page, complaints } = await openPage(browser, box.origin, { locale, colorScheme, viewport })
    await page.goto(`${box.origin}/trust`)
    const download = page.getByRole('link', { name: locale === 'ru-RU' ? 'Скачать сертификат' : 'Download the certificate' })
    await download.waitFor()
    const { authority } = await box.call<{ authority: { fingerprint: string } }>('GET', '/trust/state', null)
    await page.getByText(authority.fingerprint).waitFor()
    for (const system of ['ios', 'android', 'windows', 'macos', 'linux']) {
      await page.getByRole('combobox').selectOption(system)
      expect(await page.getByRole('listitem').count()).toBe(3)
    }
    await page.getByRole('combobox').selectOption('ios')
    await shot(page, `trust-${device}-${name}`)
    await expectAccessible(page, `trust on a ${device}, ${name}`)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

test('the till’s pages and its live feed work over its own HTTPS', async () => {
  const origin = `https://127.0.0.1:${box.tlsPort}`
  const { page, complaints } = await openPage(browser, origin, { ignoreHTTPSErrors: true, viewport: TABLET })
  await page.goto(`${origin}/app/kitchen`)
  const { users } = await box.call<{ users: { full_name: string }[] }>('GET', '/users/kitchen', null)
  await page.getByRole('button', { name: users[0]!.full_name }).click()
  for (const digit of '1004') await page.keyboard.press(digit)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: users[0]!.full_name }).waitFor({ state: 'detached' })
  await page.getByText(/на связи|live/i).first().waitFor()
  // The test lets the page by without trusting the authority; a service worker is fetched only where it is trusted.
  const untrusted = 'console: An SSL certificate error occurred when fetching the script.'
  expect(complaints.filter((complaint) => complaint !== untrusted)).toEqual([])
  await page.context().close()
})
