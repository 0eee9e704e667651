// A printer that takes every page, and says whether it has paper.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export class FakePrinter {
  hasPaper = true
  isSilent = false
  #lines = new Set<Socket>()
  #server: Server

  private constructor() {
    this.#server = createServer((line) => this.#answer(line))
  }

  static async open(): Promise<FakePrinter> {
    const printer = new FakePrinter()
    await new Promise<void>((done) => printer.#server.listen(0, '127.0.0.1', done))
    return printer
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  #answer(line: Socket): void {
    this.#lines.add(line)
    line.on('close', () => this.#lines.delete(line))
    line.on('error', () => undefined)
    line.on('data', (bytes) => {
      if (this.isSilent) return
      for (let at = 0; at + 2 < bytes.length; at++) {
        const asks = bytes[at] === 0x10 && bytes[at + 1] === 4
        // Questions come alone; what looks like one within a picture is not.
        if (asks && bytes.length <= 12) line.write(Buffer.from([!this.hasPaper && bytes[at + 2] === 4 ? 0x7e : 0x12]))
        if (bytes[at] === 0x1d && bytes[at + 1] === 0x72 && at + 3 === bytes.length) line.write(Buffer.from([0]))
      }
    })
  }

  close(): void {
    for (const line of this.#lines) line.destroy()
    this.#server.close()
  }
}
