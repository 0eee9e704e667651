import { describe, expect, test } from 'vitest'
import { dish } from '../lib/menu.fixture'
import { allergensWith, energyWith } from './told'

const milk = { id: 1, name: 'Молоко', translations: {} }
const nuts = { id: 2, name: 'Орехи', translations: {} }
const chosen = { energy: 90, allergens: [milk, nuts] }

describe('what a guest reads with what was chosen', () => {
  const coffee = dish(1, 'Капучино', ['250.00', '300.00'], { calories: 120, allergens: [milk] })
  coffee.variations[1]!.calories = 180
  const [small, large] = coffee.variations.map(({ id }) => id)

  test('the energy of the size and of the options', () => {
    expect(energyWith(coffee, small, undefined)).toBe(120)
    expect(energyWith(coffee, small, chosen)).toBe(210)
    expect(energyWith(coffee, large, chosen)).toBe(270)
    expect(energyWith(coffee, small, { energy: -40, allergens: [] })).toBe(80)
  })

  test('where the dish says nothing of its energy, its options say nothing either', () => {
    expect(energyWith(dish(2, 'Чай', ['100.00']), undefined, chosen)).toBeNull()
  })

  test('of a combo all is in its parts', () => {
    const lunch = dish(3, 'Ланч', ['500.00'], { combo: { parts: [] } as never })
    expect(energyWith(lunch, lunch.variations[0]!.id, { energy: 700, allergens: [] })).toBe(700)
  })

  test('allergens of both, each once, those of the dish first', () => {
    expect(allergensWith(coffee, chosen).map(({ name }) => name)).toEqual(['Молоко', 'Орехи'])
    expect(allergensWith(coffee, undefined)).toEqual([milk])
  })
})
