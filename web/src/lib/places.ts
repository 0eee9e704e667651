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

/** Codes of ISO 4217 with which nobody pays in a restaurant: metals, funds, units of account, tests. */
const NO_MONEY = /^(X(?!AF$|CD$|OF$|PF$).*|BOV|CHE|CHW|CLF|COU|MXV|USN|USS|UYI|UYW)$/

export function currencies(lang: Lang, chosen: string): Choice[] {
  const names = new Intl.DisplayNames(lang, { type: 'currency' })
  const all = known('currency', ['EUR', ...Object.values(BY_REGION)]).filter((code) => !NO_MONEY.test(code))
  return named([...new Set([...all, chosen])], (code) => `${capital(names.of(code) ?? code)} · ${code}`, lang)
}

export function guessCurrency(locales: readonly string[]): string {
  for (const locale of locales) {
    const region = locale.split('-').find((part) => /^[A-Z]{2}$/.test(part))
    if (region && EURO.includes(region)) return 'EUR'
    if (region && BY_REGION[region]) return BY_REGION[region]
  }
  return locales[0]?.startsWith('ru') ? 'RUB' : 'EUR'
}

/** "Москва, стандартное время" in the reader's language; what has no name of its own is told by its city. */
function zoneName(zone: string, lang: Lang): string {
  const part = new Intl.DateTimeFormat(lang, { timeZone: zone, timeZoneName: 'longGeneric' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')
  return capital(part?.value ?? zone)
}

const REGIONS: Record<Lang, Record<string, string>> = {
  ru: { Europe: 'Европа', Asia: 'Азия', Africa: 'Африка', America: 'Америка', Australia: 'Австралия', Pacific: 'Тихий океан', Atlantic: 'Атлантика', Indian: 'Индийский океан', Antarctica: 'Антарктида', Arctic: 'Арктика' },
  en: {},
}

/** How far a zone is from Greenwich now, in minutes. */
function offset(zone: string): number {
  const part = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts().find(({ type }) => type === 'timeZoneName')
  const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(part?.value ?? '') ?? []
  return sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) : 0
}

const clockOf = (minutes: number): string =>
  `UTC${minutes < 0 ? '−' : '+'}${Math.floor(Math.abs(minutes) / 60)}${minutes % 60 ? `:${Math.abs(minutes % 60)}` : ''}`

/** `Europe/Moscow` as people look for it: its name in their language, its place, and its clock. */
function zoneLabel(zone: string, lang: Lang): string {
  if (zone === 'UTC') return 'UTC'
  const [region = '', ...rest] = zone.split('/')
  const city = (rest.pop() ?? region).replaceAll('_', ' ')
  const place = REGIONS[lang][region] ?? region
  return `${zoneName(zone, lang)} · ${city === region ? city : `${place}, ${city}`} · ${clockOf(offset(zone))}`
}

export function zones(lang: Lang, chosen: string): Choice[] {
  return named([...new Set([...known('timeZone', []), 'UTC', chosen])], (zone) => zoneLabel(zone, lang), lang)
}

export const guessZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

export function languages(lang: Lang, chosen: readonly string[] = []): Choice[] {
  const names = new Intl.DisplayNames(lang, { type: 'language' })
  return [...new Set([...LANGUAGES, ...chosen])].map((code) => ({ value: code, label: capital(names.of(code) ?? code) }))
}
