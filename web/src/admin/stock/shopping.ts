// The shopping list as text, to send to suppliers. Pure.
import type { ShoppingList } from '../../lib/types'
import { amountOf, type UnitWords } from './amounts'

type Supplier = ShoppingList['suppliers'][number]
export type ShoppingLine = Supplier['lines'][number]

/** "6 × Box, 30 kg"; without a pack the amount alone. */
export function quantityOf(line: ShoppingLine, words: UnitWords, locale: string): string {
  const amount = amountOf(line.quantity, line.base_unit, words, locale)
  return line.pack_name ? `${line.packs} × ${line.pack_name}, ${amount}` : amount
}

/** A supplier's part: their name, and a line for each good. */
function partOf(supplier: Supplier, nobody: string, words: UnitWords, locale: string): string {
  const head = [supplier.name ?? nobody, supplier.phone].filter(Boolean).join(', ')
  return [head, ...supplier.lines.map((line) => `- ${line.name}: ${quantityOf(line, words, locale)}`)].join('\n')
}

export const asText = (list: ShoppingList, nobody: string, words: UnitWords, locale: string): string =>
  list.suppliers.map((supplier) => partOf(supplier, nobody, words, locale)).join('\n\n')
