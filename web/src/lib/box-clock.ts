// The box's time on a screen, carried on by a clock that nobody can set. A tablet's own clock may be hours off, and may
// be put right at any moment: it only tells that something is wrong.

import { uuidv7 } from './uuid'

/** From this difference on (ms) the two clocks of the device disagree: it slept, or somebody set it. */
const DOUBTFUL = 30_000

/** This page, until it is closed or loaded anew. */
const PAGE = uuidv7()

/** When something was made, to be kept on the device. */
export interface Stamp {
  /** the box's time, or the earliest that it can have been, ms since 1970 */
  madeAt: number
  /** where `madeAt` is no more than that: by the page's own clock, which tells while the page lives */
  tick: { page: string; at: number } | null
}

interface Heard {
  /** what the box said, ms since 1970 */
  at: number
  ticks: number
  wall: number
}

class BoxClock {
  #heard: Heard | null = null
  /** it cannot have been earlier than this when the page began, ms; 0: nobody knows */
  #least = 0
  #began = performance.now()

  /** The box says what time it is. */
  hear(at: number): void {
    this.#heard = { at, ticks: performance.now(), wall: Date.now() }
  }

  /** Something that was kept has been true at `at`: it is later now. */
  isAfter(at: number): void {
    this.#least = Math.max(this.#least, at)
    this.#began = performance.now()
  }

  /** The box's time; null while nobody has told it since the page began, the device slept or its clock was set. */
  now(): number | null {
    if (!this.#heard) return null
    const ticks = performance.now() - this.#heard.ticks
    const wall = Date.now() - this.#heard.wall
    return Math.abs(wall - ticks) < DOUBTFUL ? this.#heard.at + ticks : null
  }

  /** For the eye: the box's time as last told, and the device's own before the first word. */
  shown(): number {
    return this.#heard ? this.atLeast() : Date.now()
  }

  /** The earliest that it can be by what was heard or kept. */
  atLeast(): number {
    const known = this.#heard ?? { at: this.#least, ticks: this.#began }
    return known.at === 0 ? 0 : known.at + performance.now() - known.ticks
  }

  stamp(): Stamp {
    return { madeAt: this.atLeast(), tick: this.now() === null ? { page: PAGE, at: performance.now() } : null }
  }

  /** How old it is, ms, or a little more: never less. Null while nobody can tell. */
  ageOf({ madeAt, tick }: Stamp): number | null {
    if (tick?.page === PAGE) return performance.now() - tick.at
    const now = this.now()
    return now === null ? null : now - madeAt
  }

  /** A stamp of this page in the box's time, now that it is known: a later page can count on it. */
  known(stamp: Stamp): Stamp {
    const now = this.now()
    if (now === null || stamp.tick?.page !== PAGE) return stamp
    return { madeAt: now - (performance.now() - stamp.tick.at), tick: null }
  }
}

/** One for the page: sign-ins come and go, time does not. */
export const boxClock = new BoxClock()
