// Which language the person reads: the one chosen on this device, else the browser's, else Russian.

import { lasting, recall, remember } from '../storage'

export const LANGUAGES = ['ru', 'en'] as const
export type Lang = (typeof LANGUAGES)[number]

const KEY = 'qres.language'
const isLang = (value: unknown): value is Lang => LANGUAGES.includes(value as Lang)

export function pickLanguage(chosen: Lang | null, wanted: readonly string[]): Lang {
  if (chosen) return chosen
  for (const tag of wanted) {
    const short = tag.slice(0, 2).toLowerCase()
    if (isLang(short)) return short
  }
  return 'ru'
}

class Language {
  current = $state<Lang>(pickLanguage(recall(lasting, KEY, isLang), globalThis.navigator?.languages ?? []))

  choose(lang: Lang): void {
    this.current = lang
    remember(lasting, KEY, lang)
    // For the box too: the guests' page comes with its menu in one language.
    document.cookie = `qres-language=${lang}; path=/; max-age=31536000; samesite=lax`
  }

  /** The language in which a page came, for somebody who has not chosen one. */
  adopt(lang: string): void {
    if (isLang(lang) && !recall(lasting, KEY, isLang)) this.current = lang
  }

  /** The other one: with two languages a switch is one button. */
  get other(): Lang {
    return this.current === 'ru' ? 'en' : 'ru'
  }
}

export const language = new Language()

interface Translated {
  name: string
  description?: string | null
  translations?: Record<string, { name?: string | null; description?: string | null }>
}

/** A menu text in the person's language, or in the restaurant's own where it was not translated. */
export function nameOf(thing: Translated, lang: Lang): string {
  return thing.translations?.[lang]?.name || thing.name
}

export function descriptionOf(thing: Translated, lang: Lang): string {
  return thing.translations?.[lang]?.description || thing.description || ''
}
