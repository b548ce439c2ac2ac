'use strict'

// After `npm install` of this folder: builds the addon. A published package has no script: it brings the addon as a
// package of the platform. Nothing is built where the variable that packages made with napi-rs share names a library,
// and for `npm pack`.

const { build } = require('./cargo.js')

if (!process.env.NAPI_RS_NATIVE_LIBRARY_PATH && process.env.npm_command !== 'pack') {
  const wrong = build()
  if (wrong) {
    console.error(`icepanel-invites has no addon: ${wrong}`)
    process.exitCode = 1
  }
}
