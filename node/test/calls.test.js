'use strict'

// Calls: what comes out, how they end before their time, what they tell meanwhile.

const assert = require('node:assert/strict')
const { setTimeout: pause } = require('node:timers/promises')
const { describe, test } = require('node:test')
const { InviteError, ClosedError, InvalidInputError, TimeoutError, differsFrom } = require('icepanel-invites')
const { Sandbox } = require('icepanel-invites/testing')
const { GUEST, start } = require('./support/sandboxes.js')
const { until, within } = require('./support/waiting.js')

/** A plan of one invite, made without a request that the sandbox would let hang. */
async function planOf(sandbox) {
  const other = await start({})
  const plan = await other.client().plan([GUEST])
  return { ...plan, organizationId: sandbox.organizationId }
}

describe('results', () => {
  test('how an invite differs from what is asked for', async () => {
    const sandbox = await start({})
    const client = sandbox.client()
    const asked = { email: 'grace@example.com', permission: 'read', expires: new Date('2099-01-15T09:30:00Z') }
    const { invite } = await client.ensure(asked)
    const other = { ...asked, permission: 'write', expires: '2100-01-15T09:30:00Z', landscapePermissions: { one: true } }
    const every = ['permission', 'landscapePermissions', 'expiresAt']
    assert.deepEqual([differsFrom(invite, asked), differsFrom(invite, other)], [[], every])
    assert.deepEqual(differsFrom({ outcome: 'created', invite }, other), [])
    assert.deepEqual(differsFrom({ outcome: 'existing', invite }, other), every)
    const [member] = await client.members()
    if (member) assert.deepEqual(differsFrom({ outcome: 'member', member }, { ...other, permission: member.permission }), [])
    // Half of a duration may be over, at the instant that is given.
    const fortnight = { ...asked, expires: { weeks: 2 } }
    assert.deepEqual(differsFrom(invite, fortnight, new Date('2099-01-08T09:30:00Z')), [])
    assert.deepEqual(differsFrom(invite, fortnight, new Date('2099-01-09T09:30:00Z')), ['expiresAt'])
    for (const wrong of [{}, null, [], { outcome: 'member' }, { ...invite, expiresAt: new Date(Number.NaN) }]) {
      assert.throws(() => differsFrom(wrong, asked), InvalidInputError)
    }
    assert.throws(() => differsFrom(invite, { ...asked, expires: 5 }), InvalidInputError)
    assert.throws(() => differsFrom(invite, asked, new Date(Number.NaN)), InvalidInputError)
  })

  test('an invite is a plain object with dates, and as JSON what the API says', async () => {
    const sandbox = await start({})
    const invite = await sandbox.client().create({ ...GUEST, landscapePermissions: { one: true } })
    assert.equal(Object.getPrototypeOf(invite), Object.prototype)
    assert.ok(invite.expiresAt instanceof Date && invite.createdAt instanceof Date)
    const said = sandbox.report().log.at(-1).answer.organizationUserInvite
    assert.deepEqual(JSON.parse(JSON.stringify(invite)), { ...said, status: 'active' })
    assert.deepEqual(structuredClone(invite), invite)
  })

  test('an invite has the same fields in the same order, however it came', async () => {
    const sandbox = await start({
      invites: [
        { email: 'used@example.com', permission: 'write', usedAt: '-1h', landscapePermissions: { 'ä"\\': false } },
        { email: 'revoked@example.com', permission: 'strange', revokedAt: '-1h', createdBy: 'robot' },
        { email: 'Jürgen.ŁódźДом@exämple.com', permission: 'read' },
      ],
    })
    const client = sandbox.client()
    const made = await client.create(GUEST)
    const list = await client.list()
    assert.deepEqual(Object.keys(list[0]), Object.keys(made))
    assert.deepEqual(list.find(({ id }) => id === made.id), made)
    assert.deepEqual(list.map(({ email }) => email).slice(0, 3), [
      'used@example.com',
      'revoked@example.com',
      'Jürgen.ŁódźДом@exämple.com',
    ])
    assert.deepEqual(list.map(({ status }) => status), ['used', 'revoked', 'active', 'active'])
    assert.equal(list[1].permission, 'strange')
    assert.equal(list[1].createdBy, 'robot')
    assert.deepEqual(list[0].landscapePermissions, { 'ä"\\': false })
    assert.ok(list[0].usedAt instanceof Date)
    assert.equal(list[2].usedAt, undefined)
    // What the core writes about the same invites.
    const [found] = [await client.findActive('grace@EXAMPLE.com')]
    assert.deepEqual(found, made)
  })

  test('digits beyond milliseconds are cut off', async () => {
    const sandbox = await start({
      behaviour: { timePrecision: 'nanoseconds' },
      invites: [{ email: 'a@example.com', permission: 'read', createdAt: '2026-01-02T03:04:05.678999999Z' }],
    })
    const [invite] = await sandbox.client().list()
    assert.equal(invite.createdAt.toISOString(), '2026-01-02T03:04:05.678Z')
    const found = await sandbox.client().findActive('a@example.com')
    assert.equal(found.createdAt.toISOString(), '2026-01-02T03:04:05.678Z')
  })

  test('nothing found is undefined, and an ensure says what it did', async () => {
    const sandbox = await start({ members: [{ email: 'ada@example.com', permission: 'admin' }] })
    const client = sandbox.client()
    assert.equal(await client.findActive('nobody@example.com'), undefined)
    const first = await client.ensure(GUEST)
    const second = await client.ensure(GUEST)
    assert.deepEqual([first.outcome, second.outcome], ['created', 'existing'])
    assert.equal(second.invite.id, first.invite.id)
    const member = await client.ensure({ ...GUEST, email: 'ADA@example.com' })
    assert.equal(member.outcome, 'member')
    assert.deepEqual([member.member], await client.members())
    assert.ok(member.member.lastActiveAt instanceof Date)
    assert.deepEqual(await client.seats(), { paid: 10, taken: 1, promised: 0, free: 9 })
    assert.equal(await client.removeMember('nobody@example.com'), undefined)
    assert.equal((await client.revoke(first.invite.id)).status, 'revoked')
    assert.deepEqual(await client.revokeActive(GUEST.email), [])
  })

  test('an expiry can be a Date, a text, and a duration', async () => {
    const client = (await start({})).client()
    const at = new Date(Date.now() + 3_600_000)
    const end = async (expires) => (await client.create({ ...GUEST, expires })).expiresAt
    assert.deepEqual(await end(at), at)
    assert.deepEqual(await end(at.toISOString()), at)
    assert.deepEqual(await end('2099-01-01T02:00:00+02:00'), new Date('2099-01-01T00:00:00Z'))
    for (const span of [{ hours: 1 }, { minutes: 30, seconds: 1800 }, { weeks: 0, milliseconds: 3_600_000 }]) {
      assert.ok(Math.abs((await end(span)) - at) < 60_000, JSON.stringify(span))
    }
  })
})

describe('a list', () => {
  test('is an array in every way but that its invites are made when they are read', async () => {
    const sandbox = await start({ generate: { invites: 1000, active: 10, seed: 1 } })
    const client = sandbox.client()
    const plain = [...(await client.list())]
    assert.equal(plain.length, 1000)
    assert.equal(new Set(plain.map(({ id }) => id)).size, 1000)

    const list = await client.list()
    assert.ok(Array.isArray(list))
    assert.equal(list.length, 1000)
    assert.deepEqual(list[999], plain[999])
    assert.equal(list[999], list[999])
    assert.equal(list.at(-1), list[999])
    assert.equal(list[1000], undefined)
    assert.equal(list['-1'], undefined)
    assert.ok(500 in list && !(1000 in list))
    assert.deepEqual(Object.getOwnPropertyDescriptor(list, '300').value, plain[300])
    assert.deepEqual(Object.keys(list).length, 1000)
    assert.equal(JSON.stringify(list), JSON.stringify(plain))
    assert.deepEqual(list, plain)

    const fresh = () => client.list()
    assert.deepEqual((await fresh()).filter(({ status }) => status === 'active').length, 10)
    assert.deepEqual((await fresh()).slice(500, 502), plain.slice(500, 502))
    assert.deepEqual((await fresh()).map(({ email }) => email), plain.map(({ email }) => email))
    const [first, , third] = await fresh()
    assert.deepEqual([first, third], [plain[0], plain[2]])
    assert.match(require('node:util').inspect(await fresh(), { maxArrayLength: 1 }), /id: '/)
    const changed = await fresh()
    changed.push(plain[0])
    changed.sort((a, b) => (a.id < b.id ? -1 : 1))
    changed.length = 3
    assert.equal([...changed].length, 3)
    assert.equal((await fresh()).reverse()[0].id, plain[999].id)
    assert.deepEqual(structuredClone([...(await fresh())]), plain)
  })

  test('an empty one is empty', async () => {
    const list = await (await start({})).client().list()
    assert.deepEqual([...list], [])
    assert.equal(list.length, 0)
    assert.equal(JSON.stringify(list), '[]')
  })
})

describe('a signal', () => {
  test('that is aborted already sends nothing and is the reason', async () => {
    const sandbox = await start({})
    const client = sandbox.client()
    const reason = { not: 'an error' }
    const signal = AbortSignal.abort(reason)
    const calls = [
      () => client.list({}, { signal }),
      () => client.findActive(GUEST.email, { signal }),
      () => client.create(GUEST, { signal }),
      () => client.ensure(GUEST, { signal }),
      () => client.revoke('x', { signal }),
      () => client.revokeActive(GUEST.email, { signal }),
      () => client.members({ signal }),
      () => client.updateMember('x', { permission: 'read' }, { signal }),
      () => client.removeMember('x', { signal }),
      () => client.seats({ signal }),
      () => client.plan([GUEST], {}, { signal }),
      () => client.apply({}, {}, { signal }).finally(),
      () => client.dump({}, { signal }),
      () => client.renew('x', { days: 1 }, { signal }),
    ]
    for (const call of calls) await assert.rejects(call(), (thrown) => thrown === reason)
    assert.deepEqual(sandbox.report().log, [])
  })

  for (const name of ['list', 'create', 'members', 'revoke']) {
    test(`aborts the request of ${name} itself, within 100 ms`, () =>
      within(100, async () => {
        const sandbox = await start({ faults: [{ fault: 'hang', on: name, times: null }] })
        const client = sandbox.client()
        const invite = name === 'revoke' ? await client.create(GUEST) : undefined
        const control = new AbortController()
        const { signal } = control
        const call = { list: () => client.list({}, { signal }), create: () => client.create(GUEST, { signal }), members: () => client.members({ signal }), revoke: () => client.revoke(invite.id, { signal }) }[name]()
        await until(() => {
          // Not the read of the organization, which may come before a create.
          const { requests, inFlight } = sandbox.report()
          return requests[name] === 1 && inFlight === 1
        })
        const reason = new Error('enough')
        const began = performance.now()
        control.abort(reason)
        await assert.rejects(call, (thrown) => thrown === reason)
        await until(() => sandbox.report().abandoned === 1)
        return performance.now() - began
      }))
  }

  test('aborts a wait between tries', async () => {
    const sandbox = await start({ faults: [{ fault: 'status', status: 429, headers: { 'retry-after': '60' }, times: null }] })
    const control = new AbortController()
    const call = sandbox.client({ skipWaits: false }).list({}, { signal: control.signal })
    await until(() => sandbox.report().requests.list === 1)
    await pause(20)
    const began = performance.now()
    control.abort()
    await assert.rejects(call, { name: 'AbortError' })
    assert.ok(performance.now() - began < 30_000, 'it waited for as long as the service asks for')
    await pause(50)
    assert.equal(sandbox.report().requests.list, 1)
  })

  test('of its own time-out rejects with that signal’s reason', async () => {
    const sandbox = await start({ faults: [{ fault: 'hang' }] })
    await assert.rejects(sandbox.client().seats({ signal: AbortSignal.timeout(30) }), { name: 'TimeoutError', code: 23 })
  })

  test('keeps what others have hung on it, and is let go of when the call has ended', async () => {
    const client = (await start({})).client()
    const control = new AbortController()
    let told = 0
    control.signal.onabort = () => told++
    for (let n = 0; n < 30; n++) await client.seats({ signal: control.signal })
    control.abort()
    assert.equal(told, 1)
    const { getEventListeners } = require('node:events')
    assert.equal(getEventListeners(control.signal, 'abort').length, 1)
  })

  test('of many calls has one listener, and ends all of them', async () => {
    const sandbox = await start({ faults: [{ fault: 'hang', times: null }] })
    const client = sandbox.client()
    const control = new AbortController()
    const { signal } = control
    const { getEventListeners } = require('node:events')
    const warnings = []
    const warn = (warning) => warnings.push(warning)
    process.on('warning', warn)
    const calls = Array.from({ length: 30 }, () => client.members({ signal }))
    const run = client.apply({}, {}, { signal })
    await assert.rejects(run.finally(), InvalidInputError)
    assert.equal(getEventListeners(signal, 'abort').length, 1)
    const reason = new Error('enough')
    control.abort(reason)
    const outcomes = await Promise.allSettled(calls)
    assert.ok(outcomes.every((outcome) => outcome.reason === reason))
    assert.equal(getEventListeners(signal, 'abort').length, 0)
    // A warning comes in a later turn of the loop.
    await pause(0)
    process.off('warning', warn)
    assert.deepEqual(warnings, [])
  })

  test('of null is as without', async () => {
    assert.equal((await (await start({})).client().seats({ signal: null })).paid, 10)
  })

  test('that is aborted after the call has ended changes nothing', async () => {
    const client = (await start({})).client()
    const control = new AbortController()
    const seats = await client.seats({ signal: control.signal })
    control.abort()
    assert.equal(seats.paid, 10)
  })
})

describe('events', () => {
  test('come in order, before the call’s promise settles', async () => {
    const sandbox = await start({ faults: [{ fault: 'status', on: 'list', times: 2 }] })
    const seen = []
    const client = sandbox.client({ onEvent: (event) => seen.push(event) })
    await client.list()
    assert.deepEqual(seen.map(({ attempt, status, next }) => [attempt, status, next]), [
      [1, 503, 'retry'],
      [2, 503, 'retry'],
      [3, 200, 'done'],
    ])
    assert.deepEqual(Object.keys(seen[2]), ['operation', 'attempt', 'status', 'latencyMs', 'requestId', 'next'])
    assert.equal(seen[0].error, 'server')
    assert.ok(seen[0].waitMs >= 0)
    assert.ok(!JSON.stringify(seen).includes(sandbox.apiKey))
  })
})

describe('a sandbox', () => {
  test('rejects invalid values with an error of the package', async () => {
    const sandbox = await start({})
    const closed = await Sandbox.start()
    await closed.close()
    const wrong = [
      () => Sandbox.start({ seats: 'x' }),
      () => Sandbox.start({ seat: 1 }),
      () => Sandbox.start(null),
      () => sandbox.setState({ members: [{ email: 'ada@example.com' }] }),
      () => sandbox.addFaults({ fault: 'bad luck' }),
      () => sandbox.markUsed('nobody@example.com'),
      () => sandbox.markUsed(7),
      () => sandbox.client({ skipWait: true }),
      () => sandbox.client({ skipWaits: 'yes' }),
      () => sandbox.client(null),
      () => closed.report(),
      () => closed.setState({}),
    ]
    for (const call of wrong) await assert.rejects(async () => call(), InvalidInputError, String(call))
  })

  test('has clients that skip the waits between attempts, unless skipWaits is false', async () => {
    const fault = { fault: 'status', status: 429, headers: { 'retry-after': '60' } }
    const sandbox = await start({ faults: [fault] })
    assert.equal((await sandbox.client().seats()).paid, 10)
    assert.equal(sandbox.report().answers[429], 1)
    sandbox.addFaults(fault)
    const waits = sandbox.client({ skipWaits: false }).seats({ signal: AbortSignal.timeout(100) })
    await assert.rejects(waits, { name: 'TimeoutError', code: 23 })
  })
})

describe('closing', () => {
  test('ends the calls under way, and refuses further ones', async () => {
    const sandbox = await start({ faults: [{ fault: 'hang', times: null }] })
    const client = sandbox.client()
    const calls = [client.list(), client.create(GUEST), client.apply(await planOf(sandbox)).finally()]
    await until(() => sandbox.report().inFlight >= 3)
    client.close()
    // All at once: each may come in a delivery of its own.
    const reasons = (await Promise.allSettled(calls)).map(({ reason }) => reason)
    assert.ok(reasons.every((reason) => reason instanceof ClosedError), String(reasons))
    assert.deepEqual(reasons.slice(0, 2).map(({ inviteMayExist }) => inviteMayExist), [false, true])
    await until(() => sandbox.report().inFlight === 0)
    await assert.rejects(client.seats(), (error) => error instanceof ClosedError && error.stack.includes('calls.test.js'))
    await assert.rejects(client.withOptions({ maxAttempts: 1 }).seats(), ClosedError)
    client.close()
  })

  test('extends to what was made from the client, and to what it was made from', async () => {
    const sandbox = await start({})
    for (const which of [0, 1, 2]) {
      const client = sandbox.client()
      const derived = client.withOptions({ timeoutMs: 5000 })
      const family = [client, derived, derived.withOptions({ maxAttempts: 1 })]
      family[which].close()
      for (const one of family) await assert.rejects(one.seats(), ClosedError)
      assert.deepEqual(sandbox.report().log, [])
    }
    assert.equal((await sandbox.client().seats()).paid, 10)
  })

  test('is what using and await using do', async () => {
    const sandbox = await start({})
    const client = sandbox.client()
    client[Symbol.dispose]()
    await assert.rejects(client.seats(), ClosedError)
    const other = sandbox.client()
    await other[Symbol.asyncDispose]()
    await assert.rejects(other.seats(), ClosedError)
    await sandbox[Symbol.asyncDispose]()
    await assert.rejects(sandbox.client({ maxAttempts: 1 }).seats(), InviteError)
  })
})

test('the client shows nothing of its key', async () => {
  const sandbox = await start({})
  const client = sandbox.client()
  const { inspect } = require('node:util')
  for (const text of [inspect(client, { showHidden: true, depth: 9 }), JSON.stringify(client), String(client)]) {
    assert.ok(!text.includes(sandbox.apiKey))
  }
})
