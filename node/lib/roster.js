'use strict'

// Rosters, plans and what becomes of them.

const native = require('./native.js')
const { errorOf } = require('./errors.js')
const { checkedEntry, json } = require('./input.js')
const { inviteOf } = require('./list.js')

/** @import { NewInvite, Plan, Progress, Renewed, Report, ReportLine, RosterDocument, RosterEntry } from './types' */

/** The roster that the core told. @type {(told: RosterDocument) => Roster} */
let rosterOf

/** A run, of what stops it and what starts it. @type {(stop: import('./native.d.ts').Stop, start: (ties: Ties) => Promise<Report>) => Run} */
let runOf

/**
 * The people who should be in the organization or invited to it, each once.
 *
 * The same person twice, in whatever letter case, is refused. `JSON.stringify` writes it as every language and the
 * command do: `{"formatVersion": 1, "people": […]}`.
 */
class Roster {
  /** As the core writes it. @type {RosterDocument} */
  #told

  /**
   * @param {Iterable<NewInvite>} people
   * @throws {InvalidInputError} with everything that is wrong, all at once: `errors` has a line for each
   */
  constructor(people) {
    this.#told = read(entriesOf(people))
  }

  /**
   * The roster in what `JSON.parse` gives for one that was written down, in whatever language, or for the list of the
   * people alone.
   *
   * @param {RosterDocument | readonly RosterEntry[]} document
   * @returns {Roster}
   * @throws {InvalidInputError} with everything that is wrong, all at once, or for the roster of a newer version
   */
  static fromJSON(document) {
    return rosterOf(read(document))
  }

  static {
    rosterOf = (told) => {
      const roster = new Roster([])
      roster.#told = told
      return roster
    }
  }

  /** How many people there are. */
  get length() {
    return this.#told.people.length
  }

  /**
   * The people, as `create` takes them.
   *
   * @returns {IterableIterator<NewInvite>}
   */
  *[Symbol.iterator]() {
    for (const { expiresAt, expiresInMs, until, ...invite } of this.#told.people) {
      const expires = expiresAt === undefined ? { milliseconds: /** @type {number} */ (expiresInMs) } : new Date(expiresAt)
      yield { ...structuredClone(invite), expires, ...(until === undefined ? undefined : { until: new Date(until) }) }
    }
  }

  /** @returns {RosterDocument} */
  toJSON() {
    return structuredClone(this.#told)
  }
}

/** What the core makes of a roster's JSON. @param {unknown} document @returns {RosterDocument} */
function read(document) {
  const { roster, error } = native.readRoster(json('the roster', document))
  if (roster === undefined || roster === null) throw errorOf(JSON.parse(/** @type {string} */ (error)))
  return JSON.parse(roster)
}

/** A roster for the core, which reads or refuses what is no list of people. @param {Roster | RosterDocument | Iterable<NewInvite>} roster */
function entriesOf(roster) {
  if (roster instanceof Roster) return roster.toJSON()
  const people = /** @type {any} */ (roster)
  return typeof people?.[Symbol.iterator] === 'function' ? Array.from(people, checkedEntry) : people
}

/** @param {any} told @returns {Plan} */
function planOf(told) {
  for (const step of told.steps) {
    if (step.held?.expiresAt !== undefined) step.held.expiresAt = new Date(step.held.expiresAt)
  }
  for (const person of told.expiring ?? []) person.until = new Date(person.until)
  told.plannedAt = new Date(told.plannedAt)
  return told
}

/** @param {any} told @returns {ReportLine} */
function lineOf(told) {
  return {
    ...told,
    invite: told.invite && inviteOf(told.invite),
    error: told.error && errorOf(told.error),
  }
}

/** @param {any} told @returns {Report} */
function reportOf(told) {
  return { ...told, lines: told.lines.map(lineOf) }
}

/** @param {any} told @returns {Renewed} */
function renewedOf(told) {
  return { ...told, invite: inviteOf(told.invite), replaced: told.replaced.map(inviteOf) }
}

/**
 * What a run and its call have of each other: `hear` gets each step, `tell` is the caller's listener, `leave` ends the call.
 *
 * @typedef {object} Ties
 * @property {(told: any) => void} hear
 * @property {((progress: Progress) => void) | undefined} [tell]
 * @property {((why: Error) => void) | undefined} [leave]
 */

/**
 * A run under way: a promise of its report, and an async iterator of its steps.
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
  /** Whether anybody will hear of an error. */
  #awaited = false
  /** @type {Ties} */
  #ties

  /** @private of the package: `client.apply` makes it @param {any} stop @param {any} start */
  constructor(stop, start) {
    this.#stop = stop
    this.#ties = { hear: (told) => this.#hear({ ...told, line: lineOf(told.line) }) }
    const report = /** @type {Promise<Report>} */ (start(this.#ties))
    this.#report = report
    const end = () => {
      this.#ended = true
      this.#wake?.()
    }
    report.then(end, (error) => {
      end()
      // As with any promise: an error that nobody hears of is an unhandled rejection.
      process.nextTick(() => this.#awaited || Promise.reject(error))
    })
  }

  static {
    runOf = (stop, start) => new Run(stop, start)
  }

  /** @param {Progress} step */
  #hear(step) {
    // Who awaits the report and does not iterate has no use for the steps: a long run would pile them up.
    if (this.#awaited && !this.#iterated) this.#queue.length = 0
    else this.#queue.push(step)
    this.#wake?.()
    this.#ties.tell?.(step)
  }

  /** Finishes what is under way, leaves the rest, and makes the report. */
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
   * Each step when it has ended. The iteration throws what the promise rejects with; one that is left stops the run
   * at once, without a report. To be iterated once, and begun before the report is awaited: of a run that is only
   * awaited the steps are not kept.
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
