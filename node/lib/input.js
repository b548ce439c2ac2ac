'use strict'

// From what a caller writes to what Rust takes: names and types are checked here, values in Rust.

const { checkedExpiry, checkedSpan, checkedText, count, invalid, json, limit, nameOf } = require('./values.js')

/** @import { CallOptions, NewInvite } from './types' */

/**
 * What an option is: a type of JavaScript's, or
 * `count`: a whole number; `span`: a duration, handed to Rust as milliseconds under the option's name with `Ms`;
 * `expiry`: an instant or a duration.
 *
 * @type {Record<string, 'string' | 'number' | 'count' | 'boolean' | 'function' | 'pacing' | 'rate' | 'signal' | 'span' |
 *   'expiry'>}
 */
const CHANGES = { timeoutMs: 'number', maxAttempts: 'count', baseDelayMs: 'number', maxDelayMs: 'number' }
/** @type {typeof CHANGES} */
const CONNECTION = {
  ...CHANGES,
  baseUrl: 'string',
  connectTimeoutMs: 'number',
  readTimeoutMs: 'number',
  proxy: 'string',
  caCertificate: 'string',
  clientCertificate: 'string',
  userAgentSuffix: 'string',
  maxBodyBytes: 'count',
  pacing: 'pacing',
  onEvent: 'function',
}
/** @type {typeof CHANGES} */
const CLIENT = { ...CONNECTION, apiKey: 'string', organizationId: 'string' }
/** @type {typeof CHANGES} */
const FILTER = { status: 'string', email: 'string', permission: 'string', createdBy: 'string', expiringWithin: 'span' }
/** @type {typeof CHANGES} */
const PLAN = { margin: 'span', prune: 'boolean', skipRevoked: 'boolean', maxInvites: 'count', allowEmpty: 'boolean' }
/** @type {typeof CHANGES} */
const APPLY = { partial: 'boolean', pruneAtMost: 'count', pruneShare: 'number', onProgress: 'function' }
/** @type {typeof CHANGES} */
const DUMP = { membersExpire: 'expiry' }
/** @type {typeof CHANGES} */
const CALL = { signal: 'signal', timeoutMs: 'number' }
/** @type {typeof CHANGES} */
const SANDBOX = { ...CLIENT, skipWaits: 'boolean' }
/** @type {typeof CHANGES} */
const LIMIT = { requests: 'count', windowMs: 'number' }

/** How each kind of option is checked, beside the types of JavaScript. @type {Record<string, (name: string, value: any) => any>} */
const CHECKS = {
  number: limit,
  count,
  span: checkedSpan,
  pacing: checkedPacing,
  rate: checkedRate,
  signal: checkedSignal,
  expiry: checkedExpiry,
}

/**
 * A copy with the fields that are there. A name that does not exist is refused: a mistyped `baseURL` must not
 * silently mean the service itself.
 *
 * @template {object} T
 * @param {string} what
 * @param {T | undefined} given
 * @param {typeof CHANGES} fields
 * @param {string} [prefix] what the name of a field has before it in an error
 * @returns {{ [K in keyof T]: Exclude<T[K], undefined> } & Record<string, any>} a span `name` stands in it as `nameMs`
 */
function checked(what, given, fields, prefix = '') {
  const copy = /** @type {any} */ ({})
  if (given === undefined) return copy
  // A Date or a signal has no fields of its own: taken for options, it would say nothing.
  if (nameOf(given) !== 'an object') throw invalid(`${what} must be an object; it is ${nameOf(given)}`)
  for (const [name, value] of Object.entries(given)) {
    const type = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (type === undefined) throw invalid(`${what} has no ${JSON.stringify(name)}${meant(name, fields)}`)
    if (value === undefined) continue
    const check = CHECKS[type]
    if (check === undefined && typeof value !== type) throw invalid(`${name} must be a ${type}; it is ${nameOf(value)}`)
    const taken = check === undefined ? value : check(prefix + name, value)
    if (taken !== undefined) copy[type === 'span' ? `${name}Ms` : name] = taken
  }
  return copy
}

/**
 * The pace of all requests. Null is the documented one, as is what is left out.
 *
 * @param {string} name
 * @param {unknown} pacing
 * @returns {import('./native.d.ts').PacingOptions | undefined}
 */
function checkedPacing(name, pacing) {
  if (pacing === null) return undefined
  if (pacing === 'none') return { reads: 'none', writes: 'none' }
  if (typeof pacing !== 'object') {
    throw invalid(`${name} must be 'none' or an object like { writes: { requests: 60, windowMs: 60000 } }; it is ${nameOf(pacing)}`)
  }
  return checked(name, /** @type {object} */ (pacing), { reads: 'rate', writes: 'rate' }, `${name}.`)
}

/**
 * The pace of one class of requests.
 *
 * @param {string} name
 * @param {unknown} rate
 */
function checkedRate(name, rate) {
  if (rate === null) return undefined
  if (rate === 'none') return rate
  if (typeof rate !== 'object') {
    throw invalid(`${name} must be 'none' or an object like { requests: 60, windowMs: 60000 }; it is ${nameOf(rate)}`)
  }
  const given = checked(name, /** @type {object} */ (rate), LIMIT, `${name}.`)
  if (Object.keys(given).length < 2) throw invalid(`${name} needs requests and windowMs`)
  return given
}

/**
 * @param {string} name
 * @param {unknown} signal
 */
function checkedSignal(name, signal) {
  if (signal === null) return undefined
  if (typeof (/** @type {any} */ (signal).addEventListener) !== 'function') {
    throw invalid(`${name} must be an AbortSignal; it is ${nameOf(signal)}`)
  }
  return signal
}

/**
 * @param {string} name
 * @param {object} fields
 */
function meant(name, fields) {
  const near = Object.keys(fields).find((field) => field.toLowerCase() === name.toLowerCase())
  return near === undefined ? '' : `; it is written ${near}`
}

/**
 * @param {CallOptions | undefined} options
 * @returns {{ signal?: AbortSignal, timeoutMs?: number }}
 */
function checkedCallOptions(options) {
  return /** @type {any} */ (checked('the options of a call', options, CALL))
}

/**
 * @param {import('./types').DumpOptions | undefined} options
 * @returns {import('./native.d.ts').Expiry | undefined} the expiry of the members
 */
function checkedDump(options) {
  return /** @type {any} */ (checked('the options of a dump', options, DUMP)).membersExpire
}

/**
 * @param {NewInvite} invite
 * @returns {Omit<NewInvite, 'expires'> & { expiry: import('./native.d.ts').Expiry }}
 */
function checkedInvite(invite) {
  if (invite === null || typeof invite !== 'object') throw invalid(`the invite must be an object; it is ${nameOf(invite)}`)
  for (const name of Object.keys(invite)) {
    if (!['email', 'permission', 'expires', 'landscapePermissions'].includes(name)) {
      throw invalid(`an invite to be made has no ${JSON.stringify(name)}${meant(name, { landscapePermissions: 0 })}`)
    }
  }
  const { landscapePermissions } = invite
  return {
    email: checkedText('email', invite.email),
    permission: checkedText('permission', invite.permission),
    expiry: checkedExpiry('expires', invite.expires),
    ...(landscapePermissions === undefined ? undefined : { landscapePermissions: checkedLandscapes(landscapePermissions) }),
  }
}

/** @param {unknown} landscapes */
function checkedLandscapes(landscapes) {
  const fits =
    landscapes !== null &&
    typeof landscapes === 'object' &&
    Object.values(landscapes).every((allowed) => typeof allowed === 'boolean')
  if (!fits) throw invalid('landscapePermissions must be an object of landscape ids and booleans')
  return /** @type {Record<string, boolean>} */ (landscapes)
}

/**
 * An entry of a roster, in the core's JSON.
 *
 * @param {NewInvite} invite
 * @returns {import('./types').RosterEntry}
 */
function checkedEntry(invite) {
  const { expiry, ...rest } = checkedInvite(invite)
  const { expiresAtMs, ...told } = expiry
  return { ...rest, ...(expiresAtMs === undefined ? told : { expiresAt: new Date(expiresAtMs).toISOString() }) }
}

module.exports = {
  APPLY,
  CHANGES,
  CLIENT,
  CONNECTION,
  FILTER,
  PLAN,
  SANDBOX,
  checked,
  checkedCallOptions,
  checkedDump,
  checkedEntry,
  checkedExpiry,
  checkedInvite,
  checkedText,
  invalid,
  json,
}
