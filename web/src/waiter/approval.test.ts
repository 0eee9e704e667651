import { describe, expect, it } from 'vitest'
import { Refusal } from '../lib/http'
import { asked, needOf } from './approval'

const deed = { permission: 'LINE_REMOVE_BEGUN', subject: 'order_item', subject_id: 7, amount: '350.00' } as const
const place = { order_id: 3, order_number: 12, table_name: '5' }
const goes = { payment_state: null, to_table_id: 9, to_table_name: '7' }
const way = { account_id: 4, account_name: 'Dacha', method_id: 2, method_name: 'On account' }
const params = { ...deed, dish_name: 'Borscht', check_number: null, ...goes, ...way, worth: null, ...place, table_number: 5 }

describe('what a refusal asks for', () => {
  it('is what the box names', () => {
    const { table_number: _, ...need } = params
    expect(needOf(new Refusal(403, 'approval_needed', '', params))).toEqual(need)
    // A word that is too old is asked for anew.
    expect(needOf(new Refusal(403, 'approval_expired', '', params))).toEqual(need)
    expect(needOf(new Refusal(403, 'approval_needed', '', { ...params, worth: '70.00' }))!.worth).toBe('70.00')
    expect(asked(needOf(new Refusal(403, 'approval_needed', '', params))!)).toEqual({
      ...deed,
      method_id: 2,
      account_id: 4,
      payment_state: null,
      to_table_id: 9,
    })
  })

  it('is nothing where nobody can help', () => {
    expect(needOf(new Refusal(403, 'permission_denied', '', params))).toBeNull()
    expect(needOf(new Refusal(403, 'wrong_role', '', { role: 'host' }))).toBeNull()
    expect(needOf(new Refusal(409, 'bill_changed', '', params))).toBeNull()
  })
})
