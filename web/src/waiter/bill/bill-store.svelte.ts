// The bill of one order as the box has it, and every step that is taken with it. Nothing of money is kept here that the
// box has not said: a step that fails leaves the screen as the box tells it next.

import { Refusal } from '../../lib/http'
import { toMinor } from '../../lib/money'
import { coalesced } from '../../lib/refetch'
import type { AdjustmentRequest, Check, CheckMove, CheckUpdate, OrderChecks, PartWish, PaymentClear, PaymentReply, PaymentRequest, RefundRequest, Refunded, Split } from '../../lib/types'
import { checks as calls, type Pays } from './calls'
import { joinable, nextCheck } from './check'
import { Once } from '../../lib/once'

/** How a check is split; which, and the version that was seen, is put to it here. */
export type SplitHow = Omit<Split, 'version' | 'check_id'>

export class BillStore {
  /** null: not read yet */
  checks = $state.raw<Check[] | null>(null)
  /** what guests asked to pay by themselves */
  wishes = $state.raw<PartWish[]>([])
  busy = $state(false)
  refusal = $state.raw<Refusal | null>(null)
  /** the last payment that was taken here, until somebody goes on */
  taken = $state.raw<(PaymentReply & { method: string }) | null>(null)
  /** of all checks together, as they were read */
  version = $state(0)
  #chosen = $state<number | null>(null)
  /** what was due on each check when the person last looked at it */
  #seen = $state.raw<ReadonlyMap<number, string>>(new Map())
  #once = new Once()

  constructor(
    private readonly token: string,
    private readonly orderId: number,
    private readonly digits: number,
    /** something was done: lists that show the order are no longer true */
    private readonly onDone: () => Promise<void>,
    /** somebody's word is asked for where it helps; null: there is none */
    private readonly onNeed: (refusal: Refusal, reason: string) => Promise<number | null>,
  ) {}

  get check(): Check | undefined {
    return nextCheck(this.checks ?? [], this.#chosen)
  }

  /** Paid ones are looked at too. */
  get shown(): Check | undefined {
    return this.checks?.find(({ id }) => id === this.#chosen) ?? this.check
  }

  choose(id: number): void {
    this.#chosen = id
    this.refusal = null
  }

  /** What was due when it was last looked at, where it is another sum now; minor units. */
  get changedFrom(): number | null {
    const check = this.shown
    const seen = check && this.#seen.get(check.id)
    return check && seen !== undefined && seen !== check.due ? toMinor(seen, this.digits) : null
  }

  /** The person has read the new sums. */
  agree(): void {
    this.#seen = new Map((this.checks ?? []).map(({ id, due }) => [id, due]))
    this.refusal = null
  }

  load = coalesced(async () => {
    try {
      this.#lay(await calls.ofOrder(this.token, this.orderId))
      const checks = this.checks ?? []
      const unseen = checks.filter(({ id }) => !this.#seen.has(id))
      if (unseen.length > 0) this.#seen = new Map([...this.#seen, ...unseen.map(({ id, due }) => [id, due] as const)])
    } catch (error) {
      this.refusal = refusalOf(error)
    }
  })

  split(how: SplitHow, check = this.shown): Promise<boolean> {
    if (!check) return Promise.resolve(false)
    const body: Split = { ...how, check_id: check.id, version: check.version }
    return this.#step({ split: body }, async (key) => {
      this.#lay(await calls.split(this.token, key, this.orderId, body))
      this.#chosen = null
    })
  }

  /** What a guest asked for becomes a check, which is looked at: they want to pay it. */
  async meet({ check_id, parts, lines }: PartWish): Promise<boolean> {
    const check = this.checks?.find(({ id }) => id === check_id)
    const how: SplitHow = typeof parts === 'number' ? { by: 'parts', parts } : { by: 'lines', checks: [lines] }
    const before = new Set(this.checks?.map(({ id }) => id))
    if (!(await this.split(how, check))) return false
    const made = this.checks?.find(({ id }) => !before.has(id))
    if (made) this.#chosen = made.id
    return true
  }

  /** What was split and is not paid becomes one again. */
  join(): Promise<boolean> {
    const body = { version: this.version, check_ids: joinable(this.checks ?? []).map(({ id }) => id) }
    return this.#step({ join: body }, async (key) => {
      this.#lay(await calls.unsplit(this.token, key, this.orderId, body))
      this.#chosen = null
    })
  }

  /** Lines go from check to check; one from which all goes is no more. */
  move(moves: CheckMove[]): Promise<boolean> {
    const body = { version: this.version, moves }
    return this.#step({ move: body }, async (key) => this.#lay(await calls.move(this.token, key, this.orderId, body)))
  }

  adjust(check: Check, what: Omit<AdjustmentRequest, 'version'>): Promise<boolean> {
    const body = { ...what, version: check.version }
    return this.#step(
      { adjust: check.id, body },
      async (key, approval) => this.#put(await calls.adjust(this.token, key, check.id, body, approval)),
      body.reason ?? '',
    )
  }

  /** What the house had put there is taken off with a reason. */
  unadjust(check: Check, adjustment: number, reason = ''): Promise<boolean> {
    return this.#step(
      { unadjust: adjustment, reason },
      async (_, approval) => this.#put(await calls.unadjust(this.token, check.id, adjustment, check.version, reason, approval)),
      reason,
    )
  }

  describe(check: Check, what: Omit<CheckUpdate, 'version'>): Promise<boolean> {
    const body = { ...what, version: check.version }
    return this.#step({ describe: check.id, body }, async () => this.#put(await calls.describe(this.token, check.id, body)))
  }

  /** `pays`: how the guests will pay, where the box asks for it. */
  present(check: Check, pays?: Pays): Promise<boolean> {
    return this.#step({ present: check.id, version: check.version, pays }, async (key) =>
      this.#put(await calls.present(this.token, key, check.id, check.version, pays)),
    )
  }

  takeBack(check: Check, reason: string): Promise<boolean> {
    return this.#step(
      { takeBack: check.id, version: check.version, reason },
      async (key, approval) => this.#put(await calls.takeBack(this.token, key, check.id, check.version, reason, approval)),
      reason,
    )
  }

  /** What was paid by the wrong way: its money goes back, and it is paid anew. */
  reopen(check: Check, reason: string): Promise<boolean> {
    const step = async (key: string, approval?: number) => {
      this.#lay(await calls.reopen(this.token, key, check.id, check.version, reason, approval))
      this.#chosen = null
    }
    return this.#step({ reopen: check.id, version: check.version, reason }, step, reason)
  }

  pay(check: Check, body: PaymentRequest, method: string): Promise<boolean> {
    return this.#step({ pay: check.id, body }, async (key, approval) => {
      const reply = await calls.pay(this.token, key, check.id, body, approval)
      this.taken = { ...reply, method }
      this.#chosen = check.id
      this.#put(reply.check)
    }, body.otherwise ?? '')
  }

  /** Somebody says whether the money came. */
  clear(paymentId: number, body: PaymentClear): Promise<boolean> {
    return this.#step(
      { clear: paymentId, body },
      async (key, approval) => this.#put(await calls.clear(this.token, key, paymentId, body, approval)),
      body.reason,
    )
  }

  /** What went back; null: nothing did. */
  async refund(paymentId: number, body: RefundRequest): Promise<Refunded | null> {
    let back: Refunded | null = null
    const step = async (key: string, approval?: number) => {
      back = await calls.refund(this.token, key, paymentId, body, approval)
      this.#put(back.check)
    }
    await this.#step({ refund: paymentId, body }, step, body.reason)
    return back
  }

  /** After a payment: to what is to be paid next. */
  goOn(): void {
    this.taken = null
    this.#chosen = this.check?.id ?? null
    this.agree()
  }

  #lay({ version, checks, wishes }: OrderChecks): void {
    this.version = version
    this.wishes = wishes
    this.checks = checks
  }

  #put(check: Check): void {
    this.checks = (this.checks ?? []).map((one) => (one.id === check.id ? check : one))
  }

  /** One step at a time; whatever came of it, the box is asked how things stand. Says whether it was done. */
  async #step(wish: unknown, step: (key: string, approval?: number) => Promise<void>, reason = ''): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.refusal = null
    let isDone = false
    try {
      await this.#withWord(wish, step, reason)
      isDone = true
      this.agree()
    } catch (error) {
      this.refusal = refusalOf(error)
    }
    const refusal = this.refusal
    await Promise.all([this.load(), this.onDone()])
    if (isDone) this.agree()
    // The sheet shows the new sum and asks again, in its own words.
    else this.refusal = refusal?.code === 'bill_changed' && this.changedFrom !== null ? null : refusal
    this.busy = false
    return isDone
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
