// What one looks for among the orders. A change of it begins at the first page.

import { daysOf, type Days, type PeriodName } from '../figures/days'
import type { Sort, StateFilter, Wanted } from './api'

const START = { state: 'all', payment: 'all', type: 'all', waiter: '', table: '', search: '', sort: 'newest' } as const

export class Choice {
  state = $state<StateFilter>(START.state)
  payment = $state<Wanted['payment']>(START.payment)
  type = $state<Wanted['type']>(START.type)
  waiter = $state<string>(START.waiter)
  table = $state<string>(START.table)
  search = $state<string>(START.search)
  sort = $state<Sort>(START.sort)
  period = $state<PeriodName>('week')
  days = $state.raw<Days | null>(null)
  #page = $state.raw({ of: '', skip: 0 })

  wanted(today: string): Wanted {
    return { ...this.#asked(), days: this.days ?? daysOf(this.period, today), skip: this.skip }
  }

  #asked() {
    const { state, payment, type, waiter, table, search, sort } = this
    return { state, payment, type, waiter, table, search, sort }
  }

  get #key(): string {
    return JSON.stringify([this.#asked(), this.period, this.days])
  }

  /** How many are left out before the page; of another choice it is none. */
  get skip(): number {
    return this.#page.of === this.#key ? this.#page.skip : 0
  }

  set skip(skip: number) {
    this.#page = { of: this.#key, skip }
  }

  reset(): void {
    Object.assign(this, START)
  }

  /** Whether anything but the days is chosen. */
  get isNarrow(): boolean {
    return JSON.stringify(this.#asked()) !== JSON.stringify(START)
  }
}
