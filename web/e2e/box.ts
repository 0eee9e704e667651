// A real box on a throw-away folder: started, killed and started again by the tests.

import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './port'

const START_WITHIN = 30_000

export class Box {
  #process: ChildProcess | null = null
  #said = ''

  private constructor(
    readonly port: number,
    readonly tlsPort: number,
    readonly folder: string,
    private readonly command: 'demo' | 'serve',
    private readonly settings: Record<string, string>,
    private readonly flags: string[],
  ) {}

  /** `settings`: more of them, by their names in the environment; `past`: days of closed orders before today */
  static demo(settings: Record<string, string> = {}, past = 0): Promise<Box> {
    return Box.open('demo', settings, past > 0 ? ['--past', String(past)] : [])
  }

  /** The demo with a fiscal register that is played beside it. */
  static demoWithRegister(): Promise<Box> {
    return Box.open('demo', {}, ['--fiscal-register'])
  }

  /** An empty folder at its very first start. */
  static first(settings: Record<string, string> = {}): Promise<Box> {
    return Box.open('serve', settings, [])
  }

  private static async open(command: 'demo' | 'serve', settings: Record<string, string>, flags: string[]): Promise<Box> {
    const folder = await mkdtemp(join(tmpdir(), 'qres-e2e-'))
    const box = new Box(await freePort(), await freePort(), folder, command, settings, flags)
    await box.start()
    return box
  }

  /** What the console has shown, the last of it. */
  get console(): string {
    return this.#said
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    const binary = process.env.QRES_BIN
    if (!binary) throw new Error('Set QRES_BIN to the qres binary, e.g. QRES_BIN=../target/debug/qres npm run e2e')
    const child = spawn(
      binary,
      [
        this.command,
        '--listen',
        `127.0.0.1:${this.port}`,
        '--tls-listen',
        `127.0.0.1:${this.tlsPort}`,
        '--data-dir',
        join(this.folder, 'data'),
        ...this.flags,
      ],
      { env: { ...process.env, RATE_LIMIT_REQUESTS: '0', ...this.settings }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#process = child
    const keep = (text: Buffer) => (this.#said = (this.#said + text.toString()).slice(-8000))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const until = Date.now() + START_WITHIN
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the box ended with ${child.exitCode}:\n${this.#said}`)
      const reply = await fetch(`${this.origin}/health`).catch(() => null)
      if (reply?.ok) return
      if (Date.now() > until) throw new Error(`the box did not answer /health in time:\n${this.#said}`)
      await new Promise((done) => setTimeout(done, 50))
    }
  }

  /** As if the plug were pulled. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (!child || child.exitCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await ended
  }

  async close(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }

  async signIn(username: string, password = username): Promise<Person> {
    const { access_token } = await this.call<{ access_token: string }>('POST', '/auth/login', null, {
      username,
      password,
    })
    return new Person(this, access_token)
  }

  async call<T>(
    method: string,
    path: string,
    token: string | null,
    body?: unknown,
  ): Promise<T> {
    const reply = await fetch(this.origin + path, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(method === 'POST' ? { 'Idempotency-Key': randomUUID() } : {}),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
    return JSON.parse(text) as T
  }
}

/** A wire between a tablet and the box that can lose what the box says, as a bad Wi-Fi does. */
export class Wire {
  /** what goes to the box arrives, what comes back is lost */
  losesReplies = false
  /** nothing goes through, in either direction: the Wi-Fi is gone */
  isCut = false
  #sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async to(box: Box): Promise<Wire> {
    const port = await freePort()
    const server = createServer()
    const wire = new Wire(server, `http://127.0.0.1:${port}`)
    server.on('connection', (near) => {
      if (wire.isCut) {
        near.destroy()
        return
      }
      const far = connect(box.port, '127.0.0.1')
      near.on('data', (bytes) => far.write(bytes))
      far.on('data', (bytes) => {
        if (!wire.losesReplies) near.write(bytes)
      })
      for (const [one, other] of [[near, far], [far, near]] as const) {
        wire.#sockets.add(one)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          wire.#sockets.delete(one)
          other.destroy()
        })
      }
    })
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
    return wire
  }

  cut(): void {
    this.isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.isCut = false
  }

  close(): void {
    this.server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** Somebody of the staff who is signed in. */
export class Person {
  constructor(
    private readonly box: Box,
    readonly token: string,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.box.call<T>('GET', path, this.token)
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.box.call<T>('POST', path, this.token, body)
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.box.call<T>('PATCH', path, this.token, body)
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.box.call<T>('PUT', path, this.token, body)
  }

  delete(path: string): Promise<unknown> {
    return this.box.call('DELETE', path, this.token)
  }
}
