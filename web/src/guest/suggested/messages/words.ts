import { language } from '../../../lib/i18n/language.svelte'
import { en } from './en'
import { ru } from './ru'

const words = { ru, en }

/** The words of suggestions in the language chosen now. */
export const s = () => words[language.current]
