'use strict'

const native = require('./lib/native.js')
const { InviteClient, TESTING } = require('./lib/client.js')

/**
 * @typedef {import('./lib/sandbox-types').SandboxBehaviour} SandboxBehaviour
 * @typedef {import('./lib/sandbox-types').SandboxClientOptions} SandboxClientOptions
 * @typedef {import('./lib/sandbox-types').SandboxFault} SandboxFault
 * @typedef {import('./lib/sandbox-types').SandboxInvite} SandboxInvite
 * @typedef {import('./lib/sandbox-types').SandboxMember} SandboxMember
 * @typedef {import('./lib/sandbox-types').SandboxReport} SandboxReport
 * @typedef {import('./lib/sandbox-types').SandboxState} SandboxState
 */

/** Those that run. A client of one that nobody holds any more must find it running all the same. @type {Set<Sandbox>} */
const running = new Set()

/**
 * A server on loopback that answers as the documented API does, from memory, and fails on request: for tests of
 * your own code without a network. It runs on threads of its own and ends with the process at the latest.
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
   */
  static async start(state = {}) {
    const sandbox = new Sandbox(native.startSandbox(JSON.stringify(state)), state)
    running.add(sandbox)
    return sandbox
  }

  /** The key that it takes. */
  get apiKey() {
    return this.#state.apiKey ?? native.SANDBOX_API_KEY
  }

  /** The organization that it has. */
  get organizationId() {
    return this.#state.organizationId ?? native.SANDBOX_ORGANIZATION_ID
  }

  /**
   * A client of this sandbox, without a pace of its own unless `pacing` gives it one. With `skipWaits`, waits between
   * tries take no time: its clock jumps instead.
   *
   * @param {SandboxClientOptions} [options]
   * @returns {InviteClient}
   */
  client({ skipWaits = false, ...options } = {}) {
    const { apiKey, organizationId, baseUrl } = this
    const inside = /** @type {object} */ ({ [TESTING]: { skipWaits } })
    return new InviteClient({ apiKey, organizationId, baseUrl, pacing: null, ...options, ...inside })
  }

  /**
   * Forgets everything and starts from this state.
   *
   * @param {SandboxState} state
   */
  setState(state) {
    this.#server.setState(JSON.stringify(state))
    this.#state = state
  }

  /**
   * Adds faults for the next requests, behind those there are.
   *
   * @param {...SandboxFault} faults
   */
  addFaults(...faults) {
    this.#server.addFaults(JSON.stringify(faults))
  }

  /**
   * Marks the newest active invite with this address or id as used, and makes the person a member.
   *
   * @param {string} emailOrId
   */
  markUsed(emailOrId) {
    this.#server.markUsed(emailOrId)
  }

  /**
   * What happened since the state was set: which requests came, which invites exist.
   *
   * @returns {SandboxReport}
   */
  report() {
    return JSON.parse(this.#server.report())
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
