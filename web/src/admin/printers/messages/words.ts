import { language } from '../../../lib/i18n/language.svelte'
import { words } from '../../messages/words'
import { reasonFor } from '../../reasons'
import { Saving } from '../../saving.svelte'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

export const p = () => own[language.current]

/** How refusals of printers are told. */
export const told = {
  words: (() => ({ ...words(), error: { ...words().error, ...p().error } })) as typeof words,
  reasonFor,
}

/** A save that tells them so, beside the field they speak of. */
export class Refused extends Saving {
  constructor() {
    const ofAddress = ['address_not_plain', 'address_unknown', 'address_port', 'address_serial', 'address_of_nobody', 'address_of_box', 'address_of_asking', 'scale_address']
    super({ name_taken: 'name', ...Object.fromEntries(ofAddress.map((code) => [code, 'address'])) }, told)
  }
}
