import { expect, test } from 'vitest'
import { planOf, type Placed, type Spot } from './plan'

const PLATE = { width: 92, height: 88 }
const GAP = 6
const at = (x: number, y: number, breadth = 1): Spot => ({ x, y, breadth })
const grid = (columns: number, rows: number): Spot[] =>
  Array.from({ length: columns * rows }, (_, n) => at(((n % columns) + 0.5) * (1000 / columns), (Math.floor(n / columns) + 0.5) * (1000 / rows)))

const overlap = (a: Placed, b: Placed): boolean =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height
const overlaps = (plates: Placed[]): number =>
  plates.reduce((sum, one, n) => sum + plates.slice(n + 1).filter((other) => overlap(one, other)).length, 0)

// Row 2: plates never overlap, at any size of the screen, and stand wholly inside the plan.
test.each([
  ['a tablet', { width: 600, height: 520 }],
  ['a small window', { width: 592, height: 480 }],
  ['a large screen', { width: 1400, height: 900 }],
])('on %s no plate covers another', (_, room) => {
  const rooms = [grid(5, 3), grid(8, 5), [at(0, 0), at(10, 5), at(1000, 1000, 1.4), at(990, 990)], Array.from({ length: 9 }, () => at(500, 500))]
  for (const spots of rooms) {
    const { size, plates } = planOf(spots, room, PLATE, GAP)
    expect(overlaps(plates)).toBe(0)
    for (const { left, top, width, height } of plates) {
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0)
      expect(left + width).toBeLessThanOrEqual(size.width + 0.01)
      expect(top + height).toBeLessThanOrEqual(size.height + 0.01)
    }
  }
})

test('plates scale with the plan, and the plan grows before they are too small to read', () => {
  const wide = planOf(grid(4, 3), { width: 1200, height: 800 }, PLATE, GAP)
  expect(wide.scale).toBe(1.4)
  expect(wide.size).toEqual({ width: 1200, height: 800 })
  const narrow = planOf(grid(8, 5), { width: 600, height: 480 }, PLATE, GAP)
  expect(narrow.scale).toBe(1)
  expect(narrow.size.width).toBeGreaterThan(600)
})

test('tables at the edge keep their row: plates are smaller before they step aside', () => {
  const spots = [at(80, 640, 1.4), at(340, 640), at(600, 640), at(860, 640, 1.4), at(80, 900), at(340, 900)]
  const { plates } = planOf(spots, { width: 598, height: 622 }, PLATE, GAP)
  expect(new Set(plates.slice(0, 4).map(({ top }) => top)).size).toBe(1)
  expect(overlaps(plates)).toBe(0)
})
