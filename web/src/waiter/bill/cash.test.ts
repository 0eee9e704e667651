import { expect, test } from 'vitest'
import { inCash, parsePercent, partOf, percentOf, quickSums } from './cash'

test.each([
  ['RUB', 2, 126_945, [130_000, 150_000, 200_000, 500_000]],
  ['RUB', 2, 87_000, [90_000, 100_000, 200_000, 500_000]],
  ['RUB', 2, 1_234_000, [1_250_000, 1_300_000, 1_400_000, 1_500_000]],
  ['EUR', 2, 2_640, [2_700, 3_000, 4_000, 5_000]],
  ['KWD', 3, 4_250, [5_000, 6_000, 10_000, 20_000]],
  ['VND', 0, 250_000, [260_000, 300_000, 400_000, 500_000]],
  ['RUB', 2, 500_000, [600_000]],
  ['RUB', 2, 0, []],
])('what a guest hands over: %s', (currency, digits, due, sums) => {
  expect(quickSums(due, currency, digits)).toEqual(sums)
})

test('every offered sum is more than what is due, and none stands twice', () => {
  for (let due = 1; due < 1_000_000; due = due * 2 + 7) {
    const sums = quickSums(due, 'RUB', 2)
    expect(sums.every((sum, at) => sum > due && (at === 0 || sum > sums[at - 1]!))).toBe(true)
    expect(sums.length).toBeGreaterThan(0)
  }
})

test('cash is rounded to the coin, as the box does', () => {
  expect([1022, 1023, 1025, 1027, 1028].map((sum) => inCash(sum, 5))).toEqual([1020, 1025, 1025, 1025, 1030])
  expect(inCash(101, 1)).toBe(101)
  expect(inCash(250, 500)).toBe(500)
})

test('cash in parts is rounded once, so that no crumb is free', () => {
  const before = { paid: 0, handed: 0 }
  for (let at = 0; at < 10; at++) {
    before.handed += inCash(2, 5, before)
    before.paid += 2
  }
  expect(before).toEqual({ paid: 20, handed: 20 })
  expect(inCash(2, 5, { paid: 3, handed: 5 })).toBe(0)
})

test('tips and parts are whole minor units', () => {
  expect(percentOf(126_945, 10)).toBe(12_695)
  expect(percentOf(99, 5)).toBe(5)
  expect(partOf(100, 3)).toBe(33)
  expect(partOf(101, 2)).toBe(51)
})

test('percents as people type them', () => {
  expect(parsePercent('12,5')).toBe('12.5')
  expect(parsePercent('7 %')).toBe('7')
  for (const wrong of ['0', '101', '', 'x', '-1']) expect(parsePercent(wrong)).toBeNull()
})
