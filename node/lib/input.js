'use strict'

// From what a caller writes to what Rust takes: shapes are checked here, values in Rust.

const native = require('./native.js')
const { errorOf } = require('./errors.js')

/** @import { CallOptions, ClientChanges, InviteFilter, NewInvite } from './types' */

/** @type {Record<string, 'string' | 'number' | 'boolean' | 'function' | 'pacing' | 'span'>} */
const CHANGES = { timeoutMs: 'number', maxAttempts: 'number', baseDelayMs: 'number', maxDelayMs: 'number' }
/** @type {typeof CHANGES} */
const CONNECTION = {
  ...CHANGES,
  baseUrl: 'string',
  connectTimeoutMs: 'number',
  readTimeoutMs: 'number',
  proxy: 'string',
  caCertificate: 'string',
  userAgentSuffix: 'string',
  maxBodyBytes: 'number',
  pacing: 'pacing',
  onEvent: 'function',
}
/** @type {typeof CHANGES} */
const CLIENT = { ...CONNECTION, apiKey: 'string', organizationId: 'string' }
/** @type {typeof CHANGES} */
const FILTER = { status: 'string', email: 'string', permission: 'string', createdBy: 'string', expiringWithin: 'span' }
/** @type {typeof CHANGES} */
const PLAN = { margin: 'span', prune: 'boolean' }
/** @type {typeof CHANGES} */
const APPLY = { partial: 'boolean', pruneAtMost: 'number', pruneShare: 'number', onProgress: 'function' }

/** @type {typeof CHANGES} */
const LIMIT = { requests: 'number', windowMs: 'number' }

/** Milliseconds of each unit. */
const UNITS = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
}

/**
 * The error of an argument that cannot be handed to Rust.
 *
 * @param {string} message
 */
function invalid(message) {
  return errorOf(JSON.parse(native.invalidInput(message)))
}

/**
 * What a value is, for a message. The value itself may be a secret in the wrong place.
 *
 * @param {unknown} value
 */
function nameOf(value) {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : value === undefined ? 'missing' : `a ${typeof value}`
}

/**
 * A copy with the fields that are there. A name that does not exist is refused: a mistyped `baseURL` must not
 * silently mean the service itself.
 *
 * @template {object} T
 * @param {string} what
 * @param {T | undefined} given
 * @param {typeof CHANGES} fields
 * @returns {{ [K in keyof T]: Exclude<T[K], undefined> } & Record<string, any>} a span `name` stands in it as `nameMs`
 */
function checked(what, given, fields) {
  const copy = /** @type {any} */ ({})
  if (given === undefined) return copy
  if (given === null || typeof given !== 'object') throw invalid(`${what} must be an object; it is ${nameOf(given)}`)
  for (const [name, value] of Object.entries(given)) {
    const type = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (type === undefined) throw invalid(`${what} has no ${JSON.stringify(name)}${meant(name, fields)}`)
    if (value === undefined) continue
    if (type === 'span') {
      copy[`${name}Ms`] = checkedSpan(name, value)
      continue
    }
    if (type === 'pacing') {
      copy[name] = checkedPacing(value)
      continue
    }
    if (typeof value !== type) throw invalid(`${name} must be a ${type}; it is ${nameOf(value)}`)
    copy[name] = value
  }
  return copy
}

/**
 * @param {unknown} pacing
 * @returns {import('./native.d.ts').PacingOptions}
 */
function checkedPacing(pacing) {
  if (pacing === null) return { none: true }
  if (pacing === 'documented') return {}
  if (typeof pacing !== 'object') {
    throw invalid(`pacing must be 'documented', null or an object like { writes: { requests: 60, windowMs: 60000 } }`)
  }
  for (const [name, limit] of Object.entries(pacing)) {
    if (name !== 'reads' && name !== 'writes') throw invalid(`pacing has no ${JSON.stringify(name)}`)
    if (limit === undefined) continue
    const given = checked(`pacing.${name}`, limit, LIMIT)
    if (Object.keys(given).length < 2) throw invalid(`pacing.${name} needs requests and windowMs`)
  }
  return pacing
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
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
function checkedText(name, value) {
  if (typeof value !== 'string') throw invalid(`${name} must be a string; it is ${nameOf(value)}`)
  return value
}

/**
 * @param {CallOptions | undefined} options
 * @returns {CallOptions}
 */
function checkedCallOptions(options) {
  if (options === undefined) return {}
  if (options === null || typeof options !== 'object') {
    throw invalid(`the options of a call must be an object; they are ${nameOf(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (name !== 'signal' && name !== 'timeoutMs') throw invalid(`a call has no option ${JSON.stringify(name)}`)
  }
  const { signal, timeoutMs } = options
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw invalid(`signal must be an AbortSignal; it is ${nameOf(signal)}`)
  }
  if (timeoutMs !== undefined && typeof timeoutMs !== 'number') {
    throw invalid(`timeoutMs must be a number; it is ${nameOf(timeoutMs)}`)
  }
  return options
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
    expiry: checkedExpiry(invite.expires),
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
 * @param {unknown} expires
 * @returns {import('./native.d.ts').Expiry}
 */
function checkedExpiry(expires) {
  if (typeof expires === 'string') return { expiresAt: expires }
  if (expires instanceof Date || Object.prototype.toString.call(expires) === '[object Date]') {
    return { expiresAtMs: Number(expires) }
  }
  if (typeof expires === 'number') {
    throw invalid('expires is a number, which could be an instant or a span; give new Date(n) or { milliseconds: n }')
  }
  if (expires === null || typeof expires !== 'object') {
    throw invalid(`expires must be a Date, an RFC 3339 string or a span like { days: 14 }; it is ${nameOf(expires)}`)
  }
  return { expiresInMs: milliseconds('expires', /** @type {Record<string, unknown>} */ (expires)) }
}

/**
 * @param {string} name
 * @param {unknown} span
 */
function checkedSpan(name, span) {
  if (span === null || typeof span !== 'object') throw invalid(`${name} must be a span like { days: 7 }; it is ${nameOf(span)}`)
  const ms = milliseconds(name, /** @type {Record<string, unknown>} */ (span))
  if (!(ms >= 0)) throw invalid(`${name} is ${ms} milliseconds; it must not be negative`)
  return ms
}

/**
 * An entry of a roster, in the core's JSON.
 *
 * @param {NewInvite} invite
 * @returns {import('./types').RosterEntry}
 */
function checkedEntry(invite) {
  const { expiry, ...rest } = checkedInvite(invite)
  const { expiresAt, expiresAtMs, expiresInMs } = expiry
  if (expiresInMs !== undefined) return { ...rest, expiresInMs: Math.round(expiresInMs) }
  const time = expiresAtMs === undefined ? expiresAt : new Date(expiresAtMs)
  if (time instanceof Date && Number.isNaN(Number(time))) throw invalid(`the expiry of ${rest.email} is no time`)
  return { ...rest, expiresAt: time instanceof Date ? time.toISOString() : time }
}

/**
 * The milliseconds of a span.
 *
 * @param {string} what
 * @param {Record<string, unknown>} span
 */
function milliseconds(what, span) {
  for (const name of Object.keys(span)) {
    if (!Object.hasOwn(UNITS, name)) {
      throw invalid(`${what} has ${JSON.stringify(name)}; a span has ${Object.keys(UNITS).join(', ')}`)
    }
  }
  let sum = 0
  let given = false
  for (const [name, scale] of Object.entries(UNITS)) {
    // Not only own fields: those of a Temporal.Duration stand on its prototype.
    const number = span[name]
    if (number === undefined) continue
    if (typeof number !== 'number') throw invalid(`${what}.${name} must be a number; it is ${nameOf(number)}`)
    sum += number * scale
    given = true
  }
  if (!given) throw invalid(`${what} is an empty span; give one like { days: 14 }`)
  if (span.years || span.months) throw invalid(`${what} has years or months, which have no fixed length; give days`)
  return sum
}

module.exports = {
  APPLY,
  CHANGES,
  CLIENT,
  CONNECTION,
  FILTER,
  PLAN,
  checked,
  checkedCallOptions,
  checkedEntry,
  checkedExpiry,
  checkedInvite,
  checkedText,
  invalid,
}
