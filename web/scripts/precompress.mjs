// Writes .gz beside each text file of dist, so that the box serves compressed bytes without work.
// Same input, same bytes: the binary's build must be repeatable.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import zopfli from '@gfx/zopfli'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const text = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.txt'])

const smallest = promisify(zopfli.gzip)

/** What each guest's phone loads is packed with patience: 4 % less for seconds here. */
async function pack(name, bytes) {
  if (name.startsWith('guest')) return Buffer.from(await smallest(bytes, { numiterations: 15 }))
  const gzip = gzipSync(bytes, { level: 9 })
  gzip[9] = 255 // the header's "operating system": unknown, whatever machine built it
  return gzip
}

const entries = await readdir(dist, { recursive: true, withFileTypes: true })
const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath ?? e.path, e.name)).sort()
let plain = 0
let packed = 0
for (const file of files) {
  if (!text.has(extname(file))) continue
  const bytes = await readFile(file)
  const gzip = await pack(basename(file), bytes)
  await writeFile(`${file}.gz`, gzip)
  plain += bytes.length
  packed += gzip.length
  console.log(`${relative(dist, file).padEnd(44)} ${String(bytes.length).padStart(8)} -> ${String(gzip.length).padStart(7)} gz`)
}
console.log(`${'together'.padEnd(44)} ${String(plain).padStart(8)} -> ${String(packed).padStart(7)} gz`)
