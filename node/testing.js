'use strict'

const native = require('./lib/native.js')
const { InviteClient, TESTING } = require('./lib/client.js')
const { errorOf } = require('./lib/errors.js')
const { checkedText, invalid, json, nameOf } = require('./lib/input.js')

/**
 * @typedef {import('./lib/sandbox-types').SandboxBehaviour} SandboxBehaviour
 * @typedef {import('./lib/sandbox-types').SandboxClientOptions} SandboxClientOptions
 * @typedef {import('./lib/sandbox-types').SandboxFault} SandboxFault
 * @typedef {import('./lib/sandbox-types').SandboxInvite} SandboxInvite
 * @typedef {import('./lib/sandbox-types').SandboxMember} SandboxMember
 * @typedef {import('./lib/sandbox-types').SandboxReport} SandboxReport
 * @typedef {import('./lib/sandbox-types').SandboxState} SandboxState
 */

/**
 * The running ones. A client of a sandbox that is no longer referenced must still find it running. @type {Set<Sandbox>}
 */
const running = new Set()

/**
 * The given options: for undefined and null the default of the sandbox's clients applies.
 *
 * @template {object} T
 * @param {T} options
 * @returns {T}
 */
function pickGiven(options) {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null)
  return /** @type {T} */ (Object.fromEntries(given))
}

/** Throws the error that Rust returned, if it did. @param {string | null | undefined} wrong */
function done(wrong) {
  if (typeof wrong === 'string') throw errorOf(JSON.parse(wrong))
}

/**
 * A server on loopback that responds as the documented API does, from memory, and fails on request: for tests of your
 * own code without a network. It runs on its own threads and ends with the process at the latest.
 */
class Sandbox {
  #server
  /** @type {SandboxState} */
  #state

  /**
   * @private
   * @param {import('./lib/native.d.ts').SandboxServer} server
   * @param {SandboxState} state
   */
  constructor(server, state) {
    this.#server = server
    this.#state = state
    /**
     * The base URL of the API.
     *
     * @type {string}
     * @readonly
     */
    this.baseUrl = server.baseUrl()
  }

  /**
   * Starts a sandbox with this state, or with an empty organization of ten seats.
   *
   * @param {SandboxState} [state]
   * @returns {Promise<Sandbox>}
   * @throws {InvalidInputError} if the state is invalid
   */
  static async start(state = {}) {
    const server = native.startSandbox(json('the state', state))
    if (typeof server === 'string') throw errorOf(JSON.parse(server))
    const sandbox = new Sandbox(server, state)
    running.add(sandbox)
    return sandbox
  }

  /** Its API key. */
  get apiKey() {
    return this.#state.apiKey ?? native.SANDBOX_API_KEY
  }

  /** Its organization. */
  get organizationId() {
    return this.#state.organizationId ?? native.SANDBOX_ORGANIZATION_ID
  }

  /**
   * A client of this sandbox. Unless `pacing` is given it has no rate limit of its own; `{}` is the documented one.
   * Waits between attempts take no time, its clock jumps instead, unless `skipWaits` is false.
   *
   * @param {SandboxClientOptions} [options]
   * @returns {InviteClient}
   */
  client(options) {
    if (options !== undefined && nameOf(options) !== 'an object') throw invalid(`the options must be an object; it is ${nameOf(options)}`)
    const { skipWaits = true, ...given } = options ?? {}
    if (typeof skipWaits !== 'boolean') throw invalid(`skipWaits must be true or false; it is ${nameOf(skipWaits)}`)
    const { apiKey, organizationId, baseUrl } = this
    const own = { apiKey, organizationId, baseUrl, pacing: /** @type {const} */ ('none') }
    const inside = /** @type {object} */ ({ [TESTING]: { skipWaits } })
    return new InviteClient({ ...own, ...pickGiven(given), ...inside })
  }

  /**
   * Deletes its data and starts from this state.
   *
   * @param {SandboxState} state
   */
  setState(state) {
    done(this.#server.setState(json('the state', state)))
    this.#state = state
  }

  /**
   * Adds faults for the next requests, after the existing ones.
   *
   * @param {...SandboxFault} faults
   */
  addFaults(...faults) {
    done(this.#server.addFaults(json('the faults', faults)))
  }

  /**
   * Marks the newest active invite with this address or id as used, and makes the person a member.
   *
   * @param {string} emailOrId
   */
  markUsed(emailOrId) {
    done(this.#server.markUsed(checkedText('the address or id', emailOrId)))
  }

  /**
   * What happened since the state was set: which requests came, which invites exist.
   *
   * @returns {SandboxReport}
   */
  report() {
    const report = this.#server.report()
    if (typeof report !== 'string') throw invalid('the sandbox is closed')
    return JSON.parse(report)
  }

  /** Ends the server and closes its connections. */
  async close() {
    running.delete(this)
    await this.#server.close()
  }

  /** `await using sandbox = await Sandbox.start()`: ends the server at the end of the block. */
  async [Symbol.asyncDispose]() {
    await this.close()
  }
}

exports.Sandbox = Sandbox
