import { common } from '../../lib/i18n/common'
import { language } from '../../lib/i18n/language.svelte'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

/** The admin app's words in the language chosen now. */
export const t = () => own[language.current]

/** The shared words, with refusals as one tells them to an owner. */
export const words = () => ({ ...common(), error: { ...common().error, ...t().error } })
