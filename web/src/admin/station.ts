// Who works at this screen, and the people who have signed in at it before: a box names its admins to nobody, so a PIN
// can be asked only of those whom this device has met.

import { lasting, recall, remember } from '../lib/storage'
import { Session } from '../lib/session.svelte'
import type { StaffName } from '../lib/types'

export const session = new Session('qres.admin', ['admin', 'manager'])

const KEY = 'qres.admin.known'
const REMEMBERED = 6

type Known = Pick<StaffName, 'id' | 'username' | 'full_name'>

const areKnown = (value: unknown): value is Known[] =>
  Array.isArray(value) && value.every((one: Known) => typeof one?.username === 'string' && Number.isInteger(one.id))

const known = (): Known[] => recall(lasting, KEY, areKnown) ?? []

export const knownHere = (): Promise<{ users: StaffName[] }> =>
  Promise.resolve({ users: known().map((one) => ({ ...one, avatar_url: null })) })

export function meet(one: Known): void {
  const others = known().filter((other) => other.id !== one.id)
  remember(lasting, KEY, [one, ...others].slice(0, REMEMBERED))
}
