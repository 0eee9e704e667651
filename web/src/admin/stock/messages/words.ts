import { language } from '../../../lib/i18n/language.svelte'
import { words } from '../../messages/words'
import { reasonFor } from '../../reasons'
import { Saving } from '../../saving.svelte'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

export const s = () => own[language.current]

/** A save that tells refusals of the stock in its words. */
export class Refused extends Saving {
  constructor() {
    const told = () => ({ ...words(), error: { ...words().error, ...s().error } })
    super({ barcode_taken: 'packs', name_taken: 'name' }, { words: told as typeof words, reasonFor })
  }
}
