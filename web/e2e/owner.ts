// The owner at the admin's app.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Box } from './box'
import { LAPTOP, openPage, type Watched } from './browser'

export async function signInAs(page: Page, who: string): Promise<void> {
  await page.getByLabel(/Имя для входа|User name/).fill(who)
  await page.getByLabel(/Пароль|Password/).fill(who)
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click()
}

/** A section of the admin's app, signed in as the demo's admin. */
export async function openSection(browser: Browser, box: Box, section: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const watched = await openPage(browser, box.origin, { viewport: LAPTOP, ...options })
  await watched.page.goto(`${box.origin}/app/admin/${section}`)
  await signInAs(watched.page, 'admin')
  await watched.page.getByText(/● (на связи|live)/).waitFor()
  return watched
}
