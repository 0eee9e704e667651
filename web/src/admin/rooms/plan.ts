// Where the plates of a room stand on its plan. A plan is three wide and two high; places are its thousandths. Pure.

import type { Table } from '../../lib/types'

export interface Spot {
  x: number
  y: number
}

/** Squares of the grid, in thousandths of each side: as high as they are wide on a 3:2 plan. */
export const STEP: Spot = { x: 20, y: 30 }
/** So near the walls a plate's middle may come. */
const NEAREST: Spot = { x: 60, y: 90 }

const between = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))
const onGrid = (value: number, step: number): number => Math.round(value / step) * step

/** The nearest place of the grid that is inside of the room. */
export function snapped({ x, y }: Spot): Spot {
  return {
    x: between(onGrid(x, STEP.x), NEAREST.x, 1000 - NEAREST.x),
    y: between(onGrid(y, STEP.y), NEAREST.y, 1000 - NEAREST.y - 10),
  }
}

/** Room for one plate with its chairs. */
const CELL: Spot = { x: 160, y: 210 }

const isFree = (spot: Spot, taken: Spot[]): boolean =>
  taken.every(({ x, y }) => Math.abs(x - spot.x) >= CELL.x - 20 || Math.abs(y - spot.y) >= CELL.y - 20)

/** The place of every table: its own, or the first free one, row by row. */
export function laidOut(tables: Table[]): Map<number, Spot> {
  const spots = new Map<number, Spot>()
  const taken: Spot[] = []
  const put = (id: number, spot: Spot) => {
    spots.set(id, spot)
    taken.push(spot)
  }
  for (const { id, x, y } of tables) if (x != null && y != null) put(id, { x, y })
  for (const { id } of tables) if (!spots.has(id)) put(id, firstFree(taken))
  return spots
}

function firstFree(taken: Spot[]): Spot {
  for (let y = 120; y <= 900; y += CELL.y)
    for (let x = 100; x <= 900; x += CELL.x) {
      const spot = snapped({ x, y })
      if (isFree(spot, taken)) return spot
    }
  // A full room: plates lie over one another, a little apart, so that each can be taken hold of.
  const n = taken.length
  return snapped({ x: 100 + ((n * 60) % 800), y: 120 + ((n * 90) % 760) })
}

/** Where an arrow key moves a plate; null for any other key. */
export function stepped(spot: Spot, key: string, far: boolean): Spot | null {
  const by = far ? 5 : 1
  const moves: Record<string, Spot> = {
    ArrowLeft: { x: -STEP.x * by, y: 0 },
    ArrowRight: { x: STEP.x * by, y: 0 },
    ArrowUp: { x: 0, y: -STEP.y * by },
    ArrowDown: { x: 0, y: STEP.y * by },
  }
  const move = moves[key]
  return move ? snapped({ x: spot.x + move.x, y: spot.y + move.y }) : null
}

/** The next `count` names that no table has, from `first` on: "7", 8, 9; "A1", A2, A3; "VIP" alone, or VIP 1, VIP 2. */
export function freeNames(tables: Pick<Table, 'name'>[], first: string, count: number): string[] {
  const taken = new Set(tables.map(({ name }) => name.toLowerCase()))
  const wish = first.trim()
  const [, stem = '', digits = ''] = /^(.*?)(\d*)$/.exec(wish) ?? []
  if (digits === '' && count === 1) return [wish]
  const head = digits === '' ? `${stem} ` : stem
  const free: string[] = []
  for (let number = Number(digits || 1); free.length < count; number++) {
    const name = `${head}${String(number).padStart(digits.length, '0')}`
    if (!taken.has(name.toLowerCase())) free.push(name)
  }
  return free
}
