import { common } from '../../../lib/i18n/common'
import { language } from '../../../lib/i18n/language.svelte'
import { sentenceFor } from '../../../lib/refusal'
import { Refusal } from '../../ask'
import { words } from '../../messages/words'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

export const b = () => own[language.current]

/** What went wrong, as one tells it here. */
export function sentence(error: unknown): string {
  if (!(error instanceof Refusal)) return common().error.unknown ?? String(error)
  return b().error[error.code] ?? sentenceFor(error, words())
}
