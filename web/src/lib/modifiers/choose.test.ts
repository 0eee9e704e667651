import { describe, expect, test } from 'vitest'
import { dish as makeDish, menu as smallMenu } from '../menu.fixture'
import type { Menu, ModifierChoice, ModifierGroup, ModifierOption } from '../types'
import { addsOf, allergensOf, asked, counted, energyOf, groupsOf, hasGone, hasRoom, isUsual, lackOf, tapped, usual, type Half } from './choose'

const option = (id: number, price: string, more: Partial<ModifierOption> = {}): ModifierOption => ({
  id,
  name: `option ${id}`,
  translations: {},
  price,
  is_default: false,
  max_quantity: 1,
  ...more,
})

const group = (id: number, options: ModifierOption[], more: Partial<ModifierGroup> = {}): ModifierGroup => ({
  id,
  name: `group ${id}`,
  translations: {},
  min: 0,
  max: 1,
  free: 0,
  prefixes: [],
  options,
  ...more,
})

function menuWith(...groups: ModifierGroup[]): { menu: Menu; dish: ReturnType<typeof makeDish> } {
  const asksFor = groups.filter(({ id }) => id < 100).map(({ id, min, max }) => ({ group_id: id, min, max }))
  const dish = makeDish(1, 'Пицца', ['500.00'], { modifier_groups: asksFor })
  return { menu: { categories: [{ ...smallMenu.categories[0]!, dishes: [dish] }], modifier_groups: groups }, dish }
}

/** Taps one after another, on the first group. */
function taps({ menu, dish }: ReturnType<typeof menuWith>, ...ids: (number | [number, Parameters<typeof tapped>[3]])[]): ModifierChoice[] {
  return ids.reduce<ModifierChoice[]>((choices, one) => {
    const [id, how] = Array.isArray(one) ? one : [one, {}]
    const place = asked(menu, dish, choices).find(({ group }) => group.options.some((each) => each.id === id))!
    return tapped(place, choices, place.group.options.find((each) => each.id === id)!, how)
  }, usual(menu, dish))
}

describe('what a tap does', () => {
  const one = menuWith(group(1, [option(11, '0', { is_default: true }), option(12, '60.00')], { min: 1 }))
  const some = menuWith(
    group(1, [option(11, '0', { is_default: true, max_quantity: 3 }), option(12, '50.00'), option(13, '50.00')], {
      max: 2,
      prefixes: ['NO', 'EXTRA'],
    }),
  )

  test('of one that has to be chosen another takes the place, and nothing is given up', () => {
    expect(taps(one, 12)).toEqual([{ option_id: 12 }])
    expect(taps(one, 12, 12)).toEqual([{ option_id: 12 }])
    expect(taps(one, 12, 11)).toEqual([{ option_id: 11 }])
    expect(isUsual(one.menu, one.dish, taps(one, 12, 11))).toBe(true)
  })

  test('what comes with the dish is left out in so many words, and taken in again', () => {
    expect(taps(some, 11)).toEqual([{ option_id: 11, prefix: 'NO' }])
    expect(taps(some, 11, 11)).toEqual([{ option_id: 11 }])
    expect(taps(some, [12, { prefix: 'NO' }])).toEqual([{ option_id: 11 }, { option_id: 12, prefix: 'NO' }])
    expect(taps(some, 12, [12, { prefix: 'EXTRA' }])).toEqual([{ option_id: 11 }, { option_id: 12, quantity: 1, prefix: 'EXTRA' }])
  })

  test('no more than the group takes', () => {
    const choices = taps(some, 12)
    const [place] = groupsOf(some.menu, some.dish)
    expect(hasRoom(place!, choices)).toBe(false)
    expect(hasRoom(place!, taps(some, 12, 12))).toBe(true)
    expect(counted(place!, choices, place!.group.options[0]!, 2)).toContainEqual({ option_id: 11, quantity: 2 })
    expect(counted(place!, choices, place!.group.options[0]!, 0)).toEqual([{ option_id: 12 }])
  })
})

describe('halves', () => {
  const on = (half: Half) => ({ half })
  const pizza = menuWith(group(1, [option(11, '0'), option(12, '100.00'), option(13, '200.00')], { min: 1, halves: 'DEAREST' }))

  test('the first answer goes for the whole, the next for its half', () => {
    expect(lackOf(pizza.menu, pizza.dish, [])).toMatchObject({ left: 1, half: 1 })
    expect(taps(pizza, [12, on(1)])).toEqual([{ option_id: 12 }])
    expect(taps(pizza, [12, on(1)], [13, on(2)])).toEqual([
      { option_id: 12, portion: 1 },
      { option_id: 13, portion: 2 },
    ])
    expect(taps(pizza, [12, on(1)], [13, on(2)], [12, on(2)])).toEqual([{ option_id: 12 }])
  })

  test.each([
    ['DEAREST', 20000],
    ['MEAN', 15000],
    ['SUM', 30000],
  ] as const)('%s', (halves, adds) => {
    const { menu, dish } = menuWith(group(1, [option(12, '100.00'), option(13, '200.00')], { min: 1, halves }))
    const choices = taps({ menu, dish }, [12, on(1)], [13, on(2)])
    expect(addsOf(menu, dish, choices, 2)).toBe(adds)
    expect(lackOf(menu, dish, choices)).toBeNull()
  })
})

describe('what it costs', () => {
  const cases: [string, Partial<ModifierGroup>, ModifierOption[], ModifierChoice[], number][] = [
    ['each its price', {}, [option(11, '50.00'), option(12, '30.00')], [{ option_id: 11, quantity: 2 }, { option_id: 12 }], 13000],
    ['the cheapest are free', { free: 2 }, [option(11, '50.00'), option(12, '30.00')], [{ option_id: 11, quantity: 2 }, { option_id: 12 }], 5000],
    ['what is left out costs nothing', {}, [option(11, '50.00')], [{ option_id: 11, prefix: 'NO' }], 0],
    ['one comes with the dish', {}, [option(11, '50.00', { is_default: true })], [{ option_id: 11, quantity: 3 }], 10000],
    ['more of what comes along costs', {}, [option(11, '50.00', { is_default: true })], [{ option_id: 11, prefix: 'EXTRA' }], 5000],
    ['what lowers the price stays', { free: 1 }, [option(11, '-20.00'), option(12, '30.00')], [{ option_id: 11 }, { option_id: 12 }], 1000],
  ]
  test.each(cases)('%s', (_, more, options, choices, adds) => {
    const { menu, dish } = menuWith(group(1, options, { max: 9, ...more }))
    expect(addsOf(menu, dish, choices, 2)).toBe(adds)
  })
})

describe('one group asks for another', () => {
  const coffee = menuWith(
    group(1, [option(11, '50.00', { nested_group_id: 100 })]),
    group(100, [option(21, '0'), option(22, '20.00')], { min: 1 }),
  )

  test('only once its option is chosen', () => {
    expect(lackOf(coffee.menu, coffee.dish, [])).toBeNull()
    expect(lackOf(coffee.menu, coffee.dish, taps(coffee, 11))?.group.id).toBe(100)
    const choices = taps(coffee, 11, 22)
    expect(choices).toEqual([{ option_id: 11 }, { option_id: 22, under: 11 }])
    expect(addsOf(coffee.menu, coffee.dish, choices, 2)).toBe(7000)
  })

  test('what nothing asks for any more counts no more', () => {
    const choices = taps(coffee, 11, 22, 11)
    expect(addsOf(coffee.menu, coffee.dish, choices, 2)).toBe(0)
    expect(isUsual(coffee.menu, coffee.dish, choices)).toBe(true)
  })

  test('what ran out is seen', () => {
    const { dish } = coffee
    const without = { ...coffee.menu, modifier_groups: coffee.menu.modifier_groups!.map((one) => ({ ...one, options: one.options.filter(({ id }) => id !== 22) })) }
    expect(hasGone(coffee.menu, dish, taps(coffee, 11, 22))).toBe(false)
    expect(hasGone(without, dish, taps(coffee, 11, 22))).toBe(true)
  })
})

describe('what a guest reads of it', () => {
  const nuts = { id: 5, name: 'Орехи', translations: {} }
  const coffee = menuWith(
    group(
      1,
      [
        option(11, '0', { is_default: true, calories: 40, max_quantity: 3 }),
        option(12, '60.00', { calories: 90, allergens: [nuts] }),
        option(13, '60.00', { calories: 20, allergens: [nuts] }),
      ],
      { max: 5, prefixes: ['NO', 'EXTRA'] },
    ),
  )
  const energy = (choices: ModifierChoice[]) => energyOf(coffee.menu, coffee.dish, choices)
  const allergens = (choices: ModifierChoice[]) => allergensOf(coffee.menu, coffee.dish, choices).map(({ name }) => name)

  test('what comes with the dish is in its energy already', () => {
    expect(energy([{ option_id: 11 }])).toBe(0)
    expect(energy([{ option_id: 11, quantity: 3 }, { option_id: 12 }])).toBe(170)
    expect(energy([{ option_id: 11, prefix: 'NO' }])).toBe(-40)
    expect(energy([{ option_id: 11, prefix: 'EXTRA' }])).toBe(40)
  })

  test('what somebody may have to avoid is told once, and not of what is left out', () => {
    expect(allergens([{ option_id: 12 }, { option_id: 13 }])).toEqual(['Орехи'])
    expect(allergens([{ option_id: 12, prefix: 'NO' }])).toEqual([])
  })
})
