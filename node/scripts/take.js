'use strict'

// `node scripts/take.js LIBRARY FOLDER`: puts the addon that cargo has built beside the package, and writes
// lib/native.d.ts from the declarations that the addon's crate wrote into the folder when it was compiled. A file that
// changes by this is an error: it is in the repository.

const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { generateTypeDef } = require('@napi-rs/cli')
const { place } = require('./cargo.js')

const [library, typeDefDir] = process.argv.slice(2)
const file = join(__dirname, '../lib/native.d.ts')

async function main() {
  place(library)
  const { dts } = await generateTypeDef({ typeDefDir, constEnum: false, cwd: process.cwd() })
  if (dts === readFileSync(file, 'utf8')) return
  writeFileSync(file, dts)
  throw new Error('lib/native.d.ts was not that of the code. It is now: commit it')
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
