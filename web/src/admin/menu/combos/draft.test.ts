import { expect, test } from 'vitest'
import { comboBody, comboDraft, newChoice, withUsual, wrongIn, type Piece } from './draft'

const soup: Piece = { variation: 7, name: 'Борщ', isOut: false, price: '340.00' }
const other: Piece = { variation: 8, name: 'Харчо', isOut: false, price: '560.00' }

function lunch() {
  const draft = comboDraft(null, 3, [], ['en'])
  draft.name = ' Ланч '
  draft.price = '450'
  draft.parts = draft.parts.slice(0, 1)
  draft.parts[0]!.name = 'Суп'
  draft.parts[0]!.choices = [newChoice(soup, true), { ...newChoice(other, false), surcharge: '50,5' }]
  return draft
}

test('what was typed is sent as the box reads it', () => {
  expect(comboBody(lunch(), 2)).toEqual({
    parts: [
      {
        name: 'Суп',
        translations: {},
        choices: [
          { dish_variation_id: 7, surcharge: '0', is_default: true },
          { dish_variation_id: 8, surcharge: '50.5', is_default: false },
        ],
      },
    ],
  })
  expect(wrongIn(lunch(), true, 2)).toEqual([])
})

test('one thing of a part is the usual one, or none', () => {
  const { choices } = lunch().parts[0]!
  const usual = (at: number) => withUsual(choices, choices[at]!.id).map(({ is_default }) => is_default)
  expect(usual(1)).toEqual([false, true])
  expect(usual(0)).toEqual([false, false])
})

test('what is missing is named where it is missing', () => {
  const draft = lunch()
  draft.price = ''
  draft.parts[0]!.choices = []
  expect(wrongIn(draft, true, 2).map(({ field }) => field)).toEqual(['price', `part.${draft.parts[0]!.id}.choices`])
})
