import { describe, expect, it } from 'vitest'
import type { PermissionState, Rule } from './api'
import { columnsOf, grouped, settable, withRule } from './rules'

const state = (permission: string, group: string, roles: string[], in_use = true) =>
  ({ permission, group, limit: 'NONE', in_use, roles }) as unknown as PermissionState
const rule = (permission: string, decision: string) => ({ permission, decision, at_most: null }) as Rule

const all = [
  state('ORDER_MOVE', 'ORDERS', ['manager', 'waiter', 'cashier']),
  state('PAYMENT_TAKE', 'PAYMENTS', ['manager', 'waiter', 'cashier']),
  state('ORDER_CANCEL', 'ORDERS', ['manager', 'waiter', 'cashier']),
  state('STOP_LIST', 'HOUSE', ['manager', 'kitchen'], false),
]

describe('the table of permissions', () => {
  it('has what is in use, by groups', () => {
    const groups = grouped(all).map(({ group, rows }) => [group, rows.length])
    expect(groups).toEqual([['ORDERS', 2], ['PAYMENTS', 1]])
    expect(columnsOf(all)).toEqual(['waiter', 'cashier', 'manager'])
  })

  it('changes one rule and leaves the others', () => {
    const rules = [rule('ORDER_MOVE', 'ALLOW'), rule('STOP_LIST', 'ALLOW')]
    const changed = withRule(rules, 'ORDER_MOVE', rule('ORDER_MOVE', 'ASK'))
    expect(changed.map(({ permission, decision }) => [permission, decision])).toEqual([
      ['STOP_LIST', 'ALLOW'],
      ['ORDER_MOVE', 'ASK'],
    ])
    expect(withRule(rules, 'ORDER_MOVE', null)).toEqual([rules[1]])
    expect(settable(changed, all, 'waiter').map(({ permission }) => permission)).toEqual(['ORDER_MOVE'])
  })
})
