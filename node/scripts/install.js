'use strict'

// After `npm install`: in a clone of the sources, builds the addon. A published package brings it, as a package of
// the platform; where there is none, this says so now and the loader says so again. Nothing is built where the variable
// that packages made with napi-rs share names a library.

const { build, isClone } = require('./cargo.js')

const told = process.env.NAPI_RS_NATIVE_LIBRARY_PATH
const wrong = isClone && !told ? build() : undefined
try {
  require('../lib/native.js')
} catch (error) {
  console.error(`${error.message}${wrong ? ` (${wrong})` : ''}`)
  // In a clone it could have been built: an install without it would only fail later.
  if (isClone) process.exitCode = 1
}
