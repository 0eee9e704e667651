// Dishes in four fields: how often they are ordered against what each of them leaves. Pure.

/** loved and worth it; loved and cheap; worth it and forgotten; neither */
export type Field = 'star' | 'horse' | 'puzzle' | 'dog'

export const FIELDS: Field[] = ['star', 'puzzle', 'horse', 'dog']

export interface Sold {
  name: string
  /** pieces */
  quantity: number
  /** what all of them left, in minor units */
  margin: number
}

export interface Placed extends Sold {
  /** what one of them left */
  each: number
  field: Field
}

export interface Fields {
  dishes: Placed[]
  /** from so many pieces on a dish is ordered often */
  often: number
  /** from here on one leaves much */
  much: number
}

/** A dish that has seven tenths of an even share is ordered often: the usual measure of menus. */
const SHARE = 0.7

/** Where each dish stands among the others. Of fewer than two there is nothing to compare. */
export function fieldsOf(sold: Sold[]): Fields | null {
  const some = sold.filter(({ quantity }) => quantity > 0)
  if (some.length < 2) return null
  const sum = (of: (dish: Sold) => number) => some.reduce((all, dish) => all + of(dish), 0)
  const pieces = sum(({ quantity }) => quantity)
  const often = (pieces / some.length) * SHARE
  const much = sum(({ margin }) => margin) / pieces
  const dishes = some.map((dish) => {
    const each = dish.margin / dish.quantity
    const isOften = dish.quantity >= often
    const field: Field = each >= much ? (isOften ? 'star' : 'puzzle') : isOften ? 'horse' : 'dog'
    return { ...dish, each, field }
  })
  return { dishes, often, much }
}
