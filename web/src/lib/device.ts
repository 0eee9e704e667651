// Whether this tablet is paired with the box. Its token goes with each sign-in; without a PIN or a password it opens
// nothing.

import { lasting, recall, remember } from './storage'

export interface Paired {
  token: string
  name: string
}

const KEY = 'qres.device'

const isPaired = (value: unknown): value is Paired => {
  const kept = value as Paired
  return typeof kept?.token === 'string' && kept.token !== '' && typeof kept.name === 'string'
}

export const pairedDevice = (): Paired | null => recall(lasting, KEY, isPaired)

export const keepDevice = (paired: Paired | null): void => remember(lasting, KEY, paired)

/** The code of a pairing link, `…#pair=7KQM-2XHD`; null without one. */
export function codeIn(hash: string): string | null {
  return /^#pair=([\w-]{1,40})$/.exec(hash)?.[1] ?? null
}
