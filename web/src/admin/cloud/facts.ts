// How the copy is, as a list of facts: each with a word and a tone.

import type { Tone } from '../../lib/components/tone'
import type { CloudStatus } from './api'
import type { CloudMessages } from './messages/ru'

export interface Fact {
  name: string
  word: string
  tone: Tone
}

export function factsOf(status: CloudStatus, words: CloudMessages, moment: (at: string) => string): Fact[] {
  const link: Fact = status.connected
    ? { name: words.link, word: words.connected(status.host ?? ''), tone: 'good' }
    : status.paused
      ? { name: words.link, word: words.paused(status.hours ?? ''), tone: 'calm' }
      : { name: words.link, word: words.away, tone: 'wait' }
  const facts: Fact[] = [
    link,
    {
      name: words.completeUntil,
      word: status.synced_at ? moment(status.synced_at) : words.never,
      tone: status.late_since ? 'late' : 'calm',
    },
    { name: words.waiting, word: status.waiting_rows === 0 ? words.nothingWaits : words.rows(status.waiting_rows), tone: 'calm' },
  ]
  if (status.waiting_rows > 0 && status.connected && status.rows_per_second > 0) {
    facts.push({ name: words.rate, word: words.rowsPerSecond(Math.round(status.rows_per_second)), tone: 'calm' })
    facts.push({ name: words.catchUp, word: words.lasts(Math.ceil(status.seconds_to_catch_up ?? 0)), tone: 'calm' })
  }
  facts.push({ name: words.sent, word: words.rows(status.pushed_rows), tone: 'calm' })
  return facts
}

/** Troubles that end when somebody says which box is the right one. */
export const asksWhichBox = (status: CloudStatus): boolean =>
  ['cloud_behind', 'cloud_cloned', 'cloud_fenced', 'cloud_taken'].includes(status.trouble ?? '')
