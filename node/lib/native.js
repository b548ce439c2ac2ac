'use strict'

// Finds and loads the addon: the file beside this package (built here), or the package of this platform.

const { existsSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')

const { version } = require('../package.json')

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

/** Loads a file that no bundler is to look for. */
const load = createRequire(__filename)

/**
 * The addon out of a file that was built here, or out of the package of a platform. Each package's name is a literal:
 * @vercel/nft, esbuild and webpack look for those, and for none in a `try` they demand that it is installed.
 *
 * @param {string} platform
 * @param {string | undefined} file
 * @returns {{ addon?: any, error?: any }}
 */
function attempt(platform, file) {
  try {
    if (file) return { addon: checked(load(file)) }
    switch (platform) {
      case 'darwin-arm64':
        return { addon: checked(require('@icepanel-invites/darwin-arm64')) }
      case 'darwin-x64':
        return { addon: checked(require('@icepanel-invites/darwin-x64')) }
      case 'linux-arm64-gnu':
        return { addon: checked(require('@icepanel-invites/linux-arm64-gnu')) }
      case 'linux-arm64-musl':
        return { addon: checked(require('@icepanel-invites/linux-arm64-musl')) }
      case 'linux-x64-gnu':
        return { addon: checked(require('@icepanel-invites/linux-x64-gnu')) }
      case 'linux-x64-musl':
        return { addon: checked(require('@icepanel-invites/linux-x64-musl')) }
      case 'win32-arm64-msvc':
        return { addon: checked(require('@icepanel-invites/win32-arm64-msvc')) }
      case 'win32-x64-msvc':
        return { addon: checked(require('@icepanel-invites/win32-x64-msvc')) }
    }
  } catch (error) {
    return { error }
  }
  return {}
}

/**
 * What may fit this machine. On Linux that is two: asking which libc is there takes longer than trying.
 *
 * @param {string} platform
 * @param {string} arch
 * @returns {string[]}
 */
function candidates(platform, arch) {
  const name = `${platform}-${arch}`
  const names = platform === 'linux' ? [`${name}-gnu`, `${name}-musl`] : [platform === 'win32' ? `${name}-msvc` : name]
  return names.filter((candidate) => PLATFORMS.includes(candidate))
}

/**
 * @param {string} platform
 * @param {string} arch
 * @returns {typeof import('./native.d.ts')}
 */
function find(platform, arch) {
  // The variable that packages made with napi-rs share: a file to load instead.
  const named = process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  if (named) return load(named)
  /** @type {{ name: string, error: any }[]} */
  const broken = []
  for (const candidate of candidates(platform, arch)) {
    const file = join(__dirname, '..', `icepanel-invites.${candidate}.node`)
    const built = existsSync(file)
    const { addon, error } = attempt(candidate, built ? file : undefined)
    if (addon) return addon
    if (built || !isMissing(error, candidate)) broken.push({ name: built ? file : `@icepanel-invites/${candidate}`, error })
  }
  const [first] = broken
  throw first ? new Error(doesNotLoad(first), { cause: first.error }) : new Error(noBinary(platform, arch))
}

/**
 * Whether an error says that the package of the platform is not installed, and nothing else.
 *
 * @param {any} error
 * @param {string} platform
 */
function isMissing(error, platform) {
  // One with a path is installed, and has no such file.
  return error?.code === 'MODULE_NOT_FOUND' && !error.path && String(error.message).includes(`@icepanel-invites/${platform}`)
}

/**
 * The addon, if it is of this version: what crosses between both is no public API.
 *
 * @param {any} addon
 */
function checked(addon) {
  if (addon.VERSION === version) return addon
  throw new Error(`it is of version ${addon.VERSION}, but icepanel-invites is of version ${version}`)
}

const AGAIN = 'Delete node_modules and the lock file, and install again; in a clone of the sources: npm run build.'

/** @param {{ name: string, error: any }} failure */
function doesNotLoad({ name, error }) {
  return `icepanel-invites found its addon, ${name}, but it does not load here: ${error.message}. ${AGAIN}`
}

/**
 * @param {string} platform
 * @param {string} arch
 */
function noBinary(platform, arch) {
  const known = candidates(platform, arch)
  const here = `icepanel-invites has no binary for ${platform}-${arch}`
  return known.length === 0
    ? `${here}. There are binaries for ${PLATFORMS.join(', ')}. Build one from a clone of the sources with Rust: npm run build.`
    : `${here} here. It is in the package ${known.map((name) => `@icepanel-invites/${name}`).join(' or ')}, an optional ` +
        `dependency of this one, which was left out. Install without --omit=optional. ${AGAIN}`
}

module.exports = find(process.platform, process.arch)
