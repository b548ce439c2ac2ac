'use strict'

// A registry of npm with the packages of a folder, and no other: `node registry.js FOLDER`. It prints its URL and ends
// with its standard input.

const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const { readFileSync, readdirSync } = require('node:fs')
const { createServer } = require('node:http')
const { join } = require('node:path')

const [folder] = process.argv.slice(2)
/** @type {Record<string, { manifest: any, bytes: Buffer, file: string }>} */
const packages = {}
for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) {
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', join(folder, file), 'package/package.json'], { encoding: 'utf8' }))
  packages[manifest.name] = { manifest, file, bytes: readFileSync(join(folder, file)) }
}

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1)
  const tarball = Object.values(packages).find(({ file }) => path === `-/${file}`)
  if (tarball) return response.end(tarball.bytes)
  const found = packages[path]
  if (!found) return response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}')
  const { manifest, bytes, file } = found
  const hash = (name, form) => createHash(name).update(bytes).digest(form)
  const dist = {
    tarball: `http://${request.headers.host}/-/${file}`,
    integrity: `sha512-${hash('sha512', 'base64')}`,
    shasum: hash('sha1', 'hex'),
  }
  const { version } = manifest
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({
      name: manifest.name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, dist } },
      // A package manager may refuse what is younger than some days.
      time: { created: '2026-01-01T00:00:00.000Z', modified: '2026-01-01T00:00:00.000Z', [version]: '2026-01-01T00:00:00.000Z' },
    }),
  )
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
process.stdin.resume().on('end', () => process.exit())
