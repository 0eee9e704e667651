// How much of a dish: whole thousandths of a piece, a kilogram or a litre, as the box counts them. Pure.

export const PIECE = 1000

/** 1500 -> 1.5, as the box reads quantities. */
export const inPieces = (thousandths: number): number => thousandths / PIECE

/** 0.35 -> 350 */
export const inThousandths = (quantity: number): number => Math.round(quantity * PIECE)

const FRACTIONS: Record<number, string> = { 250: '¼', 333: '⅓', 334: '⅓', 500: '½', 667: '⅔', 666: '⅔', 750: '¾' }

/** As it stands on the paper: "2", "½", "1½", "0,35". */
export function writtenQuantity(thousandths: number, lang: string): string {
  const [whole, rest] = [Math.floor(thousandths / PIECE), thousandths % PIECE]
  if (rest === 0) return String(whole)
  const fraction = FRACTIONS[rest]
  if (fraction) return (whole || '') + fraction
  return (thousandths / PIECE).toLocaleString(lang, { maximumFractionDigits: 3 })
}
