'use strict'

// Rosters, plans and reports.

const native = require('./native.js')
const { errorOf } = require('./errors.js')
const { checkedEntry, json } = require('./input.js')
const { inviteOf } = require('./list.js')

/** @import { NewInvite, Plan, Progress, Renewed, Report, ReportLine, RosterDocument, RosterEntry } from './types' */

/** The roster that the core returned. @type {(document: RosterDocument) => Roster} */
let rosterOf

/**
 * A run, from its stop handle and its start function. @type {(stop: import('./native.d.ts').Stop, start: (ties: Ties)
 * => Promise<Report>) => Run}
 */
let runOf

/**
 * The people who should be in the organization or invited to it, each once.
 *
 * The same person twice, in any letter case, is rejected. `JSON.stringify` writes it as every language and the command
 * do: `{"formatVersion": 1, "people": […]}`.
 */
class Roster {
  /** As the core writes it. @type {RosterDocument} */
  #document

  /**
   * @param {Iterable<NewInvite>} people
   * @throws {InvalidInputError} with all problems: `errors` has a line for each
   */
  constructor(people) {
    this.#document = read(entriesOf(people))
  }

  /**
   * The roster from the result of `JSON.parse`: a roster that any language wrote, or the list of the people alone.
   *
   * @param {RosterDocument | readonly RosterEntry[]} document
   * @returns {Roster}
   * @throws {InvalidInputError} with all problems, or for the roster of a newer version
   */
  static fromJSON(document) {
    return rosterOf(read(document))
  }

  static {
    rosterOf = (document) => {
      const roster = new Roster([])
      roster.#document = document
      return roster
    }
  }

  /** How many people there are. */
  get length() {
    return this.#document.people.length
  }

  /**
   * The people, as `create` takes them.
   *
   * @returns {IterableIterator<NewInvite>}
   */
  *[Symbol.iterator]() {
    for (const { expiresAt, expiresInMs, until, ...invite } of this.#document.people) {
      const expires = expiresAt === undefined ? { milliseconds: /** @type {number} */ (expiresInMs) } : new Date(expiresAt)
      yield { ...structuredClone(invite), expires, ...(until === undefined ? undefined : { until: new Date(until) }) }
    }
  }

  /** @returns {RosterDocument} */
  toJSON() {
    return structuredClone(this.#document)
  }
}

/** The core's result for a roster's JSON. @param {unknown} document @returns {RosterDocument} */
function read(document) {
  const { roster, error } = native.readRoster(json('the roster', document))
  if (roster === undefined || roster === null) throw errorOf(JSON.parse(/** @type {string} */ (error)))
  return JSON.parse(roster)
}

/**
 * A roster for the core, which rejects anything that is not a list of people. @param {Roster | RosterDocument |
 * Iterable<NewInvite>} roster
 */
function entriesOf(roster) {
  if (roster instanceof Roster) return roster.toJSON()
  const people = /** @type {any} */ (roster)
  return typeof people?.[Symbol.iterator] === 'function' ? Array.from(people, checkedEntry) : people
}

/** @param {any} received @returns {Plan} */
function planOf(received) {
  for (const step of received.steps) {
    if (step.held?.expiresAt !== undefined) step.held.expiresAt = new Date(step.held.expiresAt)
  }
  for (const person of received.expiring ?? []) person.until = new Date(person.until)
  received.plannedAt = new Date(received.plannedAt)
  return received
}

/** @param {any} received @returns {ReportLine} */
function lineOf(received) {
  return {
    ...received,
    invite: received.invite && inviteOf(received.invite),
    error: received.error && errorOf(received.error),
  }
}

/** @param {any} received @returns {Report} */
function reportOf(received) {
  return { ...received, lines: received.lines.map(lineOf) }
}

/** @param {any} received @returns {Renewed} */
function renewedOf(received) {
  return { ...received, invite: inviteOf(received.invite), replaced: received.replaced.map(inviteOf) }
}

/**
 * The connection between a run and its call: `hear` gets each step, `tell` is the caller's listener, `leave` ends the
 * call.
 *
 * @typedef {object} Ties
 * @property {(received: any) => void} hear
 * @property {((progress: Progress) => void) | undefined} [tell]
 * @property {((why: Error) => void) | undefined} [leave]
 */

/**
 * A running apply: a promise of its report, and an async iterator of its steps.
 *
 * @implements {PromiseLike<Report>}
 */
class Run {
  /** @type {import('./native.d.ts').Stop} */
  #stop
  /** @type {Promise<Report>} */
  #report
  /** @type {Progress[]} those that have not been iterated yet */
  #queue = []
  #iterated = false
  #ended = false
  /** @type {(() => void) | undefined} */
  #wake
  /** Whether something will handle an error. */
  #awaited = false
  /** @type {Ties} */
  #ties

  /** @private of the package: `client.apply` makes it @param {any} stop @param {any} start */
  constructor(stop, start) {
    this.#stop = stop
    this.#ties = { hear: (received) => this.#hear({ ...received, line: lineOf(received.line) }) }
    const report = /** @type {Promise<Report>} */ (start(this.#ties))
    this.#report = report
    const end = () => {
      this.#ended = true
      this.#wake?.()
    }
    report.then(end, (error) => {
      end()
      // As with any promise: an error without a handler is an unhandled rejection.
      process.nextTick(() => this.#awaited || Promise.reject(error))
    })
  }

  static {
    runOf = (stop, start) => new Run(stop, start)
  }

  /** @param {Progress} step */
  #hear(step) {
    // If the report is awaited and the run is not iterated, the steps are not needed: a long run would collect them.
    if (this.#awaited && !this.#iterated) this.#queue.length = 0
    else this.#queue.push(step)
    this.#wake?.()
    this.#ties.tell?.(step)
  }

  /** Finishes the running steps, skips the rest, and makes the report. */
  stop() {
    this.#stop.stop()
  }

  /**
   * The report.
   *
   * @template [A = Report]
   * @template [B = never]
   * @param {((report: Report) => A | PromiseLike<A>) | null} [fulfilled]
   * @param {((reason: any) => B | PromiseLike<B>) | null} [rejected]
   * @returns {Promise<A | B>}
   */
  then(fulfilled, rejected) {
    this.#awaited = true
    return this.#report.then(fulfilled, rejected)
  }

  /**
   * @template [B = never]
   * @param {((reason: any) => B | PromiseLike<B>) | null} [rejected]
   * @returns {Promise<Report | B>}
   */
  catch(rejected) {
    return this.then(undefined, rejected)
  }

  /**
   * @param {(() => void) | null} [settled]
   * @returns {Promise<Report>}
   */
  finally(settled) {
    this.#awaited = true
    return this.#report.finally(settled)
  }

  /**
   * Each step when it has ended. The iteration throws what the promise rejects with; leaving it stops the run
   * immediately, without a report. A run can be iterated once, and the iteration must begin before the report is
   * awaited: if a run is only awaited, its steps are not stored.
   *
   * @returns {AsyncIterableIterator<Progress>}
   */
  async *[Symbol.asyncIterator]() {
    this.#awaited = true
    this.#iterated = true
    try {
      for (;;) {
        const step = this.#queue.shift()
        if (step !== undefined) yield step
        else if (this.#ended) break
        else await new Promise((wake) => (this.#wake = () => wake(undefined)))
      }
      await this.#report
    } finally {
      if (!this.#ended) this.#ties.leave?.(errorOf(JSON.parse(native.cancelled('apply'))))
    }
  }
}

module.exports = { Roster, Run, entriesOf, planOf, renewedOf, reportOf, rosterOf, runOf }
