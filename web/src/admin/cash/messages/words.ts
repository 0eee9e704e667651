import { language } from '../../../lib/i18n/language.svelte'
import { words } from '../../messages/words'
import { reasonFor } from '../../reasons'
import { Saving } from '../../saving.svelte'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

export const c = () => own[language.current]

/** A save that tells refusals of drawers in their words. */
export class Refused extends Saving {
  constructor() {
    const told = () => ({ ...words(), error: { ...words().error, ...c().error } })
    super({ name_taken: 'name', drawer_of_person: 'user_id' }, { words: told as typeof words, reasonFor })
  }
}
