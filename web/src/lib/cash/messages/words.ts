import { language } from '../../i18n/language.svelte'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

/** The words of an X or a Z in the language chosen now. */
export const r = () => own[language.current]
