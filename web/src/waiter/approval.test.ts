import { describe, expect, it } from 'vitest'
import { Refusal } from '../lib/http'
import { needOf } from './approval'

const params = { permission: 'LINE_REMOVE_BEGUN', subject: 'order_item', subject_id: 7, amount: '350.00', what: 'Borscht' }

describe('what a refusal asks for', () => {
  it('is what the box names', () => {
    const { what: _, ...need } = params
    expect(needOf(new Refusal(403, 'approval_needed', '', params))).toEqual(need)
    // A word that is too old is asked for anew.
    expect(needOf(new Refusal(403, 'approval_expired', '', params))).toEqual(need)
  })

  it('is nothing where nobody can help', () => {
    expect(needOf(new Refusal(403, 'permission_denied', '', params))).toBeNull()
    expect(needOf(new Refusal(403, 'wrong_role', '', { role: 'host' }))).toBeNull()
    expect(needOf(new Refusal(409, 'bill_changed', '', params))).toBeNull()
  })
})
