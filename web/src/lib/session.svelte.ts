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
  /** nobody has touched the screen for a while: it tells, and does nothing before a PIN */
  isLocked?: boolean
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
  #isLocked = $state(false)
  #roles: UserRole[]

  /** `key`: where this tab remembers it; `roles`: who may work here */
  constructor(key: string, roles: UserRole[]) {
    this.#key = key
    this.#roles = roles
    const kept = recall(thisTab, key, isSignedIn)
    this.current = kept
    this.#isLocked = kept?.isLocked ?? false
    if (this.#isLocked) this.ended = 'idle'
  }

  get isLocked(): boolean {
    return this.#isLocked
  }

  async begin(token: string): Promise<void> {
    const { id, full_name, username, role } = await box.me(token)
    if (!this.#roles.includes(role)) throw new Refusal(403, 'wrong_role', `The role ${role} has no business here.`)
    const was = this.current
    const isBack = was?.token && was.person.id === id && this.#isLocked
    // Who comes back finds all as it was; the sign-in that only opened the lock has done its work.
    const ended = isBack ? token : was?.token
    if (!isBack) this.current = { token, person: { id, name: full_name }, username, role }
    this.ended = null
    this.#isLocked = false
    remember(thisTab, this.#key, this.current)
    if (ended) void box.signOut(ended).catch(() => undefined)
  }

  /** The screen asks for a PIN, and goes on to show what happens; the sign-in itself lives on. */
  lock(): void {
    if (!this.current) return
    this.#isLocked = true
    this.ended = 'idle'
    remember(thisTab, this.#key, { ...this.current, isLocked: true })
  }

  /** The box is out of reach and cannot check a PIN: what is done now waits on the device until it has. */
  beginAway({ id, full_name, username }: StaffName): void {
    this.current = { token: '', person: { id, name: full_name }, username, role: 'waiter' }
    this.ended = null
    this.#isLocked = false
  }

  end(byBox: Ending | null): void {
    const token = this.current?.token
    this.current = null
    this.#isLocked = false
    this.ended = byBox
    remember(thisTab, this.#key, null)
    if (token && !byBox) void box.signOut(token).catch(() => undefined)
  }
}
