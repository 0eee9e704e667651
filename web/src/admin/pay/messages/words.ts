import { language } from '../../../lib/i18n/language.svelte'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

export const y = () => own[language.current]
