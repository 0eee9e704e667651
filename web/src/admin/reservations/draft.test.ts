import { expect, test } from 'vitest'
import type { Rules } from '../../lib/reservations/api'
import { draftOf, rulesOf } from './draft'

const rules: Rules = {
  guests_may: true,
  hours: [{ weekdays: [5, 6], first: '18:00', last: '01:00' }],
  special_days: [
    { day: '2026-12-31', hours: [], note: 'Closed' },
    { day: '2027-01-07', hours: [{ first: '12:00', last: '14:00' }, { first: '18:00', last: '20:00' }], note: '' },
  ],
  every_minutes: 15,
  lengths: [{ up_to: 2, minutes: 90 }],
  clear_minutes: 0,
  guests_per_quarter: null,
  parties_per_quarter: 3,
  largest_party: 8,
  notice_minutes: 60,
  days_ahead: 60,
  late_minutes: 15,
  joins: [{ table_ids: [1, 2], seats: 8 }],
}

test('what nobody touched is sent as it was read, further hours of a day too', () => {
  expect(rulesOf(draftOf(rules), rules)).toEqual(rules)
})

test('an empty limit is none, and a closed day has no hours', () => {
  const draft = draftOf(rules)
  draft.parties_per_quarter = ' '
  draft.special_days[1]!.closed = true
  const sent = rulesOf(draft, rules)
  expect(sent.parties_per_quarter).toBeNull()
  expect(sent.special_days[1]!.hours).toEqual([])
})
