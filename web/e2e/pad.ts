// A waiter's hands on his pad.

import type { Browser, Page } from 'playwright-core'
import { expectAccessible, hearTones, openPage, PHONE, shot, TABLET, type Watched } from './browser'

export async function signIn(browser: Browser, origin: string, name: string, pin: string): Promise<Watched> {
  const watched = await openPage(browser, origin, { viewport: TABLET, hasTouch: true })
  const { page } = watched
  await hearTones(page)
  await page.goto(`${origin}/app/waiter`)
  await enterPin(page, name, pin)
  return watched
}

export const plate = (page: Page, number: number) => page.getByRole('main').getByRole('button', { name: new RegExp(`^Стол ${number}(?!\\d)`) }).first()
export const pane = (page: Page, number: number) => page.getByRole('region', { name: `Стол ${number}`, exact: true })

export async function openTable(page: Page, number: number): Promise<void> {
  await plate(page, number).click()
  await pane(page, number).waitFor()
}

export async function choose(page: Page, wish: string, dish: string | RegExp): Promise<void> {
  await page.getByLabel('Найти блюдо').fill(wish)
  await page.getByRole('button', { name: dish }).first().click()
  await page.getByRole('button', { name: 'Очистить поиск' }).click()
}

/** Whoever was here last is asked for a PIN at once; others go to the names first. */
export async function enterPin(page: Page, name: string, pin: string): Promise<void> {
  const asked = page.getByRole('heading', { name: `${name}, ваш PIN` })
  const person = page.getByRole('button', { name })
  const others = page.getByRole('button', { name: 'Войти под другим именем' })
  await asked.or(person).or(others).first().waitFor()
  if (!(await asked.isVisible())) {
    if (await others.isVisible()) await others.click()
    await person.click()
  }
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
  // From the second time on the last digit has signed in.
  await page.evaluate(() => document.querySelector<HTMLButtonElement>('button.enter:not(:disabled)')?.click())
  await page.getByText('● на связи').waitFor()
}

/** The manager's word, over the place where it is needed. */
export async function approved(page: Page, what: string): Promise<void> {
  const sheet = page.getByRole('dialog', { name: 'Нужно разрешение' })
  await sheet.getByText(what).waitFor()
  await sheet.getByRole('button', { name: /Дмитрий Орлов/ }).click()
  await page.getByRole('dialog', { name: 'Дмитрий Орлов: PIN' }).waitFor()
  await page.keyboard.type('1002')
  // From the second time on the last digit has signed.
  await page.evaluate(() => document.querySelector<HTMLButtonElement>('button.enter:not(:disabled)')?.click())
  await page.getByRole('dialog', { name: 'Дмитрий Орлов: PIN' }).waitFor({ state: 'detached' })
}

/** The same moment in every size, language and light. */
export async function gallery(page: Page, name: string): Promise<void> {
  for (const language of ['ru', 'en']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const [size, viewport] of [['tablet', TABLET], ['phone', PHONE]] as const) {
        await page.setViewportSize(viewport)
        await shot(page, `waiter-${name}-${size}-${language}-${colorScheme}`)
        await expectAccessible(page, `waiter, ${name}, ${size}, ${language}, ${colorScheme}`)
      }
    }
    await page.setViewportSize(TABLET)
    await page.evaluate(() => (document.querySelector('header button[lang]') as HTMLElement).click())
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
