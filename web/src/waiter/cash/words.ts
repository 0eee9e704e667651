import type { Refusal } from '../../lib/http'
import { language } from '../../lib/i18n/language.svelte'
import { sentenceFor } from '../../lib/refusal'
import { words } from '../messages/words'
import { en } from './messages/en'
import { ru } from './messages/ru'

const own = { ru, en }

/** The words of the cash desk in the language chosen now. */
export const t = () => own[language.current]

/** Why something was not done, as one tells it to a cashier. */
export const why = (refusal: Refusal): string =>
  refusal.isOpen ? t().unknown : sentenceFor(refusal, { ...words(), error: { ...words().error, ...t().error } })
