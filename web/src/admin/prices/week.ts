// The week as one can see it: on which days and hours which list holds. Pure.

import type { Period, PriceList } from './api'

const DAY = 24 * 60

/** A stretch of a day in which a list holds. */
export interface Block {
  listId: number
  /** 0 is Monday */
  day: number
  /** minutes of the day */
  from: number
  to: number
  /** which of the lists that hold side by side it is, and how many they are */
  lane: number
  lanes: number
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** The stretches of a period: one that runs past midnight is cut there. */
export function stretchesOf({ weekdays, time_from, time_to }: Period): { day: number; from: number; to: number }[] {
  const [from, to] = [minuteOf(time_from), minuteOf(time_to)]
  return weekdays.flatMap((weekday) => {
    const day = weekday - 1
    if (from < to) return [{ day, from, to }]
    const after = { day: (day + 1) % 7, from: 0, to }
    return [{ day, from, to: DAY }, ...(to > 0 ? [after] : [])]
  })
}

/** The blocks of a week, the lists of each day side by side where they meet. */
export function weekOf(lists: PriceList[], periods: Period[]): Block[] {
  const byId = new Map(periods.map((period) => [period.id, period]))
  const all = lists.flatMap((list) => {
    const period = list.is_active && list.period_id ? byId.get(list.period_id) : undefined
    return period ? stretchesOf(period).map((stretch) => ({ ...stretch, listId: list.id })) : []
  })
  return [0, 1, 2, 3, 4, 5, 6].flatMap((day) => {
    const ofDay = all.filter((one) => one.day === day)
    const shown = [...new Set(ofDay.map(({ listId }) => listId))]
    return ofDay.map((one) => {
      const beside = ofDay.filter((other) => other.from < one.to && one.from < other.to)
      const ids = shown.filter((id) => beside.some(({ listId }) => listId === id))
      return { ...one, lane: ids.indexOf(one.listId), lanes: ids.length }
    })
  })
}

/** 65 -> "01:05", and the end of a day is "24:00". */
export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
