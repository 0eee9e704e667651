import { expect, test } from 'vitest'
import type { GuestAttempt } from '../../lib/types'
import { equalPart, stageOf, tipOf } from './sums'

test('what is shown follows from where the payment stands', () => {
  const at = (state: GuestAttempt['state']) => stageOf({ state } as GuestAttempt)
  expect(stageOf(null)).toBe('choose')
  expect(['CREATED', 'SENT', 'AWAITING', 'PAID'].map((state) => at(state as GuestAttempt['state']))).toEqual(['working', 'working', 'pay', 'paid'])
  expect(at('FAILED')).toBe('failed')
  expect(at('LATE')).toBe('over')
})

test('an equal part is never more than what is left', () => {
  expect(equalPart(100_000, 3, 100_000)).toBe(33_334)
  expect(equalPart(100_000, 2, 20_000)).toBe(20_000)
})

test('a tip is a round sum, and of little money what it is', () => {
  expect(tipOf(125_000, 10, 2)).toBe(12_500)
  expect(tipOf(33_333, 5, 2)).toBe(1_700)
  expect(tipOf(500, 10, 2)).toBe(50)
  expect(tipOf(1_250, 10, 0)).toBe(125)
})
