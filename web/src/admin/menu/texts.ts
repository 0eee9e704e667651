// Texts in the menu's other languages, as a form holds them: every language has both fields, empty or not.

import type { Translations } from '../../lib/types'

export interface Texts {
  name: string
  description: string
}

export type ByLanguage = Record<string, Texts>

export function toForm(translations: Translations, languages: readonly string[]): ByLanguage {
  const known = [...new Set([...languages, ...Object.keys(translations)])]
  return Object.fromEntries(
    known.map((language) => {
      const texts = translations[language]
      return [language, { name: texts?.name ?? '', description: texts?.description ?? '' }]
    }),
  )
}

/** What the box keeps: only what was written. */
export function toBox(form: ByLanguage): Translations {
  const kept = Object.entries(form).map(([language, { name, description }]) => {
    const texts: { name?: string; description?: string } = {}
    if (name.trim()) texts.name = name.trim()
    if (description.trim()) texts.description = description.trim()
    return [language, texts] as const
  })
  return Object.fromEntries(kept.filter(([, texts]) => Object.keys(texts).length > 0))
}
