// A PostgreSQL of the test's own on a throw-away folder, and a cloud with one restaurant in it.

import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './port'

const run = promisify(execFile)

/** Debian keeps each version's programs in a folder of its own. */
async function programs(): Promise<string> {
  const versions = await readdir('/usr/lib/postgresql')
  const newest = versions.map(Number).sort((a, b) => b - a)[0]
  return `/usr/lib/postgresql/${newest}/bin`
}

/** PostgreSQL does not run as root: there it runs as its own user. */
async function owner(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const users = await readFile('/etc/passwd', 'utf8')
  const [, , uid, gid] = users.split('\n').find((line) => line.startsWith('postgres:'))!.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

export class Postgres {
  #server: ChildProcess | null = null

  private constructor(
    private readonly folder: string,
    private readonly bin: string,
    private readonly as: { uid?: number; gid?: number },
    private readonly port: number,
  ) {}

  static async start(): Promise<Postgres> {
    const folder = await mkdtemp(join(tmpdir(), 'qres-pg-'))
    const as = await owner()
    await chmod(folder, 0o755)
    if (as.uid !== undefined && as.gid !== undefined) await chown(folder, as.uid, as.gid)
    const port = await freePort()
    const postgres = new Postgres(folder, await programs(), as, port)
    const data = join(folder, 'data')
    const how = ['-D', data, '--username=owner', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
    await run(join(postgres.bin, 'initdb'), how, { ...as, cwd: '/' })
    await postgres.run()
    await postgres.sql('CREATE DATABASE qres', 'postgres')
    return postgres
  }

  async run(): Promise<void> {
    const how = ['-D', join(this.folder, 'data'), '-p', String(this.port), '-k', '', '-c', 'listen_addresses=127.0.0.1']
    this.#server = spawn(join(this.bin, 'postgres'), how, { ...this.as, cwd: '/', stdio: 'ignore' })
    const until = Date.now() + 30_000
    while (!(await this.sql('SELECT 1', 'postgres').then(() => true, () => false))) {
      if (Date.now() > until) throw new Error('PostgreSQL does not start')
      await new Promise((done) => setTimeout(done, 50))
    }
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    if (!server) return
    const ended = new Promise((done) => server.once('exit', done))
    server.kill('SIGQUIT')
    await ended
  }

  async close(): Promise<void> {
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  async sql(text: string, database = 'qres'): Promise<void> {
    const how = ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'owner', '-d', database, '-v', 'ON_ERROR_STOP=1', '-c', text]
    await run(join(this.bin, 'psql'), how)
  }

  /** `qres cloud …` as the cloud's owner; returns what it says. */
  async qres(...words: string[]): Promise<string> {
    const env = { ...process.env, QRES_CLOUD_ADMIN_URL: `postgres://owner@127.0.0.1:${this.port}/qres?sslmode=disable` }
    const { stdout } = await run(process.env.QRES_BIN!, ['cloud', ...words], { env, cwd: this.folder })
    return stdout.trim()
  }

  /** Publishes a version that waits for closing. */
  async publish(content: unknown): Promise<void> {
    const file = join(tmpdir(), `qres-version-${this.port}.json`)
    await writeFile(file, JSON.stringify(content))
    await this.qres('publish', file, '--after-closing')
    await rm(file)
  }
}
