// How rows of a table are found and ordered. Pure.

export interface Column<T> {
  key: string
  label: string
  /** what it sorts by; a column without it is not sorted */
  value?: (row: T) => string | number | boolean | null
  /** its text, where that is not `value` */
  text?: (row: T) => string
  /** drawn by the table's `cell` snippet */
  custom?: boolean
  /** numbers and money stand at the right */
  end?: boolean
  /** addresses and codes may break anywhere, words may not */
  breaks?: boolean
}

export interface Order {
  column: string
  down: boolean
}

const plain = (text: string): string => text.toLocaleLowerCase().replaceAll('ё', 'е')

/** Whether every word of the search is in the text, whatever the case. */
export function matches(text: string, search: string): boolean {
  const within = plain(text)
  return plain(search).split(/\s+/).every((word) => within.includes(word))
}

/** The rows in order; empty values always come last. */
export function sorted<T>(rows: T[], columns: Column<T>[], order: Order | undefined): T[] {
  const value = order && columns.find((column) => column.key === order.column)?.value
  if (!value) return rows
  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare
  const sign = order.down ? -1 : 1
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a), value(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    const difference = typeof left === 'string' ? compare(left, String(right)) : Number(left) - Number(right)
    return sign * difference
  })
}
