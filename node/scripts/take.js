'use strict'

// Takes the addon that cargo has built with everything else, and writes lib/native.d.ts from what its crate said of its
// types meanwhile: `node scripts/take.js LIBRARY FOLDER`. If the declarations were others before, that is an error: they
// are in the repository.

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
