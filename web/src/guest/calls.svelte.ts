// What the table called for: a waiter, the bill. A call that the box has not heard waits on the phone and is made again.

import { boxClock, type Stamp } from '../lib/box-clock'
import { Refusal } from '../lib/http'
import { lasting, recall, remember } from '../lib/storage'
import type { GuestCall, GuestCallRequest } from '../lib/types'

export type CallKind = GuestCall['kind']

interface Waiting extends Stamp {
  request: GuestCallRequest
}

export interface CallHooks {
  call: (request: GuestCallRequest) => Promise<GuestCall>
  takeBack: (id: number) => Promise<unknown>
  /** the box has said no */
  onRefused: (refusal: Refusal) => void
}

const RETRY = 5000

/** Nobody waits at the table any more for what is older than this (ms). */
const TOO_OLD = 10 * 60_000

const isWaiting = (value: unknown): value is Waiting[] =>
  Array.isArray(value) && value.every((one: Waiting) => typeof one?.madeAt === 'number' && one.request?.kind)

export class Calls {
  /** that the box knows of and nobody has answered */
  open = $state.raw<GuestCall[]>([])
  /** that the box has not heard yet */
  waiting = $state.raw<Waiting[]>([])
  #key: string
  #hooks: CallHooks
  #running = false
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(qrCode: string, hooks: CallHooks) {
    this.#key = `qres.calls.${qrCode}`
    this.#hooks = hooks
    this.waiting = recall(lasting, this.#key, isWaiting) ?? []
  }

  opened(kind: CallKind): GuestCall | undefined {
    return this.open.find((call) => call.kind === kind)
  }

  isWaiting(kind: CallKind): boolean {
    return this.waiting.some(({ request }) => request.kind === kind)
  }

  ask(request: GuestCallRequest): Promise<void> {
    this.#keep([...this.#without(request.kind), { request, ...boxClock.stamp() }])
    return this.pump()
  }

  async takeBack(kind: CallKind): Promise<void> {
    this.#keep(this.#without(kind))
    const call = this.opened(kind)
    if (!call) return
    try {
      await this.#hooks.takeBack(call.id)
      this.open = this.open.filter(({ id }) => id !== call.id)
    } catch (error) {
      if (error instanceof Refusal) this.#hooks.onRefused(error)
    }
  }

  /** Makes the calls that wait, one after the other. */
  async pump(): Promise<void> {
    if (this.#running) return
    this.#running = true
    clearTimeout(this.#again)
    if (this.waiting.length > 0) this.#keep(this.waiting.map((one) => ({ ...one, ...boxClock.known(one) })))
    for (const one of this.waiting) {
      const age = boxClock.ageOf(one)
      // A call of an earlier page waits until the box has told the time, which is part of every greeting.
      if (age === null) continue
      if (age > TOO_OLD) this.#drop(one)
      else if (!(await this.#make(one))) break
    }
    this.#running = false
    if (this.waiting.length > 0) this.#again = setTimeout(() => void this.pump(), RETRY)
  }

  forget(): void {
    this.open = []
    this.#keep([])
  }

  async #make(one: Waiting): Promise<boolean> {
    try {
      const made = await this.#hooks.call(one.request)
      this.#drop(one)
      this.open = [...this.open.filter(({ kind }) => kind !== made.kind), made]
    } catch (error) {
      if (!(error instanceof Refusal) || error.isOpen) return false
      this.#drop(one)
      this.#hooks.onRefused(error)
    }
    return true
  }

  #without(kind: CallKind): Waiting[] {
    return this.waiting.filter(({ request }) => request.kind !== kind)
  }

  #drop(one: Waiting): void {
    this.#keep(this.waiting.filter((other) => other !== one))
  }

  #keep(waiting: Waiting[]): void {
    this.waiting = waiting
    remember(lasting, this.#key, waiting.length > 0 ? waiting : null)
  }
}
