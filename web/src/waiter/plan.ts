// Where plates stand on the plan of a room: as large as the tables leave room for, never one over another. Pure.

export interface Spot {
  /** the middle of the table, thousandths of the room */
  x: number
  y: number
  /** how much wider its plate is than the others */
  breadth: number
}

export interface Size {
  width: number
  height: number
}

export interface Placed extends Size {
  left: number
  top: number
}

export interface Plan {
  /** what the plan needs: the room's own size, or more where plates would not be readable */
  size: Size
  /** of the text on the plates: 1 is as designed */
  scale: number
  plates: Placed[]
}

/** So much larger plates grow where tables stand far apart; below their designed size they are not readable. */
const LARGEST = 1.4
const SCALE_STEP = 0.05
/** Where they touch at that size the plan grows so much in each direction, and is scrolled; beyond that plates step aside. */
const MOST_GROWTH = 2.5
const GROWTH_STEP = 0.1

/** `room`: what there is to see, px; `plate`: as designed, px; `gap`: kept between plates, px. */
export function planOf(spots: Spot[], room: Size, plate: Size, gap: number): Plan {
  let [scale, growth] = [LARGEST, 1]
  let plan = stood(spots, room, plate, gap, scale, growth)
  while (plan.plates.some((one, at) => touched(one, plan.plates.slice(0, at), gap)) && growth < MOST_GROWTH) {
    if (scale > 1) scale = Math.max(1, scale - SCALE_STEP)
    else growth += GROWTH_STEP
    plan = stood(spots, room, plate, gap, scale, growth)
  }
  const plates = stepAside(plan.plates, plan.size, gap)
  return { size: plates.reduce(including(gap), plan.size), scale, plates }
}

/** Every plate in the middle of its table, wholly inside the plan. */
function stood(spots: Spot[], room: Size, plate: Size, gap: number, scale: number, growth: number): Plan {
  const size = { width: room.width * growth, height: room.height * growth }
  const plates = spots.map(({ x, y, breadth }) => {
    const [width, height] = [plate.width * breadth * scale, plate.height * scale]
    const left = clamp((x / 1000) * size.width - width / 2, gap, size.width - width - gap)
    return { left, top: clamp((y / 1000) * size.height - height / 2, gap, size.height - height - gap), width, height }
  })
  return { size, scale, plates }
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value))

/** Tables that were drawn upon each other stand beside each other: the later one moves right, then down. */
function stepAside(plates: Placed[], size: Size, gap: number): Placed[] {
  const standing: Placed[] = []
  const placed = new Map<Placed, Placed>()
  for (const plate of [...plates].sort((a, b) => a.top - b.top || a.left - b.left)) {
    let next = plate
    for (let hit = touched(next, standing, gap); hit; hit = touched(next, standing, gap)) {
      const left = hit.left + hit.width + gap
      next = left + next.width + gap <= size.width ? { ...next, left } : { ...next, left: gap, top: hit.top + hit.height + gap }
    }
    standing.push(next)
    placed.set(plate, next)
  }
  return plates.map((plate) => placed.get(plate)!)
}

/** A hair less than the gap is no collision: sizes are fractions. */
const HAIR = 0.5

const touched = (plate: Placed, others: Placed[], gap: number): Placed | undefined =>
  others.find(
    (other) =>
      plate.left < other.left + other.width + gap - HAIR &&
      other.left < plate.left + plate.width + gap - HAIR &&
      plate.top < other.top + other.height + gap - HAIR &&
      other.top < plate.top + plate.height + gap - HAIR,
  )

const including = (gap: number) => (size: Size, { left, top, width, height }: Placed) => ({
  width: Math.max(size.width, left + width + gap),
  height: Math.max(size.height, top + height + gap),
})
