import { expect, test } from 'vitest'
import { en } from '../admin/menu/messages/en'
import { ru } from '../admin/menu/messages/ru'
import { Refusal } from './http'
import { ru as common } from './i18n/ru'
import { sentenceFor } from './refusal'

const words = (more: object) => ({ ...common, error: { ...common.error, ...more } })

test('a sentence names the dish, and an unknown refusal is told in the box’s words', () => {
  const soup = new Refusal(400, 'dish_unavailable', '', { dish: 'Борщ' })
  expect(sentenceFor(soup, common)).toBe('Этого блюда больше нет: Борщ.')
  expect(sentenceFor(new Refusal(400, 'new_thing', 'The box says so.'), common)).toBe('The box says so.')
})

test('an import that was cut off says how much of the file is in', () => {
  const stopped = new Refusal(503, 'import_stopped', '', { done: 120, total: 300, why: 'stopping' })
  expect(sentenceFor(stopped, words(ru.error))).toMatch(/загружено записей: 120 из 300/)
  expect(sentenceFor(stopped, words(en.error))).toMatch(/120 of 300 entries are in/)
})
