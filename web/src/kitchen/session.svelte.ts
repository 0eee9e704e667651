// Who works at this screen. The token lives as long as the tab: a wall screen stays signed in, a copied profile does not.

import { box } from '../lib/client'
import { recall, remember, thisTab } from '../lib/storage'

export type Ending = 'token_expired' | 'wrong_role'

const KEY = 'qres.kitchen.token'
const isToken = (value: unknown): value is string => typeof value === 'string' && value !== ''

class Session {
  token = $state(recall(thisTab, KEY, isToken))
  /** why the box has ended the session by itself; the sign-in page says so */
  ended = $state<Ending | null>(null)

  begin(token: string): void {
    this.token = token
    this.ended = null
    remember(thisTab, KEY, token)
  }

  end(byBox: Ending | null): void {
    const token = this.token
    this.token = null
    this.ended = byBox
    remember(thisTab, KEY, null)
    if (token && !byBox) void box.signOut(token).catch(() => undefined)
  }
}

export const session = new Session()
