// Currencies, time zones and languages to choose from, by the browser's own lists, with a good guess first.

import type { Lang } from './i18n/language.svelte'

export interface Choice {
  value: string
  label: string
}

const EURO = 'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK'
const BY_REGION: Record<string, string> = {
  RU: 'RUB', BY: 'BYN', KZ: 'KZT', UA: 'UAH', GE: 'GEL', AM: 'AMD', AZ: 'AZN', UZ: 'UZS', KG: 'KGS', TJ: 'TJS', MD: 'MDL',
  RS: 'RSD', TR: 'TRY', IL: 'ILS', AE: 'AED', TH: 'THB', CN: 'CNY', JP: 'JPY', KR: 'KRW', IN: 'INR', VN: 'VND', ID: 'IDR',
  US: 'USD', CA: 'CAD', AU: 'AUD', NZ: 'NZD', GB: 'GBP', CH: 'CHF', NO: 'NOK', SE: 'SEK', DK: 'DKK', PL: 'PLN', CZ: 'CZK',
  HU: 'HUF', RO: 'RON', BG: 'EUR', BR: 'BRL', MX: 'MXN', AR: 'ARS', ZA: 'ZAR', ME: 'EUR',
}

/** Written languages of menus that come first in the list. */
const LANGUAGES = 'ru en de fr es it pt ka hy kk uz ky az tr uk be pl cs sr zh ja ko vi th ar he hi id'.split(' ')

/** Browsers from before 2022 do not tell what they know. */
function known(kind: 'currency' | 'timeZone', otherwise: string[]): string[] {
  const list = (Intl as { supportedValuesOf?: (kind: string) => string[] }).supportedValuesOf
  try {
    return list?.(kind) ?? otherwise
  } catch {
    return otherwise
  }
}

const collate = (lang: Lang) => new Intl.Collator(lang).compare

function named(values: string[], label: (value: string) => string, lang: Lang): Choice[] {
  const compare = collate(lang)
  return values.map((value) => ({ value, label: label(value) })).sort((a, b) => compare(a.label, b.label))
}

const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1)

export function currencies(lang: Lang, chosen: string): Choice[] {
  const names = new Intl.DisplayNames(lang, { type: 'currency' })
  const all = new Set([...known('currency', ['EUR', ...Object.values(BY_REGION)]), chosen])
  return named([...all], (code) => `${capital(names.of(code) ?? code)} · ${code}`, lang)
}

export function guessCurrency(locales: readonly string[]): string {
  for (const locale of locales) {
    const region = locale.split('-').find((part) => /^[A-Z]{2}$/.test(part))
    if (region && EURO.includes(region)) return 'EUR'
    if (region && BY_REGION[region]) return BY_REGION[region]
  }
  return locales[0]?.startsWith('ru') ? 'RUB' : 'EUR'
}

/** `Europe/Moscow` as people look for it: the city first. */
function zoneLabel(zone: string): string {
  const [region, ...rest] = zone.split('/')
  const city = (rest.pop() ?? region ?? zone).replaceAll('_', ' ')
  return rest.length > 0 || city !== region ? `${city} · ${region}` : city
}

export function zones(lang: Lang, chosen: string): Choice[] {
  return named([...new Set([...known('timeZone', []), 'UTC', chosen])], zoneLabel, lang)
}

export const guessZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

export function languages(lang: Lang, chosen: readonly string[] = []): Choice[] {
  const names = new Intl.DisplayNames(lang, { type: 'language' })
  return [...new Set([...LANGUAGES, ...chosen])].map((code) => ({ value: code, label: capital(names.of(code) ?? code) }))
}
