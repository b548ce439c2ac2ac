'use strict'

// `npm run build`: builds the addon for this machine, by @napi-rs/cli, with lib/native.d.ts from the Rust code.

const { spawnSync } = require('node:child_process')
const { join } = require('node:path')

const cli = require.resolve('@napi-rs/cli').replace(/dist[\\/].*$/, join('dist', 'cli.js'))
const args = [
  ...['build', '--platform', '--release', '--manifest-path', '../bindings/napi/Cargo.toml'],
  ...['--package-json-path', 'package.json', '--output-dir', '.'],
  ...['--dts', 'lib/native.d.ts', '--no-js', '--no-const-enum', ...process.argv.slice(2)],
]
const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: join(__dirname, '..'), stdio: 'inherit' })
process.exitCode = status ?? 1
