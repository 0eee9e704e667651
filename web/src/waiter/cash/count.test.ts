import { describe, expect, it } from 'vitest'
import type { CashDesk, CashReport } from '../../lib/types'
import { floats, parsePieces, standing, totalOf } from './count'

describe('a drawer', () => {
  it('is opened as it was left, with nothing, or with a round sum', () => {
    expect(floats(312_50, [5000_00, 2000_00, 1000_00, 500_00])).toEqual([312_50, 0, 1000_00, 2000_00, 5000_00])
    expect(floats(null, [5000_00])).toEqual([0, 5000_00])
    expect(floats(0, [5000_00])).toEqual([0, 5000_00])
    expect(floats(5000_00, [5000_00])).toEqual([5000_00, 0])
  })

  it('is counted by pieces', () => {
    expect(['', ' 12 ', '0', '1,5', '-1', 'x', '123456'].map(parsePieces)).toEqual([0, 12, 0, null, null, null, null])
    expect(totalOf([1000_00, 50_00, 10], [3, 0, 7])).toBe(3000_70)
    expect(totalOf([1000_00, 50_00], [3])).toBe(3000_00)
    expect(totalOf([1000_00, 50_00], [3, null])).toBeNull()
  })

  it('is closed by the count that stands, until money moves', () => {
    const desk = { drawer: { tolerance: '5.00' } } as CashDesk
    const x = (state: string, expected: string | null, ...counts: [string, string][]) =>
      ({
        shift: { id: 7, state, difference: '-10.00' },
        expected,
        counts: counts.map(([counted, expected]) => ({ counted, expected })),
      }) as CashReport
    expect(standing(desk, null, null)).toBeNull()
    expect(standing(desk, x('OPEN', '100.00'), null)).toBeNull()
    const once = standing(desk, x('COUNTED', '100.00', ['90.00', '100.00']), null)
    expect(once).toMatchObject({ id: 7, counted: '90.00', needs_reason: true, can_recount: true })
    expect(standing(desk, x('COUNTED', '120.00', ['90.00', '100.00']), once)).toBeNull()
    expect(standing(desk, x('COUNTED', null), once)).toBeNull()
    const twice = x('COUNTED', '120.00', ['90.00', '100.00'], ['1.00', '120.00'], ['2.00', '120.00'])
    expect(standing(desk, twice, once)).toMatchObject({ counted: '2.00', can_recount: false })
    const told = { ...once!, can_recount: false }
    expect(standing(desk, x('COUNTED', '100.00', ['90.00', '100.00']), told)).toBe(told)
  })
})
