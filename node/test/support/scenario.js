'use strict'

// Runs one scenario: a sandbox, a client, the calls, the comparison. tests/scenarios/README.md says what is in a file.

const { setTimeout: pause } = require('node:timers/promises')
const { InviteClient } = require('icepanel-invites')
const { Sandbox } = require('icepanel-invites/testing')
const { TESTING } = require('../../lib/client.js')
const { CALLS, outcomeOf } = require('./calls.js')
const { mismatch } = require('./pattern.js')

/** Runs a scenario; throws the text that a developer needs. */
async function run(scenario) {
  const sandbox = await Sandbox.start(scenario.sandbox)
  const run = new Run(scenario, sandbox)
  try {
    await run.steps()
  } catch (error) {
    const { log, ...report } = sandbox.report()
    const lines = log.map((request) => `\n  ${JSON.stringify(request)}`)
    throw new Error(`${scenario.title}\n${error.message}\nthe sandbox: ${JSON.stringify(report)}${lines.join('')}`, {
      cause: error,
    })
  } finally {
    await sandbox.close()
  }
}

class Run {
  constructor(scenario, sandbox) {
    this.scenario = scenario
    this.sandbox = sandbox
    this.options = scenario.client ?? {}
    this.lastInvite = undefined
    this.lastPlan = undefined
    this.client = undefined
  }

  async steps() {
    const { steps, counted } = this.scenario
    for (const [index, raw] of steps.entries()) {
      const step = this.fillIn(raw)
      try {
        await this.step(step)
      } catch (error) {
        error.message = `step ${index + 1} of ${steps.length}: ${JSON.stringify(step)}\n${error.message}`
        throw error
      }
    }
    if (counted) compare(this.fillIn(counted), this.sandbox.report(), 'counted: ')
  }

  async step(step) {
    if (step.parallel) return this.parallel(step)
    if (step.call) return this.call(step)
    if (step.control) return this.control(step)
    if (step.report) return compare(step.report, this.sandbox.report())
    if (step.close) return this.client.close()
    return pause(step.pauseMs)
  }

  async call({ call, args, client, expect, tookMs }) {
    const began = performance.now()
    const outcome = await outcomeOf(() => CALLS[call](this.clientFor(client), args ?? {}, this))
    const took = performance.now() - began
    const invite = inviteIn(outcome.result)
    if (invite) this.lastInvite = invite
    expected(expect ?? (outcome.error && { result: {} }), outcome)
    if (tookMs !== undefined) compare(tookMs, took, 'tookMs: ')
  }

  async parallel({ parallel, clients, call, args = {}, expectEach, expectCount, tookMs }) {
    const began = performance.now()
    const outcomes = await Promise.all(
      Array.from({ length: parallel }, (_, n) => {
        const client = this.clientFor(clients === 'separate' ? {} : undefined)
        const numbered = args.email === undefined ? args : { ...args, email: args.email.replace('{n}', String(n)) }
        return outcomeOf(() => CALLS[call](client, numbered, this))
      }),
    )
    const took = performance.now() - began
    const count = {}
    for (const outcome of outcomes) {
      const name = outcome.error ? outcome.error.kind : (outcome.result?.outcome ?? 'result')
      count[name] = (count[name] ?? 0) + 1
      if (expectEach && !expectEach.some((expect) => fits(expect, outcome))) expected(expectEach[0], outcome)
    }
    if (expectCount) compare(expectCount, count, 'expectCount: ')
    if (tookMs !== undefined) compare(tookMs, took, 'tookMs: ')
  }

  control({ control, body }) {
    if (control === 'faults') this.sandbox.addFaults(...body)
    else if (control === 'state') this.sandbox.setState(body)
    else this.sandbox.markUsed(body.email ?? body.id)
  }

  /** The scenario's client, made by the first call that needs it, or one of its own for options of its own. */
  clientFor(own) {
    if (own === undefined && this.client) return this.client
    const { apiKey, organizationId, baseUrl } = this.sandbox
    const options = { apiKey, organizationId, baseUrl, ...this.options, ...own }
    options.baseUrl = options.baseUrl.replace('{port}', new URL(baseUrl).port)
    // Not the sandbox's own client: that has other defaults than a client's.
    const made = new InviteClient({ ...options, [TESTING]: { skipWaits: this.scenario.waits !== 'real' } })
    if (own === undefined) this.client = made
    return made
  }

  /** Puts the last invite's fields where a scenario says `$lastInvite.FIELD`. */
  fillIn(value) {
    if (typeof value === 'string' && value.startsWith('$lastInvite.')) {
      return this.lastInvite?.[value.slice('$lastInvite.'.length)] ?? null
    }
    if (Array.isArray(value)) return value.map((one) => this.fillIn(one))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.fillIn(one)]))
  }
}

function inviteIn(result) {
  const invite = Array.isArray(result) ? result.at(-1) : result?.outcome ? result.invite : result
  return typeof invite?.expiresAt === 'string' ? invite : undefined
}

function fits(expect, outcome) {
  return 'result' in expect
    ? 'result' in outcome && mismatch(expect.result, outcome.result) === undefined
    : 'error' in outcome && mismatch(expect.error, outcome.error) === undefined
}

function expected(expect, outcome) {
  if (expect === undefined || fits(expect, outcome)) return
  const [[what, pattern]] = Object.entries(expect)
  const why = what in outcome ? mismatch(pattern, outcome[what]) : 'the other of result and error'
  throw new Error(`expected ${JSON.stringify(expect)}\nfound    ${JSON.stringify(outcome)}\n${why}`)
}

function compare(pattern, actual, what = '') {
  const why = mismatch(pattern, actual)
  if (why) throw new Error(`${what}${why}`)
}

module.exports = { run }
