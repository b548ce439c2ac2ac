'use strict'

// `npm run types`: checks the code and writes its declarations, *.d.ts beside *.js. With `--check` it only compares.
//
// It works on a copy without the declarations that are there: tsc would read those in place of the code.

const { spawnSync } = require('node:child_process')
const { copyFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const ROOT = join(__dirname, '..')
/** Written by hand, or made from the Rust code. */
const KEPT = ['types.d.ts', 'sandbox-types.d.ts', 'native.d.ts']

const copy = mkdtempSync(join(tmpdir(), 'icepanel-invites-types-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
for (const file of ['index.js', 'testing.js', 'package.json', 'tsconfig.json', 'tsconfig.types.json']) {
  copyFileSync(join(ROOT, file), join(copy, file))
}
const isCode = (file) => !file.endsWith('.d.ts') || KEPT.some((kept) => file.endsWith(kept))
cpSync(join(ROOT, 'lib'), join(copy, 'lib'), { recursive: true, filter: isCode })

const args = ['--project', join(copy, 'tsconfig.types.json'), '--typeRoots', join(ROOT, 'node_modules/@types')]
const tsc = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), ...args], { stdio: 'inherit' })
if (tsc.status !== 0) process.exit(1)

const made = ['index.d.ts', 'testing.d.ts', ...readdirSync(join(copy, 'lib')).map((file) => `lib/${file}`)]
for (const file of made.filter((file) => file.endsWith('.d.ts') && !KEPT.some((kept) => file.endsWith(kept)))) {
  if (!process.argv.includes('--check')) {
    copyFileSync(join(copy, file), join(ROOT, file))
  } else if (readFileSync(join(copy, file), 'utf8') !== readFileSync(join(ROOT, file), 'utf8')) {
    console.error(`${file} is not that of the code: npm run types`)
    process.exitCode = 1
  }
}
