import { describe, expect, it } from 'vitest'
import type { ShoppingList } from '../../lib/types'
import { asText } from './shopping'

const words = { units: { g: 'g', ml: 'ml', pc: 'pc' }, large: { g: 'kg', ml: 'l', pc: 'pc' } }
const line = (name: string, quantity: number, pack: [number, string] | null) => ({
  good_id: 1,
  name,
  base_unit: 'g' as const,
  there: 0,
  low_at: null,
  forecast: 0,
  quantity,
  packs: pack?.[0] ?? null,
  pack_name: pack?.[1] ?? null,
  cost: null,
})

describe('the shopping list as text', () => {
  it('names each supplier with what is to be bought there', () => {
    const list: ShoppingList = {
      until: '2026-12-03',
      total: 3,
      cost: '0.00',
      suppliers: [
        { supplier_id: 1, name: 'Butcher', phone: '+7 900', cost: '0.00', lines: [line('Beef', 30_000, [6, 'Box']), line('Ham', 350, null)] },
        { supplier_id: null, name: null, phone: null, cost: '0.00', lines: [line('Salt', 1000, null)] },
      ],
    }
    expect(asText(list, 'Anywhere', words, 'en')).toBe(
      'Butcher, +7 900\n- Beef: 6 × Box, 30\u00a0kg\n- Ham: 350\u00a0g\n\nAnywhere\n- Salt: 1\u00a0kg',
    )
  })
})
