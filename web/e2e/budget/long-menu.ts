// A long menu: the demo's, filled up to 200 dishes in two languages, each with its own words, sizes, allergens and
// groups of options, so that compression finds no more in it than in a real one.

import type { Box, Person } from '../box'

export const DISHES = 200
export const GROUPS = 60

const RU =
  'печёный томлёный хрустящий домашний свежий копчёный нежный пряный запечённый маринованный деревенский утиный говяжий куриный грибной овощной морской лимонный сливочный чесночный укропный медовый ореховый тыквенный свекольный имбирный облепиховый брусничный вишнёвый миндальный кунжутный томатный соус корочка бульон начинка гарнир зелень сметана приправа лаваш тимьян розмарин кинза базилик сулугуни фасоль баклажан перец цукини картофель капуста щавель укроп лосось треска креветки судак кролик индейка баранина телятина перепёлка'.split(
    ' ',
  )
const EN =
  'baked stewed crisp homemade fresh smoked tender spiced roasted pickled country duck beef chicken mushroom vegetable sea lemon creamy garlic dill honey walnut pumpkin beetroot ginger buckthorn lingonberry cherry almond sesame tomato sauce crust broth filling garnish herbs cream seasoning flatbread thyme rosemary coriander basil cheese beans aubergine pepper courgette potato cabbage sorrel fennel salmon cod shrimps perch rabbit turkey lamb veal quail'.split(
    ' ',
  )

/** The same numbers in every run (a linear congruence). */
function numbers(): (below: number) => number {
  let state = 20_260_301
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

export async function lengthenMenu(box: Box, admin: Person): Promise<void> {
  const pick = numbers()
  const { categories } = await box.call<{ categories: { id: number; dishes: { allergens: { id: number }[] }[] }[] }>(
    'GET',
    '/dishes/menu',
    null,
  )
  const allergens = [...new Set(categories.flatMap(({ dishes }) => dishes.flatMap((dish) => dish.allergens.map(({ id }) => id))))]
  const there = categories.reduce((sum, { dishes }) => sum + dishes.length, 0)
  const say = (words: string[], count: number) => Array.from({ length: count }, () => words[pick(words.length)]).join(' ')
  const groups = await addGroups(admin, pick, say)
  for (let i = there; i < DISHES; i++) {
    const length = 6 + pick(6)
    const dish = await admin.post<{ id: number }>('/dishes/', {
      category_id: categories[i % categories.length]!.id,
      name: `${say(RU, 2)} ${i}`,
      description: say(RU, length),
      cooking_time: 5 + pick(35),
      weight: 80 + pick(500),
      calories: 90 + pick(1100),
      ingredient_ids: allergens.filter(() => pick(5) === 0),
      translations: { en: { name: `${say(EN, 2)} ${i}`, description: say(EN, length) } },
    })
    for (let size = 0; size <= pick(3); size++) {
      await admin.post(`/dishes/${dish.id}/variations`, {
        name: ['S', 'M', 'L'][size],
        price: `${150 + pick(1500)}.00`,
        weight: 80 + pick(600),
        is_default: size === 0,
      })
    }
    const asks = [groups[i % groups.length]!, groups[(i * 7 + 3) % groups.length]!].slice(0, 1 + pick(2))
    await admin.put(`/dishes/${dish.id}/modifier-groups`, { groups: [...new Set(asks)].map((group_id) => ({ group_id })) })
  }
}

/** The groups that are missing to 60, each with three to seven options. */
async function addGroups(admin: Person, pick: (below: number) => number, say: (words: string[], count: number) => string) {
  const { groups } = await admin.get<{ groups: { id: number }[] }>('/modifier-groups?limit=100')
  const ids = groups.map(({ id }) => id)
  for (let i = ids.length; i < GROUPS; i++) {
    const options = Array.from({ length: 3 + pick(5) }, () => ({
      name: say(RU, 2),
      price: `${pick(12) * 10}.00`,
      weight: 10 + pick(90),
      calories: 20 + pick(200),
      // Every second one has a photo, whose name is packed as badly as a real one.
      ...(pick(2) === 0 && { image_url: `/uploads/${Array.from({ length: 32 }, () => pick(16).toString(16)).join('')}-960.jpg` }),
      translations: { en: { name: say(EN, 2) } },
    }))
    const { id } = await admin.post<{ id: number }>('/modifier-groups', {
      name: `${say(RU, 2)} ${i}`,
      max: 3,
      options,
      translations: { en: { name: `${say(EN, 2)} ${i}` } },
    })
    ids.push(id)
  }
  return ids
}
