// A port for a process that tells nobody where it listens.

import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** The system lends none of these to a connection or to who asks for any port. */
const NEVER_LENT = [12_000, 32_000] as const

/** One on which nothing listens, and that is still free when a box was killed and starts again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...NEVER_LENT)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((told) => {
    const server = createServer()
    server.once('error', () => told(false))
    server.listen(port, '127.0.0.1', () => server.close(() => told(true)))
  })
}
