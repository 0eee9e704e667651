// Numbers as people type them, with commas, points and spaces of any country. As the box reads them in a spreadsheet.

/** How many digits may stand behind a decimal separator. */
export type Decimals = (count: number) => boolean

export const ofMoney =
  (digits: number): Decimals =>
  (count) =>
    count > 0 && count <= digits
/** Three digits behind a comma are as likely thousands as thousandths. */
export const ofWeight: Decimals = (count) => count > 0 && count !== 3

const GROUPS = /^[1-9]\d{0,2}(?:([.,'’\s])\d{3})(?:\1\d{3})*$/

/** "1 200,5" -> "1200.5"; null where it is no number, or can be read in several ways. */
export function plain(text: string, decimals: Decimals): string | null {
  const number = text.trim().replace(/[\u00a0\u202f]/g, ' ')
  const last = Math.max(number.lastIndexOf('.'), number.lastIndexOf(','))
  const [whole, fraction] = last < 0 ? [number, ''] : [number.slice(0, last), number.slice(last + 1)]
  const parts = last >= 0 && !whole.includes(number[last]!) && decimals(fraction.length)
  if (parts && /^\d+$/.test(fraction)) return wholeOf(whole, `.${fraction}`)
  const onlyWhole = !decimals(1)
  const repeated = last >= 0 && whole.includes(number[last]!)
  return last < 0 || onlyWhole || repeated ? wholeOf(number, '') : null
}

function wholeOf(text: string, rest: string): string | null {
  if (/^\d+$/.test(text)) return text + rest
  return GROUPS.test(text) ? text.replace(/\D/g, '') + rest : null
}
