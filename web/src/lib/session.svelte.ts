// Who works at this screen. The sign-in lives as long as the tab: a wall screen stays signed in, a copied profile
// does not.

import { box, Refusal } from './client'
import { recall, remember, thisTab } from './storage'
import type { StaffName, UserRole } from './types'

export type Ending = 'token_expired' | 'wrong_role' | 'idle' | 'box_back'

export interface Person {
  id: number
  name: string
}

interface SignedIn {
  token: string
  person: Person
  username: string
  role: UserRole
}

const isSignedIn = (value: unknown): value is SignedIn => {
  const kept = value as SignedIn
  return (
    typeof kept?.token === 'string' &&
    kept.token !== '' &&
    Number.isInteger(kept.person?.id) &&
    typeof kept.role === 'string'
  )
}

export class Session {
  current = $state.raw<SignedIn | null>(null)
  /** why the box has ended the session by itself; the sign-in page says so */
  ended = $state<Ending | null>(null)
  #key: string

  #roles: UserRole[]

  /** `key`: where this tab remembers it; `roles`: who may work here */
  constructor(key: string, roles: UserRole[]) {
    this.#key = key
    this.#roles = roles
    this.current = recall(thisTab, key, isSignedIn)
  }

  async begin(token: string): Promise<void> {
    const { id, full_name, username, role } = await box.me(token)
    if (!this.#roles.includes(role)) throw new Refusal(403, 'wrong_role', `The role ${role} has no business here.`)
    this.current = { token, person: { id, name: full_name }, username, role }
    this.ended = null
    remember(thisTab, this.#key, this.current)
  }

  /** The box is out of reach and cannot check a PIN: what is done now waits on the device until it has. */
  beginAway({ id, full_name, username }: StaffName): void {
    this.current = { token: '', person: { id, name: full_name }, username, role: 'waiter' }
    this.ended = null
  }

  end(byBox: Ending | null): void {
    const token = this.current?.token
    this.current = null
    this.ended = byBox
    remember(thisTab, this.#key, null)
    if (token && (!byBox || byBox === 'idle')) void box.signOut(token).catch(() => undefined)
  }
}
