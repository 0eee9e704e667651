// The wrong places of a file, as its author finds them there, and the list of them to take along. Pure.

/** The words that a place is said in. */
export interface PlaceWords {
  line: (number: string) => string
  /** what columns and fields are called */
  fields: Record<string, string>
}

/** "line 7, price" in the person's words; a place in JSON is its path. */
export function placeOf(field: string, { line, fields }: PlaceWords): string {
  const [, number, column] = field.match(/^line (\d+)(?:, (.+))?$/) ?? []
  if (!number) return field
  return [line(number), column && (fields[column] ?? column)].filter(Boolean).join(', ')
}

/** What a spreadsheet would calculate: an apostrophe before it keeps it a text. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/** A table for a spreadsheet, whose columns are parted as in the person's own. */
export function csvOf(rows: readonly (readonly string[])[], parted: ',' | ';'): string {
  const cell = (text: string) => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
  return '\uFEFF' + rows.map((row) => row.map(cell).join(parted) + '\r\n').join('')
}
