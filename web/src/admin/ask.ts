// Calls to the box as the person who is signed in here. A session that the box has ended leads to the sign-in.

import { answered, api, bearer, Refusal, type Page, type Reply } from '../lib/client'
import { session } from './station'

export { api, Refusal }

/** The most rows that the box gives at once. */
const ROWS = 100

type As = ReturnType<typeof bearer>

/** What the box answered, e.g. `ask((as) => api.GET('/tables/{id}', { ...as, params: { path: { id } } }))`. */
export async function ask<T>(call: (as: As) => Promise<Reply<T>>): Promise<T> {
  try {
    return await answered(call(bearer(session.current?.token ?? '')))
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) session.end('token_expired')
    throw error
  }
}

/** Every row of a list that comes in pages. */
export async function everyRow<T>(read: (page: Page) => Promise<{ rows: T[]; total: number }>): Promise<T[]> {
  const all: T[] = []
  for (;;) {
    const { rows, total } = await read({ skip: all.length, limit: ROWS })
    all.push(...rows)
    if (rows.length === 0 || all.length >= total) return all
  }
}
