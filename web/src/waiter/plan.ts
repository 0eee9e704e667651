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

/** So much larger plates grow where tables stand far apart, and so much smaller they may get before the plan grows. */
const LARGEST = 1.4
const SMALLEST = 1
/** A plan grows so much in each direction, and is scrolled; beyond that plates step aside. */
const MOST_GROWTH = 2.5

/** `room`: what there is to see, px; `plate`: as designed, px; `gap`: kept between plates, px. */
export function planOf(spots: Spot[], room: Size, plate: Size, gap: number): Plan {
  const free = scaleFor(spots, room, plate, gap)
  const scale = Math.min(LARGEST, Math.max(SMALLEST, free))
  const growth = Math.min(MOST_GROWTH, Math.max(1, scale / free))
  const size = { width: room.width * growth, height: room.height * growth }
  const plates = spots.map(({ x, y, breadth }) => {
    const [width, height] = [plate.width * breadth * scale, plate.height * scale]
    const left = clamp((x / 1000) * size.width - width / 2, gap, size.width - width - gap)
    return { left, top: clamp((y / 1000) * size.height - height / 2, gap, size.height - height - gap), width, height }
  })
  const apart = stepAside(plates, size, gap)
  return { size: apart.reduce(including(gap), size), scale, plates: apart }
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value))

/** The largest scale at which no two plates touch. */
function scaleFor(spots: Spot[], room: Size, plate: Size, gap: number): number {
  let scale = LARGEST
  spots.forEach((one, at) => {
    for (const other of spots.slice(at + 1)) {
      const across = (Math.abs(one.x - other.x) / 1000) * room.width - gap
      const down = (Math.abs(one.y - other.y) / 1000) * room.height - gap
      const width = (plate.width * (one.breadth + other.breadth)) / 2
      scale = Math.min(scale, Math.max(across / width, down / plate.height))
    }
  })
  return Math.max(scale, 0.01)
}

/** Tables that were drawn upon each other stand beside each other: the later one moves right, then down. */
function stepAside(plates: Placed[], size: Size, gap: number): Placed[] {
  const stood: Placed[] = []
  const placed = new Map<Placed, Placed>()
  for (const plate of [...plates].sort((a, b) => a.top - b.top || a.left - b.left)) {
    let next = plate
    for (let hit = touched(next, stood, gap); hit; hit = touched(next, stood, gap)) {
      const left = hit.left + hit.width + gap
      next = left + next.width + gap <= size.width ? { ...next, left } : { ...next, left: gap, top: hit.top + hit.height + gap }
    }
    stood.push(next)
    placed.set(plate, next)
  }
  return plates.map((plate) => placed.get(plate)!)
}

/** A hair less than the gap is no collision: sizes are fractions. */
const HAIR = 0.5

const touched = (plate: Placed, stood: Placed[], gap: number): Placed | undefined =>
  stood.find(
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
