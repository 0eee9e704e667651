import { describe, expect, it } from 'vitest'
import { floats, parsePieces, totalOf } from './count'

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
})
