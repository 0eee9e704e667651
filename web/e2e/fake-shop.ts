// A shop of ЮKassa's that is not there: payments are made, asked for, and paid by whoever plays the guest.

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Paid {
  id: string
  status: 'pending' | 'succeeded' | 'canceled'
  amount: { value: string; currency: string }
  metadata: { attempt: string }
  created_at: string
}

export class FakeShop {
  payments: Paid[] = []
  refunds: { id: string; payment_id: string; amount: { value: string } }[] = []
  /** nobody answers: the restaurant has no internet */
  isAway = false
  #keys = new Map<string, unknown>()
  #server: Server

  private constructor() {
    this.#server = createServer((request, reply) => void this.#hear(request, reply))
  }

  static async open(): Promise<FakeShop> {
    const shop = new FakeShop()
    await new Promise<void>((done) => shop.#server.listen(0, '127.0.0.1', done))
    return shop
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v3`
  }

  /** The guest pays what is to be paid so. */
  pay(value: string): void {
    const payment = this.payments.find((one) => one.amount.value === value && one.status === 'pending')
    if (!payment) throw new Error(`nothing of ${value} waits: ${JSON.stringify(this.payments)}`)
    payment.status = 'succeeded'
  }

  async #hear(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    let text = ''
    for await (const part of request) text += String(part)
    if (this.isAway) return void request.socket.destroy()
    const path = new URL(request.url ?? '/', 'http://shop').pathname
    const answer = (body: unknown, status = 200) => {
      reply.writeHead(status, { 'content-type': 'application/json' })
      reply.end(JSON.stringify(body))
    }
    if (!request.headers.authorization?.startsWith('Basic ')) return answer({ type: 'error', description: 'no key' }, 401)
    const id = path.split('/')[3]
    if (request.method === 'GET' && path.startsWith('/v3/payments/')) {
      const payment = this.payments.find((one) => one.id === id)
      return payment ? answer(this.#shown(payment)) : answer({ type: 'error', description: 'not found' }, 404)
    }
    if (request.method === 'GET') return answer({ type: 'list', items: this.payments.map((one) => this.#shown(one)) })
    const key = String(request.headers['idempotence-key'])
    const made = this.#keys.get(key) ?? this.#make(path, JSON.parse(text))
    this.#keys.set(key, made)
    answer(made)
  }

  #make(path: string, body: Paid & { payment_id: string }): unknown {
    if (path.endsWith('/refunds')) {
      const refund = { id: randomUUID(), payment_id: body.payment_id, amount: body.amount, status: 'succeeded' }
      this.refunds.push(refund)
      return refund
    }
    const { amount, metadata } = body
    const payment: Paid = { id: randomUUID(), status: 'pending', amount, metadata, created_at: new Date().toISOString() }
    this.payments.push(payment)
    return this.#shown(payment)
  }

  #shown(payment: Paid): unknown {
    const confirmation = { type: 'redirect', confirmation_url: `https://yoomoney.ru/checkout/payments/v2/contract?orderId=${payment.id}` }
    return { ...payment, paid: payment.status === 'succeeded', ...(payment.status === 'pending' && { confirmation }) }
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
