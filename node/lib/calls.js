'use strict'

// Running calls: each has a number, and its outcome arrives as a message from Rust's threads.

const native = require('./native.js')
const { at, errorOf, here } = require('./errors.js')
const { checkedCallOptions } = require('./input.js')
const { listOf } = require('./list.js')

/** @import { CallOptions, InviteEvent } from './types' */

/**
 * @typedef {object} Call
 * @property {(value: any) => void} resolve
 * @property {(reason: any) => void} reject
 * @property {(value: any) => any} read makes the caller's result from the received value
 * @property {string} operation the name of the method
 * @property {{ stack?: string }} place where the call was made
 * @property {Caller} caller referenced here, because Rust drops its calls with it
 * @property {(() => void) | undefined} unhook takes the listener from the signal
 * @property {((received: any) => void) | undefined} progress receives a run's steps
 */

/**
 * What `InviteClient` has for its calls.
 *
 * @typedef {object} Caller
 * @property {import('./native.d.ts').Client} native
 * @property {Hook | undefined} hook
 */

/**
 * The caller's function that receives each attempt, and the number of running calls that may have some.
 *
 * @typedef {{ number: number, see: (event: InviteEvent) => void, calls: number }} Hook
 */

/** @type {Map<number, Call>} */
const underWay = new Map()

/** @type {Map<number, Hook>} */
const hooks = new Map()

let numbers = 0

/** A number that no call has now. */
function newNumber() {
  do numbers = (numbers + 1) >>> 0
  while (underWay.has(numbers))
  return numbers
}

const mailbox = new native.Mailbox((letters, lists) => {
  for (const [number, what, value] of JSON.parse(letters)) {
    if (what === 'event') {
      tell(number, value)
      continue
    }
    if (what === 'progress') {
      const progress = underWay.get(number)?.progress
      if (progress !== undefined) guarded(() => progress(value))
      continue
    }
    const call = settle(number)
    // One that was aborted has rejected already.
    if (call === undefined) continue
    try {
      if (what === 'ok') call.resolve(call.read(value))
      else if (what === 'list') call.resolve(listOf(/** @type {any} */ (lists[value])))
      else if (what === 'error') call.reject(at(errorOf(value), call.place))
      else call.reject(at(new Error(`icepanel-invites: ${value}`), call.place))
    } catch (cause) {
      // This one alone: other calls have letters in the same delivery.
      call.reject(at(new Error(`icepanel-invites: the result of ${call.operation} cannot be read`, { cause }), call.place))
    }
  }
})

/**
 * Passes an event to the caller's function. An exception in it is an uncaught exception, as from any listener, and does
 * not affect the call.
 *
 * @param {number} number
 * @param {any} received
 */
function tell(number, received) {
  const hook = hooks.get(number)
  if (hook === undefined) return
  for (const key of Object.keys(received)) if (received[key] === null) delete received[key]
  guarded(() => hook.see(received))
}

/** Makes an uncaught exception of what a listener throws. @param {() => void} listener */
function guarded(listener) {
  try {
    listener()
  } catch (error) {
    process.nextTick(() => {
      throw error
    })
  }
}

/**
 * Takes a call from the list.
 *
 * @param {number} number
 * @returns {Call | undefined}
 */
function settle(number) {
  const call = underWay.get(number)
  if (call === undefined) return undefined
  underWay.delete(number)
  call.unhook?.()
  const { hook } = call.caller
  if (hook !== undefined && --hook.calls === 0) hooks.delete(hook.number)
  if (underWay.size === 0) mailbox.hold(false)
  return call
}

/**
 * Makes a call.
 *
 * @template T
 * @param {Caller} caller
 * @param {Function} method the method that the user called
 * @param {CallOptions | undefined} options
 * @param {(client: import('./native.d.ts').Client, call: number, callOptions: string | undefined) => void} start
 * @param {(value: any) => T} read
 * @param {(received: any) => void} [progress] receives a run's steps
 * @returns {Promise<T>}
 */
function call(caller, method, options, start, read, progress) {
  const place = here(method)
  return new Promise((resolve, reject) => {
    const number = newNumber()
    try {
      const { signal, callOptions } = checkedCallOptions(options)
      if (signal?.aborted) return reject(signal.reason)
      start(caller.native, number, callOptions)
      const unhook = signal && hookInto(signal, number)
      underWay.set(number, { resolve, reject, read, operation: method.name, place, caller, unhook, progress })
      if (underWay.size === 1) mailbox.hold(true)
      const { hook } = caller
      if (hook !== undefined && hook.calls++ === 0) hooks.set(hook.number, hook)
    } catch (error) {
      reject(error instanceof Error ? at(error, place) : error)
    }
  })
}

/**
 * The calls of each signal. They share one listener: Node warns about a signal with more than ten.
 *
 * @type {WeakMap<AbortSignal, { calls: Set<number>, abort: () => void }>}
 */
const hooked = new WeakMap()

/**
 * Ends a call when its signal aborts, with the signal's reason.
 *
 * @param {AbortSignal} signal
 * @param {number} number
 * @returns {() => void}
 */
function hookInto(signal, number) {
  const { calls, abort } = hooked.get(signal) ?? listenTo(signal)
  calls.add(number)
  return () => {
    calls.delete(number)
    if (calls.size > 0) return
    hooked.delete(signal)
    signal.removeEventListener('abort', abort)
  }
}

/** @param {AbortSignal} signal */
function listenTo(signal) {
  /** @type {Set<number>} */
  const calls = new Set()
  const abort = () => {
    for (const number of calls) stop(number, signal.reason)
  }
  const listener = { calls, abort }
  hooked.set(signal, listener)
  signal.addEventListener('abort', abort, { once: true })
  return listener
}

/**
 * Ends a call: its request is dropped, its promise rejects now.
 *
 * @param {number} number
 * @param {any} why
 */
function stop(number, why) {
  const call = settle(number)
  if (call === undefined) return
  call.caller.native.cancel(number)
  call.reject(why)
}

module.exports = { call, mailbox, newNumber, stop }
