import { language } from '../../lib/i18n/language.svelte'
import type { Refusal } from '../../lib/http'
import { sentenceFor } from '../../lib/refusal'
import { words } from '../messages/words'
import { en } from './messages/en'
import { ru } from './messages/ru'

const own = { ru, en }

/** The words of the bill in the language chosen now. */
export const t = () => own[language.current]

/** Why something of the bill was not done, as one tells it to a waiter. */
export const why = (refusal: Refusal): string =>
  sentenceFor(refusal, { ...words(), error: { ...words().error, ...t().error } })
