// The drawer by which money goes at this tablet, as the box has it. What is done with it is the box's: nothing is kept here.

import { Refusal } from '../../lib/http'
import { Once } from '../../lib/once'
import { coalesced } from '../../lib/refetch'
import type { CashDesk, CashMoveRequest, CashPaperKind, CashReport, Denomination, ShiftCounted } from '../../lib/types'
import { cash } from './calls'
import { standing } from './count'

export class Desk {
  /** null: not read yet */
  now = $state.raw<CashDesk | null>(null)
  /** the running shift in figures */
  x = $state.raw<CashReport | null>(null)
  /** the Z of the shift that was closed here */
  z = $state.raw<CashReport | null>(null)
  /** the count by which the shift can be closed */
  counted = $state.raw<ShiftCounted | null>(null)
  busy = $state(false)
  refusal = $state.raw<Refusal | null>(null)
  #once = new Once()

  constructor(
    private readonly token: string,
    /** somebody's word is asked for where it helps; null: there is none */
    private readonly onNeed: (refusal: Refusal, reason: string) => Promise<number | null>,
  ) {}

  /** Whether a drawer is set up for whoever works here. */
  get isSetUp(): boolean {
    return this.now?.drawer != null
  }

  load = coalesced(async () => {
    try {
      this.now = await cash.desk(this.token)
      const shift = this.now.shift
      this.x = shift ? await cash.x(this.token, shift.id).catch(() => null) : null
      this.counted = standing(this.now, this.x, this.counted)
    } catch (error) {
      // Who takes no money has no desk.
      if (!(error instanceof Refusal && error.status === 403)) this.refusal = refusalOf(error)
    }
  })

  open(float: string): Promise<boolean> {
    const drawer = this.now?.drawer
    if (!drawer) return Promise.resolve(false)
    return this.#step({ open: drawer.id, float }, async (key) => {
      await cash.open(this.token, key, drawer.id, float)
      this.z = null
    })
  }

  move(body: CashMoveRequest): Promise<boolean> {
    return this.#ofShift({ move: body }, async (id, key, approval) => void (await cash.move(this.token, key, id, body, approval)), body.reason ?? '')
  }

  count(counted: string, denominations: Denomination[]): Promise<boolean> {
    const body = { counted, denominations }
    return this.#ofShift({ count: body }, async (id, key, approval) => {
      this.counted = await cash.count(this.token, key, id, body, approval)
    })
  }

  /** With what was counted last. */
  close(reason: string): Promise<boolean> {
    const body = { counted: this.counted?.counted ?? '0', reason }
    return this.#ofShift(
      { close: body },
      async (id, key, approval) => {
        const closed = await cash.close(this.token, key, id, body, approval)
        this.counted = closed.state === 'CLOSED' ? null : closed
        if (closed.state === 'CLOSED') this.z = await cash.z(this.token, id).catch(() => null)
      },
      reason,
    )
  }

  /** Sends a paper to a printer; false where none prints such. */
  async print(id: number, what: CashPaperKind): Promise<boolean> {
    this.refusal = null
    try {
      await this.#once.ask({ print: id, what }, (key) => cash.print(this.token, key, id, what))
      return true
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal.code !== 'no_printer') this.refusal = refusal
      return false
    }
  }

  #ofShift(wish: unknown, step: (id: number, key: string, approval?: number) => Promise<void>, reason = ''): Promise<boolean> {
    const id = this.now?.shift?.id
    if (id === undefined) return Promise.resolve(false)
    return this.#step({ id, wish }, (key, approval) => step(id, key, approval), reason)
  }

  /** One step at a time; whatever came of it, the box is asked how things stand. Says whether it was done. */
  async #step(wish: unknown, step: (key: string, approval?: number) => Promise<void>, reason = ''): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.refusal = null
    try {
      await this.#withWord(wish, step, reason)
      return true
    } catch (error) {
      this.refusal = refusalOf(error)
      return false
    } finally {
      const refusal = this.refusal
      await this.load()
      this.refusal = refusal
      this.busy = false
    }
  }

  /** The step; again with somebody's word for as long as one is needed and given. */
  async #withWord(wish: unknown, step: (key: string, approval?: number) => Promise<void>, reason: string): Promise<void> {
    let approval: number | undefined
    for (;;) {
      try {
        return await this.#once.ask(wish, (key) => step(key, approval))
      } catch (error) {
        const word = await this.onNeed(refusalOf(error), reason)
        if (word === null) throw error
        approval = word
      }
    }
  }
}

const refusalOf = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal(0, 'unknown', String(error)))
