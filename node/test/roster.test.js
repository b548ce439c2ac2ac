'use strict'

// Rosters, beyond the scenarios: values, runs that are iterated, stopped, aborted and left.

const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const assert = require('node:assert/strict')
const api = require('icepanel-invites')
const { Sandbox } = require('icepanel-invites/testing')
const { until } = require('./support/waiting.js')

const { CancelledError, InvalidInputError, NotFoundError, RejectedError, Roster, SeatsExhaustedError } = api
const CORE = join(__dirname, '../../crates/icepanel-invites/src')
const WEEK = { weeks: 1 }
/** The number of steps of a run at the same time. */
const AT_ONCE = 8

const people = (count, permission = 'read') =>
  Array.from({ length: count }, (_, n) => ({ email: `person-${n}@example.com`, permission, expires: WEEK }))

/** A sandbox without limits, and its client. */
async function opened(state, use) {
  const sandbox = await Sandbox.start({ rateLimit: null, seats: 1_000_000, ...state })
  try {
    await use(sandbox.client(), sandbox)
  } finally {
    await sandbox.close()
  }
}

test('every method of the core for rosters is here', () => {
  const source = readFileSync(join(CORE, 'client/roster.rs'), 'utf8')
  const methods = [...source.matchAll(/pub async fn (\w+)/g)].map(([, name]) => name)
  assert.ok(methods.length >= 4)
  for (const name of methods) assert.equal(typeof api.InviteClient.prototype[name], 'function', name)
})

test('a roster reports all problems together', () => {
  const [ada] = people(1)
  const wrong = (make, ...begins) =>
    assert.throws(make, (error) => {
      assert.ok(error instanceof InvalidInputError)
      for (const [at, begin] of begins.entries()) assert.ok(error.errors[at]?.startsWith(begin), error.message)
      return true
    })
  const twice = { ...ada, email: ada.email.toUpperCase() }
  wrong(() => new Roster([ada, { ...ada, email: 'nobody' }, twice]), 'entry 2: ', 'entry 3: ')
  wrong(() => Roster.fromJSON([{ emial: 'ada@example.com' }]), 'entry 1: unknown field `emial`')
  wrong(() => Roster.fromJSON(undefined))
  wrong(() => Roster.fromJSON({ formatVersion: 1 }))
  wrong(() => new Roster({ emial: 'ada@example.com' }))
  wrong(() => new Roster([{ ...ada, expires: new Date(NaN) }]))
  wrong(() => new Roster([{ ...ada, expires: 7 }]))
})

test('a roster and a plan go through JSON', () =>
  opened({}, async (client) => {
    const end = new Date('2031-01-15T09:30:00.123Z')
    const roster = new Roster([...people(2), { email: 'eve@example.com', permission: 'write', expires: end }])
    assert.equal(roster.length, 3)
    assert.deepEqual([...roster][2].expires, end)
    assert.deepEqual(new Roster(roster).toJSON(), roster.toJSON())
    const written = JSON.parse(JSON.stringify(roster))
    assert.deepEqual([written.formatVersion, written.people.length], [1, 3])
    for (const read of [written, { people: written.people }, written.people]) {
      assert.deepEqual(Roster.fromJSON(read).toJSON(), written)
    }
    assert.equal((await client.plan(written)).writes, 3)
    const plan = await client.plan(roster, { margin: { minutes: 1 } })
    assert.ok(plan.plannedAt instanceof Date)
    assert.deepEqual([plan.marginMs, plan.writes, plan.seats.needed], [60_000, 3, 1])
    const report = await client.apply(JSON.parse(JSON.stringify(plan)))
    assert.deepEqual([plan.formatVersion, report.formatVersion], [1, 1])
    const newer = /its formatVersion is 3, and this version of icepanel-invites reads formatVersion 1/
    assert.throws(() => Roster.fromJSON({ ...written, formatVersion: 3 }), newer)
    await assert.rejects(client.plan({ ...written, formatVersion: 3 }), newer)
    await assert.rejects(Promise.resolve(client.apply({ ...plan, formatVersion: 3 })), newer)
    assert.ok(report.complete && !report.stopped && report.counts.done === 3)
    assert.equal(report.lines[2].invite.expiresAt.getTime(), end.getTime())
    assert.equal(report.lines[0].error, undefined)
    const kept = await client.plan(roster)
    assert.ok(kept.steps[0].action === 'keep' && kept.steps[0].held.expiresAt instanceof Date)
    assert.deepEqual(kept.steps[0].revoke, [])
    const emails = (roster) => [...roster].map(({ email }) => email).sort()
    assert.deepEqual(emails(await client.dump()), emails(roster))
  }))

test('a guest about to leave is found and renewed', () =>
  opened({}, async (client) => {
    await client.create({ email: 'ada@example.com', permission: 'read', expires: { days: 3 } })
    await client.create({ email: 'bob@example.com', permission: 'read', expires: { days: 30 } })
    const [guest, ...others] = await client.list({ expiringWithin: WEEK })
    assert.ok(guest.email === 'ada@example.com' && others.length === 0)
    const { invite, replaced } = await client.renew(guest.id, { days: 14 })
    assert.ok(invite.expiresAt > guest.expiresAt && replaced[0].status === 'revoked')
    await assert.rejects(client.renew('nobody@example.com', WEEK), NotFoundError)
    await assert.rejects(client.list({ expiringWithin: 7 }), InvalidInputError)
    await assert.rejects(client.list({ expiringWithin: { days: -7 } }), InvalidInputError)
  }))

test('refusals come before anything is sent, with the caller in the stack', () =>
  opened({ seats: 1 }, async (client, sandbox) => {
    const plan = await client.plan(people(2, 'write'))
    assert.equal(plan.seats.missing, 1)
    await assert.rejects(Promise.resolve(client.apply(plan)), (error) => {
      assert.ok(error instanceof SeatsExhaustedError && error.stack.includes('roster.test.js'), error.stack)
      return true
    })
    for (const options of [{ pruneAtMost: 3, pruneShare: 0.5 }, { partly: true }, { partial: 'yes' }, { pruneAtMost: -1 }]) {
      await assert.rejects(Promise.resolve(client.apply(plan, options)), InvalidInputError)
    }
    await assert.rejects(Promise.resolve(client.apply(undefined)), InvalidInputError)
    await assert.rejects(Promise.resolve(client.apply(plan, {}, { signal: 7 })), InvalidInputError)
    await assert.rejects(client.plan([{ email: 'nobody', permission: 'read', expires: WEEK }]), InvalidInputError)
    assert.equal(sandbox.report().requests.create, 0)
  }))

test('errors are in the report', () =>
  opened({}, async (client, sandbox) => {
    sandbox.addFaults({ fault: 'status', status: 400, on: 'create', times: null })
    const { complete, lines } = await client.apply(await client.plan(people(1)))
    assert.ok(!complete && lines[0].outcome === 'failed' && lines[0].error instanceof RejectedError)
  }))

test('a run is heard, iterated and awaited at once', () =>
  opened({}, async (client) => {
    const heard = []
    const run = client.apply(await client.plan(people(20)), { onProgress: ({ index }) => heard.push(index) })
    const iterated = []
    for await (const { index, total, line } of run) {
      iterated.push(index)
      assert.ok(total === 20 && line.invite.expiresAt instanceof Date)
    }
    const report = await run
    assert.deepEqual(heard, iterated)
    assert.equal(new Set(iterated).size, 20)
    assert.ok(report.complete && (await run.finally()) === report)
  }))

test('if a run is only awaited its steps are not stored, and one that is iterated later has all', () =>
  opened({}, async (client) => {
    const plan = await client.plan(people(20))
    const awaited = client.apply(plan)
    assert.ok((await awaited).complete)
    const kept = []
    for await (const step of awaited) kept.push(step)
    assert.deepEqual(kept, [])
    const run = client.apply(plan)
    await client.seats()
    const iterated = []
    for await (const { index } of run) iterated.push(index)
    assert.equal(new Set(iterated).size, 20)
  }))

test('a run that is stopped reports', () =>
  opened({}, async (client, sandbox) => {
    // After the first, those that are under way are slow: the stop is heard before the run is over.
    sandbox.addFaults({ fault: 'slow_headers', delayMs: 1000, on: 'create', skip: 1, times: null })
    const run = client.apply(await client.plan(people(60)), { onProgress: () => run.stop() })
    const { stopped, counts } = await run
    assert.ok(stopped && counts.skipped > 0 && counts.done > 0, JSON.stringify(counts))
  }))

test('a run that is left or aborted ends at once, and goes on when it is applied again', () =>
  opened({}, async (client, sandbox) => {
    // One invite is answered. Those that are then under way are made, and their answers never come: the client skips
    // its waits, so nothing may still be on its way when the plan is applied again.
    sandbox.addFaults({ fault: 'act_then_hang', on: 'create', skip: 1, times: AT_ONCE })
    const underWay = (many) => until(() => sandbox.report().inFlight === many)
    const plan = await client.plan(people(40))
    const left = client.apply(plan)
    for await (const { done } of left) {
      assert.equal(done, 1)
      await underWay(AT_ONCE)
      break
    }
    await assert.rejects(Promise.resolve(left), CancelledError)
    await underWay(0)
    assert.equal(sandbox.report().invitesMadeTotal, 1 + AT_ONCE)
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = client.apply(plan, { onProgress: () => controller.abort(reason) }, { signal: controller.signal })
    const iterated = (async () => {
      for await (const _ of aborted);
    })()
    await assert.rejects(iterated, (error) => error === reason)
    await assert.rejects(aborted.catch((error) => Promise.reject(error)), (error) => error === reason)
    assert.ok((await client.apply(plan)).complete)
    const { activeInvitesTotal, addressesInvitedTwice } = sandbox.report()
    assert.equal(activeInvitesTotal, 40)
    assert.deepEqual(addressesInvitedTwice, [])
  }))
