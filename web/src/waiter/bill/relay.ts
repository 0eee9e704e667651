// Lines of checks that lie side by side, laid anew: where each lies now, and what the box is told of it. Pure.

import { inPieces, inThousandths } from '../../lib/quantity'
import { toMinor } from '../../lib/money'
import type { Check, CheckMove } from '../../lib/types'
import type { Shares, Splittable } from './shares'

/** What lies on the checks together, and how much of each line on which. */
export function layoutOf(checks: Check[], digits: number): { lines: Splittable[]; shares: Shares } {
  const lines = new Map<number, Splittable>()
  const shares = new Map<number, number[]>()
  checks.forEach((check, at) => {
    for (const { item_id: itemId, quantity, unit, total, seat } of check.lines) {
      const before = lines.get(itemId) ?? { itemId, quantity: 0, unit, total: 0, seat: seat ?? null }
      const here = inThousandths(quantity)
      lines.set(itemId, { ...before, quantity: before.quantity + here, total: before.total + toMinor(total, digits) })
      const parts = shares.get(itemId) ?? checks.map(() => 0)
      parts[at] = here
      shares.set(itemId, parts)
    }
  })
  return { lines: [...lines.values()].sort((a, b) => a.itemId - b.itemId), shares }
}

/** What has to go from which check to which, so that it lies as wished. `ids`: of the checks, in their order. */
export function movesOf(now: Shares, wished: Shares, ids: number[]): CheckMove[] {
  const moves = new Map<string, CheckMove>()
  for (const [item_id, parts] of wished) {
    const more = parts.map((part, at) => part - (now.get(item_id)?.[at] ?? 0))
    for (const [to, short] of more.entries()) {
      let open = short
      for (const [from, rest] of more.entries()) {
        const goes = Math.min(open, -rest)
        if (goes <= 0) continue
        const move = moves.get(`${from} ${to}`) ?? { from: ids[from]!, to: ids[to]!, lines: [] }
        move.lines.push({ item_id, quantity: inPieces(goes) })
        moves.set(`${from} ${to}`, move)
        more[from] = rest + goes
        open -= goes
      }
    }
  }
  return [...moves.values()]
}
