import { expect, test } from 'vitest'
import { Refusal } from './http'
import { Once } from './once'

const counting = (): Once => {
  let next = 0
  return new Once(() => `key ${++next}`)
}

test('a wish keeps its key while nobody knows what came of it', async () => {
  const once = counting()
  const keys: string[] = []
  const lost = (key: string) => (keys.push(key), Promise.reject(new Refusal(0, 'network', '')))
  const taken = (key: string) => (keys.push(key), Promise.resolve('taken'))
  await expect(once.ask({ amount: '5.00' }, lost)).rejects.toThrow()
  await expect(once.ask({ amount: '5.00' }, lost)).rejects.toThrow()
  await once.ask({ amount: '5.00' }, taken)
  await once.ask({ amount: '5.00' }, taken)
  await once.ask({ amount: '6.00' }, taken)
  expect(keys).toEqual(['key 1', 'key 1', 'key 1', 'key 2', 'key 3'])
})

test('what was refused is asked anew under another key', async () => {
  const once = counting()
  const keys: string[] = []
  const refused = (key: string) => (keys.push(key), Promise.reject(new Refusal(409, 'bill_changed', '')))
  await expect(once.ask(1, refused)).rejects.toThrow()
  await expect(once.ask(1, refused)).rejects.toThrow()
  expect(keys).toEqual(['key 1', 'key 2'])
})
