// A refusal in the person's own words: by its code where we know it, by the box's sentence otherwise.

import type { Refusal } from './http'
import type { CommonMessages } from './i18n/ru'

export function sentenceFor(refusal: Refusal, words: CommonMessages): string {
  const known = words.error[refusal.code as keyof CommonMessages['error']] as
    | string
    | ((dish: string, params: Refusal['params']) => string)
    | undefined
  if (typeof known === 'function') {
    const dish = refusal.params.dish ?? refusal.params.dish_name ?? refusal.params.name
    return known(typeof dish === 'string' ? dish : '', refusal.params)
  }
  return known ?? (refusal.detail || words.error.unknown)
}
