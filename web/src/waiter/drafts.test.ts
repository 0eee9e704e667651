import { beforeEach, expect, test, vi } from 'vitest'
import { Drafts } from './drafts.svelte'

const soup = { dishId: 1, variationId: 10, name: 'Борщ', quantity: 1, comment: '' }
let store: Map<string, string>

beforeEach(() => {
  store = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  })
})

test('tables do not mix, and a reload loses nothing', () => {
  const drafts = new Drafts(1)
  drafts.add('table:1', soup)
  drafts.add('table:1', soup)
  drafts.add('table:2', { ...soup, comment: 'без сметаны' })
  drafts.say('table:2', { note: 'спешат' })
  const after = new Drafts(1)
  expect(after.count('table:1')).toBe(2)
  expect(after.of('table:2')).toMatchObject({ note: 'спешат', lines: [{ comment: 'без сметаны' }] })
})

test('a line changes, or goes with quantity 0; an empty draft is no draft', () => {
  const drafts = new Drafts(1)
  drafts.add('table:1', soup)
  const [line] = drafts.of('table:1').lines
  drafts.change('table:1', line!, { ...line!, quantity: 900, comment: 'горячий' })
  const [changed] = drafts.of('table:1').lines
  expect(changed).toMatchObject({ quantity: 50, comment: 'горячий' })
  drafts.change('table:1', changed!, { ...changed!, quantity: 0 })
  expect(drafts.count('table:1')).toBe(0)
  expect(store.get('qres.waiter.drafts.1')).toBe('{}')
})

test('a wish belongs to the one that was just added, not to those before it', () => {
  const drafts = new Drafts(1)
  drafts.add('table:1', soup)
  drafts.add('table:1', soup)
  drafts.exchangeOne('table:1', soup, { ...soup, comment: 'без лука' })
  expect(drafts.of('table:1').lines.map(({ quantity, comment }) => [quantity, comment])).toEqual([
    [1, ''],
    [1, 'без лука'],
  ])
  drafts.exchangeOne('table:1', { ...soup, comment: 'без лука' }, soup)
  expect(drafts.of('table:1').lines).toMatchObject([{ quantity: 2, comment: '' }])
  // It was taken out meanwhile: a wish brings nothing back.
  drafts.exchangeOne('table:2', soup, { ...soup, comment: 'без лука' })
  expect(drafts.count('table:2')).toBe(0)
})

test('lines are one only if their options are equal', () => {
  const drafts = new Drafts(1)
  const oat = { ...soup, modifiers: [{ option_id: 11 }] }
  drafts.add('table:1', soup)
  drafts.add('table:1', oat)
  new Drafts(1).add('table:1', { ...soup, modifiers: [{ option_id: 11 }], adds: 6000, said: 'Овсяное' })
  const after = new Drafts(1)
  expect(after.of('table:1').lines.map(({ quantity }) => quantity)).toEqual([1, 2])
  after.exchangeOne('table:1', soup, { ...oat, quantity: 3 })
  expect(after.of('table:1').lines.map(({ quantity }) => quantity)).toEqual([5])
})

test('yesterday’s draft and rubbish are not taken up', () => {
  const old = { lines: [soup], note: '', customer: '', at: Date.now() - 13 * 3_600_000 }
  store.set('qres.waiter.drafts.1', JSON.stringify({ 'table:1': old, 'table:2': { lines: 'x' } }))
  const drafts = new Drafts(1)
  expect([drafts.count('table:1'), drafts.count('table:2')]).toEqual([0, 0])
})
