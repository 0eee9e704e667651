// Puts the API document, Swagger UI and ReDoc beside our own pages: a box has no internet, so nothing may come from a CDN.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const home = (name) => dirname(require.resolve(`${name}/package.json`))
const out = fileURLToPath(new URL('../dist/docs', import.meta.url))

await mkdir(out, { recursive: true })
const document = JSON.parse(await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8'))
await writeFile(join(out, '../openapi.json'), JSON.stringify(document))
for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css']) {
  await copyFile(join(home('swagger-ui-dist'), file), join(out, file))
}

// ReDoc's footer shows its maker's logo from a foreign host; here that would be a request into nowhere, so it points
// at a file of ours, which redoc.css hides.
const redoc = await readFile(join(home('redoc'), 'bundles/redoc.standalone.js'), 'utf8')
const logo = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini\.svg/g
if (!logo.test(redoc)) throw new Error('ReDoc no longer names its logo as before: check what it loads from other hosts')
await writeFile(join(out, 'redoc.standalone.js'), redoc.replace(logo, '/favicon.svg'))

// What their licences ask for.
for (const [name, file, as] of [
  ['swagger-ui-dist', 'LICENSE', 'swagger-ui.LICENSE.txt'],
  ['swagger-ui-dist', 'swagger-ui-bundle.js.LICENSE.txt', 'swagger-ui-bundle.LICENSE.txt'],
  ['redoc', 'LICENSE', 'redoc.LICENSE.txt'],
  ['redoc', 'bundles/redoc.standalone.js.LICENSE.txt', 'redoc.standalone.LICENSE.txt'],
]) {
  await copyFile(join(home(name), file), join(out, as))
}
