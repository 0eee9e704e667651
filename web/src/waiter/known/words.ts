import { language } from '../../lib/i18n/language.svelte'
import { en } from './messages/en'
import { ru } from './messages/ru'

const own = { ru, en }

/** What is said of known guests, in the language chosen now. */
export const t = () => own[language.current]
