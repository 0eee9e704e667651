// The rates of a tax class as its form holds them, and what of them is sent to the box. Pure.

import type { TaxClass } from './api'

export type Rate = TaxClass['rates'][number]

export interface RateDraft {
  /** tells the rows of the form apart */
  key: number
  /** "2027-01-01"; of the one that holds before all others none */
  from: string
  percent: string
  takeaway: string
  delivery: string
}

let nextKey = 1

export const newRate = (from = '', percent = ''): RateDraft => ({ key: nextKey++, from, percent, takeaway: '', delivery: '' })

export const toDraft = (rates: readonly Rate[]): RateDraft[] =>
  rates.map((rate) => ({
    ...newRate(rate.valid_from ?? '', rate.percent),
    takeaway: rate.takeaway_percent ?? '',
    delivery: rate.delivery_percent ?? '',
  }))

/** A percentage as the box reads it: with a point, nothing as none. */
const percent = (text: string): string => text.trim().replace(/\s*%$/, '').replace(',', '.')

/** `more`: whether what is taken away and delivered has rates of its own. The first one has no day. */
export const toBody = (drafts: readonly RateDraft[], more: boolean): Rate[] =>
  drafts.map((draft, place) => ({
    valid_from: place === 0 ? null : draft.from,
    percent: percent(draft.percent) || '0',
    takeaway_percent: (more && percent(draft.takeaway)) || null,
    delivery_percent: (more && percent(draft.delivery)) || null,
  }))

export const hasMore = (rates: readonly Rate[]): boolean =>
  rates.some((rate) => rate.takeaway_percent != null || rate.delivery_percent != null)

/** The rate of a day ("2026-11-29"), and the next one that is known. */
export function around(rates: readonly Rate[], today: string): { now: Rate; next: Rate | null } {
  const inOrder = [...rates].sort((a, b) => (a.valid_from ?? '').localeCompare(b.valid_from ?? ''))
  const begun = inOrder.filter(({ valid_from }) => (valid_from ?? '') <= today)
  return { now: begun.at(-1) ?? inOrder[0]!, next: inOrder[begun.length] ?? null }
}

/** The first row whose day is missing or not later than the one before; -1 where all are right. */
export const wrongDay = (drafts: readonly RateDraft[]): number =>
  drafts.findIndex(({ from }, place) => place > 0 && (!from || (place > 1 && from <= drafts[place - 1]!.from)))
