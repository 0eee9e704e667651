import type { Refusal } from '../../http'
import { common } from '../../i18n/common'
import { language } from '../../i18n/language.svelte'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

/** The book's words in the language chosen now. */
export const b = () => own[language.current]

/** What the person typed that the box refused, before the sentence that says why. */
export function reasonOf(refusal: Refusal, sentence: string): string {
  const [first] = refusal.fields
  const labels: Record<string, string> = {
    name: b().name,
    phone: b().phone,
    notes: b().notes,
    allergies: b().allergies,
    party: b().party,
    minutes: b().minutes,
    starts_at: b().time,
    table_ids: b().tables,
    reason: b().reason,
  }
  const label = first && labels[first.field]
  return label ? `${label}: ${sentence}` : sentence
}

/** The shared words, with refusals as the book tells them. */
export const words = () => ({ ...common(), error: { ...common().error, ...b().error } })
