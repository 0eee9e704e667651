// Which number key means which ticket. A ticket keeps its number for as long as it is seen, and a number that was
// freed rests before another ticket gets it: whoever reads 4 and 5 and presses both hits these two.

export const NUMBER_KEYS = 9
/** How long a freed number rests, ms. */
export const RESTS = 4000

/** The ticket of each number key, the first for 1; `leftAt`: when it left the wall, while its number rests. */
export type Slots = readonly ({ orderId: number; leftAt: number | null } | null)[]

export const NO_NUMBERS: Slots = Array.from({ length: NUMBER_KEYS }, () => null)

/** `seen`: the orders on the wall as they hang, from the top left. */
export function renumber(slots: Slots, seen: number[], now: number): Slots {
  const kept = slots.map((slot) => {
    if (!slot) return null
    if (seen.includes(slot.orderId)) return { orderId: slot.orderId, leftAt: null }
    const leftAt = slot.leftAt ?? now
    return now - leftAt < RESTS ? { orderId: slot.orderId, leftAt } : null
  })
  const held = new Set(kept.map((slot) => slot?.orderId))
  const waiting = seen.filter((orderId) => !held.has(orderId))
  return kept.map((slot) => {
    const next = slot ? undefined : waiting.shift()
    return next === undefined ? slot : { orderId: next, leftAt: null }
  })
}
