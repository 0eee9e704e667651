import { en } from './en'
import { language } from './language.svelte'
import { ru } from './ru'

const words = { ru, en }

/** The shared words in the person's language; read it inside markup or $derived to follow a switch. */
export const common = () => words[language.current]
