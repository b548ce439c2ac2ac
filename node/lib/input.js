'use strict'

// Converts a caller's arguments for Rust. Options are data: values that only JavaScript has are taken out, the rest is
// passed as JSON, and Rust checks names, types and limits.

const { UNITS, checkedExpiry, checkedText, invalid, json, nameOf } = require('./values.js')

/** @import { CallOptions, MemberUpdate, NewInvite } from './types' */

/**
 * Options as JSON. A value without a form in JSON becomes an empty list, which is not valid for any option: Rust
 * rejects it with the option's name.
 *
 * @param {unknown} options
 * @returns {string}
 */
function data(options) {
  return JSON.stringify(plain(options), function (name, written) {
    const given = this[name]
    const lost = (typeof given === 'number' && !Number.isFinite(given)) || (written === null && given !== null)
    if (lost || ['bigint', 'function', 'symbol'].includes(typeof given)) return []
    return isSpan(given) ? spanOf(given) : written
  })
}

/**
 * Options that have names. A Date or a signal has no own fields: as options, it would be empty.
 *
 * @param {unknown} options
 */
function plain(options) {
  if (options === undefined) return {}
  return nameOf(options) === 'an object' ? options : []
}

/** Whether a value is a duration. The fields of a `Temporal.Duration` are its prototype's. @param {any} value */
function isSpan(value) {
  return value !== null && typeof value === 'object' && Object.keys(UNITS).some((unit) => unit in value)
}

/** A duration with fields of its own. @param {any} value */
function spanOf(value) {
  const span = { ...value }
  for (const unit of ['years', 'months', ...Object.keys(UNITS)]) if (value[unit]) span[unit] = value[unit]
  return span
}

/**
 * The function under a name, taken out of options.
 *
 * @template {(...args: any[]) => any} F
 * @param {string} name
 * @param {F | undefined} given
 * @returns {F | undefined}
 */
function checkedFunction(name, given) {
  if (given !== undefined && typeof given !== 'function') throw invalid(`${name} must be a function; it is ${nameOf(given)}`)
  return given
}

/**
 * @param {CallOptions | undefined} options
 * @returns {{ signal: AbortSignal | undefined, callOptions: string | undefined }} the options for Rust; nothing if there are none
 */
function checkedCallOptions(options) {
  if (options === undefined) return { signal: undefined, callOptions: undefined }
  const { signal, ...rest } = nameOf(options) === 'an object' ? options : { signal: undefined }
  if (signal !== undefined && signal !== null && typeof signal.addEventListener !== 'function') {
    throw invalid(`signal must be an AbortSignal; it is ${nameOf(signal)}`)
  }
  const callOptions = nameOf(options) === 'an object' ? rest : options
  return { signal: signal ?? undefined, callOptions: Object.keys(rest).length > 0 || callOptions !== rest ? data(callOptions) : undefined }
}

/**
 * @param {NewInvite} invite
 * @returns {Omit<NewInvite, 'expires' | 'until'> & { expiry: import('./native.d.ts').Expiry, until?: string }}
 */
function checkedInvite(invite) {
  if (invite === null || typeof invite !== 'object') throw invalid(`the invite must be an object; it is ${nameOf(invite)}`)
  for (const name of Object.keys(invite)) {
    if (['email', 'permission', 'expires', 'landscapePermissions', 'until'].includes(name)) continue
    const near = name.toLowerCase() === 'landscapepermissions' ? '; it is written landscapePermissions' : ''
    throw invalid(`an invite to be made has no ${JSON.stringify(name)}${near}`)
  }
  const { landscapePermissions, until } = invite
  return {
    email: checkedText('email', invite.email),
    permission: checkedText('permission', invite.permission),
    expiry: checkedExpiry('expires', invite.expires),
    ...(landscapePermissions === undefined ? undefined : { landscapePermissions: checkedLandscapes(landscapePermissions) }),
    ...(until === undefined ? undefined : { until: checkedUntil(until) }),
  }
}

/** The end of an access, as text. @param {unknown} until */
function checkedUntil(until) {
  if (typeof until === 'string') return until
  if (Object.prototype.toString.call(until) !== '[object Date]') {
    throw invalid(`until must be a Date or an RFC 3339 string; it is ${nameOf(until)}`)
  }
  if (Number.isNaN(Number(until))) throw invalid('until is an invalid Date')
  return new Date(Number(until)).toISOString()
}

/**
 * @param {MemberUpdate} update
 * @returns {MemberUpdate}
 */
function checkedUpdate(update) {
  if (update === null || typeof update !== 'object') throw invalid(`the update must be an object; it is ${nameOf(update)}`)
  for (const name of Object.keys(update)) {
    if (['permission', 'landscapePermissions'].includes(name)) continue
    throw invalid(`an update of a member has no ${JSON.stringify(name)}`)
  }
  const { landscapePermissions } = update
  return {
    permission: checkedText('permission', update.permission),
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
  const { expiresAtMs, ...duration } = expiry
  return { ...rest, ...(expiresAtMs === undefined ? duration : { expiresAt: new Date(expiresAtMs).toISOString() }) }
}

module.exports = {
  checkedCallOptions,
  checkedEntry,
  checkedExpiry,
  checkedFunction,
  checkedInvite,
  checkedText,
  checkedUpdate,
  data,
  invalid,
  json,
  nameOf,
}
