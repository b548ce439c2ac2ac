'use strict'

// Values of callers: numbers, texts, instants and durations. Values that cannot be passed to Rust unchanged are
// rejected here, with the name of the option.

const native = require('./native.js')
const { errorOf } = require('./errors.js')

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
 * The error of an argument that cannot be passed to Rust.
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
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value !== 'object') return `a ${typeof value}`
  const name = Object.prototype.toString.call(value).slice(8, -1)
  return name === 'Object' || name === 'Array' ? `an ${name.toLowerCase()}` : `a ${name}`
}

/**
 * A number that JSON can carry. NaN and Infinity would become null on the way, which means "not set".
 *
 * @param {string} name
 * @param {unknown} value
 * @returns {number}
 */
function finite(name, value) {
  if (typeof value !== 'number') throw invalid(`${name} must be a number; it is ${nameOf(value)}`)
  if (!Number.isFinite(value)) throw invalid(`${name} is ${value}; it must be a finite number`)
  return value
}

/**
 * JSON for Rust. A value without a form in JSON is an error that names it, and does not become null.
 *
 * @param {string} what
 * @param {unknown} value
 * @returns {string}
 */
function json(what, value) {
  return JSON.stringify(value ?? null, function (name, written) {
    const where = `${what}: ${name || 'the value'}`
    if (typeof written === 'number') return finite(where, written)
    if (typeof written === 'bigint') throw invalid(`${where} is a bigint; it must be a number`)
    // A Date is text already; an invalid one is null.
    if (written === null && this[name] !== null) throw invalid(`${where} cannot be written as JSON`)
    return written
  })
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
 * @param {string} name
 * @param {unknown} expires
 * @returns {import('./native.d.ts').Expiry}
 */
function checkedExpiry(name, expires) {
  if (typeof expires === 'string') return { expiresAt: expires }
  if (expires instanceof Date || Object.prototype.toString.call(expires) === '[object Date]') {
    const expiresAtMs = Number(expires)
    if (Number.isNaN(expiresAtMs)) throw invalid(`${name} is an invalid Date`)
    return { expiresAtMs }
  }
  if (typeof expires === 'number') {
    throw invalid(`${name} is a number, which could be an instant or a span; give new Date(n) or { milliseconds: n }`)
  }
  if (expires === null || typeof expires !== 'object') {
    throw invalid(`${name} must be a Date, an RFC 3339 string or a span like { days: 14 }; it is ${nameOf(expires)}`)
  }
  return { expiresInMs: milliseconds(name, /** @type {Record<string, unknown>} */ (expires)) }
}

/**
 * The whole milliseconds of a duration: a float does not have all fractions of a day, and Rust accepts no fraction.
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
    // Not only own fields: those of a Temporal.Duration are on its prototype.
    const number = span[name]
    if (number === undefined) continue
    sum += finite(`${what}.${name}`, number) * scale
    given = true
  }
  if (!given) throw invalid(`${what} is an empty span; give one like { days: 14 }`)
  if (span.years || span.months) throw invalid(`${what} has years or months, which have no fixed length; give days`)
  const whole = Math.round(sum)
  if (!Number.isSafeInteger(whole)) throw invalid(`${what} is too long`)
  return whole
}

module.exports = { UNITS, checkedExpiry, checkedText, invalid, json, nameOf }
