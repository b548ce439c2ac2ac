'use strict'

// Finds and loads the addon: the file beside this package (built here), or the package of this platform.

const { existsSync } = require('node:fs')
const { join } = require('node:path')

/** The platforms for which there is a package, `npm/<platform>`. */
const PLATFORMS = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'linux-x64-gnu',
  'linux-x64-musl',
  'win32-arm64-msvc',
  'win32-x64-msvc',
]

/**
 * What may fit this machine. On Linux that is two: asking which libc is there takes longer than trying.
 *
 * @param {string} platform
 * @param {string} arch
 * @returns {string[]}
 */
function candidates(platform, arch) {
  const name = `${platform}-${arch}`
  if (platform === 'linux') return [`${name}-gnu`, `${name}-musl`]
  return [platform === 'win32' ? `${name}-msvc` : name]
}

/**
 * @param {string} platform
 * @param {string} arch
 * @returns {typeof import('./native.d.ts')}
 */
function load(platform, arch) {
  // The variable that packages made with napi-rs share: a file to load instead.
  const told = process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  if (told) return require(told)
  const failures = []
  for (const candidate of candidates(platform, arch)) {
    const file = join(__dirname, '..', `icepanel-invites.${candidate}.node`)
    const sources = existsSync(file) ? [file] : [`icepanel-invites-${candidate}`]
    for (const source of sources) {
      try {
        return require(source)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  throw new Error(sentence(platform, arch), { cause: failures.find(isNotMissing) ?? failures[0] })
}

/** @param {any} error */
function isNotMissing(error) {
  return error?.code !== 'MODULE_NOT_FOUND'
}

/**
 * @param {string} platform
 * @param {string} arch
 */
function sentence(platform, arch) {
  const names = candidates(platform, arch)
  const known = PLATFORMS.filter((name) => names.includes(name))
  const here = `icepanel-invites has no binary for ${platform}-${arch}`
  return known.length === 0
    ? `${here}. There are binaries for ${PLATFORMS.join(', ')}. Build one from a clone of the sources with Rust: npm run build.`
    : `${here} here. Install the package ${known.map((name) => `icepanel-invites-${name}`).join(' or ')}: ` +
        'if it is missing although npm installed this one, delete node_modules and package-lock.json and install again, ' +
        'without --omit=optional. In a clone of the sources: npm run build.'
}

module.exports = load(process.platform, process.arch)
