import { language } from '../../lib/i18n/language.svelte'
import { en } from './en'
import { ru } from './ru'

const words = { ru, en }

/** The kitchen's words in the language chosen now. */
export const t = () => words[language.current]
