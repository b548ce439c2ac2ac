'use strict'

// Builds the addon with cargo alone, without any tool from npm.

const { spawnSync } = require('node:child_process')
const { copyFileSync, renameSync } = require('node:fs')
const { join } = require('node:path')

const ROOT = join(__dirname, '../..')

/** The platform's name, as the loader (lib/native.js) knows it. */
function target() {
  const { platform, arch } = process
  if (platform === 'win32') return `win32-${arch}-msvc`
  if (platform !== 'linux') return `${platform}-${arch}`
  const { header } = /** @type {any} */ (process.report.getReport())
  return `linux-${arch}-${header.glibcVersionRuntime ? 'gnu' : 'musl'}`
}

/** Builds, and puts the file beside the package. Returns why it did not work, if it did not. */
function build() {
  const args = ['build', '--release', '--package', 'icepanel-invites-napi', '--message-format=json-render-diagnostics']
  const cargo = spawnSync('cargo', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 28 })
  if (cargo.error) return `cargo cannot be run (${cargo.error.message}); install Rust, see https://rustup.rs`
  if (cargo.status !== 0) return `cargo ended with ${cargo.status}`
  const messages = cargo.stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  const files = messages.find((message) => message.target?.name === 'icepanel_invites_napi')?.filenames ?? []
  const library = files.find((file) => /\.(so|dylib|dll)$/.test(file))
  if (!library) return 'cargo made no library'
  place(library)
  return undefined
}

/** Puts the library that cargo has made beside the package, under the name that the loader looks for. */
function place(library) {
  const file = join(__dirname, '..', `icepanel-invites.${target()}.node`)
  // By way of another name: a process that has the old file mapped must not see it change.
  copyFileSync(library, `${file}.new`)
  renameSync(`${file}.new`, file)
}

module.exports = { build, place }
