// Lines of one combo, which people read as one thing with one price. Pure.

import type { LineCombo } from '../types'

export interface Together<T> {
  key: string
  /** null: a line that is no part of a combo */
  combo: LineCombo | null
  lines: T[]
}

/** The lines in their order; the parts of a combo follow the first of them. */
export function together<T extends { combo?: LineCombo | null }>(lines: readonly T[], idOf: (line: T) => number): Together<T>[] {
  const found = new Map<string, Together<T>>()
  for (const line of lines) {
    const key = line.combo ? `combo ${line.combo.id}` : `line ${idOf(line)}`
    const there = found.get(key)
    if (there) there.lines.push(line)
    else found.set(key, { key, combo: line.combo ?? null, lines: [line] })
  }
  return [...found.values()]
}
