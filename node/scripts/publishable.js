'use strict'

// `node scripts/publishable.js PLATFORM…`: prints package.json as it is published: with the packages of these platforms
// as optional dependencies, and without what is for a clone of the sources. The order of the entries in `exports` does
// not change: the first condition that fits wins.
//
// `node scripts/publishable.js --platform PLATFORM`: the same of a platform's own.

const { join } = require('node:path')

const main = require('../package.json')
const [first, ...rest] = process.argv.slice(2)
const source = first === '--platform' ? require(join('../npm', rest[0], 'package.json')) : main

const { private: _private, scripts, devDependencies, napi, ...manifest } = source
const { repository, homepage, bugs } = main
Object.assign(manifest, { repository, homepage, bugs, publishConfig: { access: 'public', provenance: true } })
if (source === main) {
  const platforms = [first, ...rest].map((platform) => require(join('../npm', platform, 'package.json')).name)
  manifest.optionalDependencies = Object.fromEntries(platforms.map((name) => [name, main.version]))
}
console.log(JSON.stringify(manifest, undefined, 2))
