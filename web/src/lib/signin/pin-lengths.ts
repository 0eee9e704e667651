// How long each person's PIN is, as this device has seen it: from the second time on the last digit signs in.

import { lasting, recall, remember } from '../storage'

type Lengths = Record<string, number>

const KEY = 'qres.pin-lengths'
const areLengths = (value: unknown): value is Lengths =>
  typeof value === 'object' && value !== null && Object.values(value).every(Number.isInteger)

const all = (): Lengths => recall(lasting, KEY, areLengths) ?? {}

/** null: not seen yet, or the last try failed. */
export const pinLength = (personId: number): number | null => all()[personId] ?? null

export function rememberPinLength(personId: number, length: number | null): void {
  const { [personId]: _, ...others } = all()
  remember(lasting, KEY, length === null ? others : { ...others, [personId]: length })
}
