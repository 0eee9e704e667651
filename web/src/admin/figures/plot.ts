// The measures of a plot: scales, marks and where the figures at the lines' ends stand. Pure.

import { scaleLinear, type ScaleLinear } from 'd3-scale'
import { line } from 'd3-shape'

export interface Size {
  width: number
  height: number
}

/** Room beside the lines for the marks of the axes and the figures at the ends. */
export const MARGIN = { top: 20, right: 12, bottom: 28, left: 92 }

/** From zero to above the largest value; a plot of nothing is a plot to one. */
export function upwards(values: number[], { height }: Size): ScaleLinear<number, number> {
  const most = Math.max(0, ...values)
  return scaleLinear([0, most || 1], [height - MARGIN.bottom, MARGIN.top]).nice(4)
}

/** The marks of the axis: of nothing there is only zero, between whole figures there are none, and no two read the same. */
export function marks(values: number[], { y, mark }: { y: ScaleLinear<number, number>; mark: (value: number) => string }): number[] {
  if (!values.some((value) => value > 0)) return [0]
  const isWhole = values.every(Number.isInteger)
  const said = new Set<string>()
  return y.ticks(4).filter((tick) => {
    const text = mark(tick)
    if ((isWhole && !Number.isInteger(tick)) || said.has(text)) return false
    said.add(text)
    return true
  })
}

/** The same from left to right. */
export function rightwards(values: number[], { width }: Size): ScaleLinear<number, number> {
  const most = Math.max(0, ...values)
  return scaleLinear([0, most || 1], [MARGIN.left, width - MARGIN.right]).nice(4)
}

/** So many places from left to right, the last at the right edge. */
export function across(count: number, { width }: Size): (place: number) => number {
  return scaleLinear([0, Math.max(1, count - 1)], [MARGIN.left, width - MARGIN.right])
}

/** The middles of so many columns side by side. */
export function among(count: number, { width }: Size): (place: number) => number {
  const step = (width - MARGIN.left - MARGIN.right) / Math.max(1, count)
  return (place) => MARGIN.left + (place + 0.5) * step
}

/** The `d` of a line through the values. */
export function path(values: number[], x: (place: number) => number, y: (value: number) => number): string {
  return line<number>((_, place) => x(place), (value) => y(value))(values) ?? ''
}

/** The places of at most `most` marks that are evenly apart, the first among them. */
export function spread(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step)
}
