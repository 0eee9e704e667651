import { expect, test } from 'vitest'
import type { WholeGroup } from '../../../lib/types'
import { dishGroups, dishGroupsBody, groupBody, groupDraft, optionBody, priceIn, wrongIn } from './draft'

const group: WholeGroup = {
  id: 4,
  name: 'Молоко',
  translations: { en: { name: 'Milk' } },
  min: 0,
  max: 1,
  free: 0,
  halves: null,
  prefixes: ['NO'],
  sort_order: 0,
  created_at: '',
  updated_at: '',
  options: [
    {
      id: 9,
      group_id: 4,
      name: 'Овсяное',
      translations: {},
      kitchen_name: 'ОВС',
      price: '60.00',
      is_default: false,
      max_quantity: 1,
      is_available: true,
      weight: null,
      calories: null,
      nested_group_id: null,
      sort_order: 0,
      ingredient_ids: [3],
      allergens: [],
      created_at: '',
      updated_at: '',
    },
  ],
}

test('what the box said is said back to it', () => {
  const draft = groupDraft(group, ['en'])
  expect(groupBody(draft)).toEqual({ name: 'Молоко', translations: { en: { name: 'Milk' } }, min: 0, max: 1, free: 0, halves: null, prefixes: ['NO'] })
  expect(optionBody(draft.options[0]!, 2)).toMatchObject({ name: 'Овсяное', kitchen_name: 'ОВС', price: '60', max_quantity: 1, ingredient_ids: [3], nested_group_id: null })
  expect(wrongIn(draft, 2)).toEqual([])
})

test.each([
  ['', '0'],
  ['50', '50'],
  ['+50', '50'],
  ['−20', '-20'],
  ['-20,50', '-20.50'],
  ['1 200', '1200'],
  ['-', null],
  ['x', null],
])('a price of “%s” is %s', (typed, read) => expect(priceIn(typed, 2)).toBe(read))

test('what the form sees is wrong stands at its field', () => {
  const draft = groupDraft(null, [])
  draft.min = 'one'
  draft.options[0]!.price = 'x'
  const fields = wrongIn(draft, 2).map(({ field }) => field)
  expect(fields).toContain('name')
  expect(fields).toContain('min')
  expect(fields).toContain(`option.${draft.options[0]!.id}.price`)
})

test('a dish has bounds of its own only where they differ', () => {
  const drafts = dishGroups([{ group_id: 4, min: 1, max: 1 }])
  expect(dishGroupsBody(drafts, [group])).toEqual([{ group_id: 4, min: 1, max: null }])
})
