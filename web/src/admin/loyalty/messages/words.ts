import { language } from '../../../lib/i18n/language.svelte'
import { words } from '../../messages/words'
import { reasonFor } from '../../reasons'
import { Saving } from '../../saving.svelte'
import { en } from './en'
import { ru } from './ru'

const own = { ru, en }

export const c = () => own[language.current]

const told = {
  words: (() => ({ ...words(), error: { ...words().error, ...c().error } })) as typeof words,
  reasonFor: (message: string) => c().wrong[message as keyof ReturnType<typeof c>['wrong']] ?? reasonFor(message),
}

/** A save that tells refusals of programs and codes in their words. */
export class Refused extends Saving {
  static readonly told = told

  constructor() {
    super({ name_taken: 'name', code_taken: 'code' }, told)
  }
}
