// The calls of the book, as somebody who is signed in.

import type { components } from '../api'
import { answered, api, bearer } from '../client'

type Schemas = components['schemas']
export type Reservation = Schemas['Reservation']
export type Draft = Schemas['ReservationCreate']
export type Changes = Schemas['ReservationUpdate']
export type Step = Schemas['ReservationStep']
export type StepBody = Schemas['StepBody']
export type State = Schemas['ReservationState']
export type Objection = Schemas['ReservationObjection']
export type BookedDay = Schemas['BookedDay']
export type BookingTimes = Schemas['BookingTimes']
export type OwnLength = Schemas['OwnLength']
export type Rules = Schemas['ReservationRules']
export type BlockDraft = Schemas['TableBlockCreate']
export type Table = Schemas['Table']

/** The box gives so many rows at once. */
const ROWS = 100

/** What staff do with the book; `token` is of who does it. */
export class BookCalls {
  constructor(private readonly token: string) {}

  /** Every reservation of a day. */
  async day(day: string): Promise<Reservation[]> {
    const all: Reservation[] = []
    for (;;) {
      const query = { date_from: day, skip: all.length, limit: ROWS }
      const page = await answered(api.GET('/reservations', { ...bearer(this.token), params: { query } }))
      all.push(...page.reservations)
      if (page.reservations.length === 0 || all.length >= page.total) return all
    }
  }

  days(date_from: string, date_to: string): Promise<{ days: BookedDay[] }> {
    return answered(api.GET('/reservations/days', { ...bearer(this.token), params: { query: { date_from, date_to } } }))
  }

  free(day: string, party: number): Promise<BookingTimes> {
    return answered(api.GET('/reservations/free', { ...bearer(this.token), params: { query: { day, party } } }))
  }

  rules(): Promise<Rules> {
    return answered(api.GET('/reservations/rules', bearer(this.token)))
  }

  /** How long the restaurant's own guests stay, beside each length of the rules. */
  async ownLengths(): Promise<OwnLength[]> {
    return (await answered(api.GET('/reservations/lengths', bearer(this.token)))).lengths
  }

  setRules(body: Rules): Promise<Rules> {
    return answered(api.PUT('/reservations/rules', { ...bearer(this.token), body }))
  }

  /** The tables that are in use, as people sort them. */
  async tables(): Promise<Table[]> {
    const all: Table[] = []
    for (;;) {
      const query = { is_active: true, skip: all.length, limit: ROWS }
      const page = await answered(api.GET('/tables', { ...bearer(this.token), params: { query } }))
      all.push(...page.tables)
      if (page.tables.length === 0 || all.length >= page.total) return all
    }
  }

  add(key: string, body: Draft): Promise<Reservation> {
    return answered(api.POST('/reservations', { ...bearer(this.token), params: this.#under(key), body }))
  }

  block(key: string, body: BlockDraft): Promise<Reservation> {
    return answered(api.POST('/reservations/blocks', { ...bearer(this.token), params: this.#under(key), body }))
  }

  change(key: string, id: number, body: Changes): Promise<Reservation> {
    const params = { path: { id }, ...this.#under(key) }
    return answered(api.PATCH('/reservations/{id}', { ...bearer(this.token), params, body }))
  }

  step(key: string, id: number, body: StepBody): Promise<Reservation> {
    const params = { path: { id }, ...this.#under(key) }
    return answered(api.POST('/reservations/{id}/step', { ...bearer(this.token), params, body }))
  }

  #under(key: string) {
    return { header: { 'Idempotency-Key': key } }
  }
}

