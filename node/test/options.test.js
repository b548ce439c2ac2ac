'use strict'

// Options of clients and calls: what they do, and what is rejected.

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { InviteClient, InvalidInputError, RateLimitedError, Roster, TimeoutError } = require('icepanel-invites')
const { Sandbox } = require('icepanel-invites/testing')
const { GUEST, start } = require('./support/sandboxes.js')

describe('limits and other options', () => {
  test('timeoutMs of a call, of a client, and of one made from it', async () => {
    const sandbox = await start({ faults: [{ fault: 'hang', times: null }] })
    const client = sandbox.client({ timeoutMs: 60_000 })
    await assert.rejects(client.seats({ timeoutMs: 40 }), TimeoutError)
    await assert.rejects(client.withOptions({ timeoutMs: 40 }).seats(), TimeoutError)
    await assert.rejects(sandbox.client({ timeoutMs: 40 }).seats(), TimeoutError)
    for (const timeoutMs of [0, -1, NaN, Infinity, '5', [], { seconds: 5 }]) {
      await assert.rejects(client.seats({ timeoutMs }), InvalidInputError, String(timeoutMs))
    }
  })

  test('withOptions shares connections', async () => {
    const sandbox = await start({})
    const client = sandbox.client()
    for (let maxAttempts = 1; maxAttempts <= 20; maxAttempts++) await client.withOptions({ maxAttempts }).seats()
    // One, and now and then another: a call may begin before the connection of the last one is free.
    const { connections } = sandbox.report()
    assert.ok(connections < 20, String(connections))
  })

  test('withOptions keeps what it does not change', async () => {
    const sandbox = await start({ faults: [{ fault: 'status', status: 503, times: null }] })
    const events = []
    const client = sandbox.client({ maxAttempts: 2, onEvent: (event) => events.push(event) })
    await assert.rejects(client.withOptions({ timeoutMs: 60_000 }).seats(), { attempts: 2 })
    await assert.rejects(client.withOptions({ maxAttempts: 1 }).list(), { attempts: 1 })
    assert.equal(client.withOptions({ maxAttempts: 1 }).organizationId, 'sandbox')
    assert.ok(events.length >= 3)
    assert.throws(() => client.withOptions({ maxAttempts: 1.5 }), InvalidInputError)
    assert.throws(() => client.withOptions({ baseUrl: 'https://example.com' }), /there is no option "baseUrl"/)
  })

  test('pacing keeps to a limit', async () => {
    const sandbox = await start({ rateLimit: { reads: 2, windowMs: 100 } })
    // A window so much longer that a request which is late on its way is still in the next one of the service.
    const client = sandbox.client({ skipWaits: false, pacing: { reads: { requests: 2, windowMs: 1000 } } })
    await Promise.all(Array.from({ length: 6 }, () => client.members()))
    assert.equal(sandbox.report().rateLimited, 0)
  })

  test('pacing is the documented one unless something else is said', async () => {
    const sandbox = await start({})
    const { apiKey, organizationId, baseUrl } = sandbox
    const own = { requests: 100, windowMs: 60_000 }
    /** How many of 70 creates a client with this pacing does not make within its time. */
    const late = async (client) => {
      const create = (_, n) => client.create({ ...GUEST, email: `p${n}@example.com` })
      const outcomes = await Promise.allSettled(Array.from({ length: 70 }, create))
      const errors = outcomes.flatMap(({ reason }) => reason ?? [])
      assert.ok(errors.every((error) => error instanceof RateLimitedError && error.attempts === 0))
      return errors.length
    }
    const paced = (pacing) => new InviteClient({ apiKey, organizationId, baseUrl, timeoutMs: 20_000, ...pacing })
    assert.equal(await late(paced({})), 10)
    for (const pacing of [undefined, null, {}, { writes: null }, { writes: undefined, reads: 'none' }, { reads: own }, 'documented', { writes: 'documented' }]) {
      assert.equal(await late(paced({ pacing })), 10, JSON.stringify(pacing))
    }
    for (const pacing of ['none', { writes: 'none' }, { writes: own }]) {
      assert.equal(await late(paced({ pacing })), 0, JSON.stringify(pacing))
    }
    for (const pacing of [undefined, null]) assert.equal(await late(sandbox.client({ pacing })), 0)
    assert.equal(await late(sandbox.client({ pacing: {}, skipWaits: false, timeoutMs: 20_000 })), 10)
  })

  test('an invalid value is rejected where it is written', () => {
    const good = { apiKey: 'id:00', organizationId: 'o' }
    const wrong = [
      undefined,
      null,
      {},
      { ...good, apiKey: 7 },
      { ...good, apiKey: '' },
      { ...good, baseURL: 'https://example.com' },
      { ...good, baseUrl: 'http://example.com' },
      { ...good, timeoutMs: 0 },
      { ...good, timeoutMs: '10s' },
      { ...good, maxAttempts: 0 },
      { ...good, maxBodyBytes: 0 },
      { ...good, onEvent: 1 },
      { ...good, pacing: 'fast' },
      { ...good, pacing: true },
      { ...good, pacing: [] },
      { ...good, pacing: [2400, 60] },
      { ...good, pacing: { writes: [60, 60_000] } },
      { ...good, pacing: { writes: 'fast' } },
      { ...good, pacing: { write: 'none' } },
      { ...good, pacing: { writes: { requests: 60 } } },
      { ...good, pacing: { writes: { requests: 1.5, windowMs: 1000 } } },
      { ...good, caCertificate: 'no PEM' },
      { ...good, clientCertificate: 'no PEM' },
      { ...good, clientCertificate: 7 },
      { ...good, proxy: 'nonsense' },
    ]
    for (const options of wrong) {
      assert.throws(() => new InviteClient(options), InvalidInputError, JSON.stringify(options))
    }
    assert.ok(new InviteClient({ ...good, timeoutMs: Number.MAX_SAFE_INTEGER, proxy: undefined }))
  })

  test('the error of an invalid option is that of the core', () => {
    const good = { apiKey: 'id:00', organizationId: 'o' }
    const milliseconds = 'must be a number of milliseconds that is finite and not negative'
    const pace = 'must be "documented", "none" or, for reads and writes, a number of requests and the milliseconds in which they may be sent'
    const wrong = [
      [{ baseURL: 'x' }, 'there is no option "baseURL"; it is written "baseUrl"'],
      [{ timeout: 5 }, 'there is no option "timeout"; it is written "timeoutMs"'],
      [{ clientcertificate: 'x' }, 'there is no option "clientcertificate"; it is written "clientCertificate"'],
      [{ colour: 'red' }, 'there is no option "colour"'],
      [{ baseUrl: 7 }, 'baseUrl must be text'],
      [{ timeoutMs: '5' }, `timeoutMs ${milliseconds}`],
      [{ timeoutMs: NaN }, `timeoutMs ${milliseconds}`],
      [{ timeoutMs: 5n }, `timeoutMs ${milliseconds}`],
      [{ readTimeoutMs: -1 }, `readTimeoutMs ${milliseconds}`],
      [{ maxAttempts: 1.5 }, 'maxAttempts must be a whole number that is not negative'],
      [{ pacing: 'fast' }, `pacing ${pace}`],
      [{ pacing: { writes: 60 } }, `pacing.writes ${pace}`],
      [{ pacing: { writes: { requests: 60, windowMs: Infinity } } }, `pacing.writes.windowMs ${milliseconds}`],
      [{ pacing: { write: 'none' } }, 'there is no option "pacing.write"'],
    ]
    for (const [options, message] of wrong) {
      assert.throws(
        () => new InviteClient({ ...good, ...options }),
        (error) => error instanceof InvalidInputError && error.message.startsWith(message),
        message,
      )
    }
  })

  test('a number without a form in JSON is rejected by its name, at any place', async () => {
    const sandbox = await start({ generate: { invites: 8, active: 8, seed: 1 } })
    const client = sandbox.client()
    const { apiKey, organizationId, baseUrl } = sandbox
    const made = (options) => new InviteClient({ apiKey, organizationId, baseUrl, ...options })
    const plan = await client.plan([], { prune: true, allowEmpty: true })
    const entry = { email: 'ada@example.com', permission: 'read', expiresInMs: 86_400_000 }
    const sent = sandbox.report().log.length
    /** The option's name, and how a call looks that has this number there. */
    const numbers = [
      ['connectTimeoutMs', (n) => made({ connectTimeoutMs: n })],
      ['readTimeoutMs', (n) => made({ readTimeoutMs: n })],
      ['timeoutMs', (n) => made({ timeoutMs: n })],
      ['maxAttempts', (n) => made({ maxAttempts: n })],
      ['baseDelayMs', (n) => made({ baseDelayMs: n })],
      ['maxDelayMs', (n) => made({ maxDelayMs: n })],
      ['maxBodyBytes', (n) => made({ maxBodyBytes: n })],
      ['pacing.writes.requests', (n) => made({ pacing: { writes: { requests: n, windowMs: 1 } } })],
      ['pacing.writes.windowMs', (n) => made({ pacing: { writes: { requests: 1, windowMs: n } } })],
      ['pacing.reads.windowMs', (n) => made({ pacing: { reads: { requests: 1, windowMs: n } } })],
      ['timeoutMs', (n) => client.withOptions({ timeoutMs: n })],
      ['maxAttempts', (n) => client.withOptions({ maxAttempts: n })],
      ['maxDelayMs', (n) => sandbox.client({ maxDelayMs: n })],
      ['timeoutMs', (n) => client.seats({ timeoutMs: n })],
      ['timeoutMs', (n) => client.apply(plan, {}, { timeoutMs: n })],
      ['expiringWithin.days', (n) => client.list({ expiringWithin: { days: n } })],
      ['margin.hours', (n) => client.plan([], { margin: { hours: n } })],
      ['maxInvites', (n) => client.plan([], { maxInvites: n })],
      ['pruneAtMost', (n) => client.apply(plan, { pruneAtMost: n })],
      ['pruneShare', (n) => client.apply(plan, { pruneShare: n })],
    ]
    const others = [
      ['expires.days', (n) => client.create({ ...GUEST, expires: { days: n } })],
      ['expires.weeks', (n) => client.ensure({ ...GUEST, expires: { weeks: n } })],
      ['expires', (n) => client.create({ ...GUEST, expires: new Date(n) })],
      ['expires', (n) => client.ensure({ ...GUEST, expires: new Date(n) })],
      ['expires', (n) => client.plan([{ ...GUEST, expires: new Date(n) }])],
      ['expires.days', (n) => client.plan([{ ...GUEST, expires: { days: n } }])],
      ['expires.days', (n) => new Roster([{ ...GUEST, expires: { days: n } }])],
      ['expiresInMs', (n) => Roster.fromJSON([{ ...entry, expiresInMs: n }])],
      ['marginMs', (n) => client.apply({ ...plan, marginMs: n })],
      ['plannedAt', (n) => client.apply({ ...plan, plannedAt: new Date(n) })],
      ['membersExpire', (n) => client.dump({ membersExpire: new Date(n) })],
      ['membersExpire.days', (n) => client.dump({ membersExpire: { days: n } })],
      ['expires', (n) => client.renew('ada@example.com', new Date(n))],
      ['expires.days', (n) => client.renew('ada@example.com', { days: n })],
      ['seats', (n) => Sandbox.start({ seats: n })],
      ['writes', (n) => sandbox.setState({ rateLimit: { writes: n } })],
      ['times', (n) => sandbox.addFaults({ fault: 'cut', times: n })],
    ]
    const negative = (rows) => rows.map(([name, call]) => [name, call, -1])
    const endless = [...numbers, ...others].flatMap((row) => [NaN, Infinity, -Infinity].map((n) => [...row, n]))
    for (const [name, call, number] of [...endless, ...negative(numbers)]) {
      const say = `${name}: ${number}, ${call}`
      await assert.rejects(
        async () => call(number),
        (error) => error instanceof InvalidInputError && error.message.includes(name.replace(/\.days|\.hours/, number < 0 && number > -9 ? '' : '$&')),
        say,
      )
    }
    assert.equal(sandbox.report().log.length, sent)
    assert.equal(sandbox.report().activeInvitesTotal, 8)
  })

  test('a duration is rounded to whole milliseconds, wherever it is given', async () => {
    const client = (await start({})).client()
    const days = 2.3
    const ms = 198_720_000
    assert.equal((await client.plan([], { margin: { days } })).marginMs, ms)
    assert.equal(new Roster([{ ...GUEST, expires: { days } }]).toJSON().people[0].expiresInMs, ms)
    const { expiresAt, createdAt } = await client.create({ ...GUEST, expires: { days } })
    assert.ok(Math.abs(expiresAt - createdAt - ms) < 60_000)
    assert.equal((await client.list({ expiringWithin: { days: 2 * days } })).length, 1)
  })

  test('an invalid value in a call rejects the promise, and nothing is sent', async () => {
    const sandbox = await start({})
    const client = sandbox.client()
    const wrong = [
      () => client.create({ ...GUEST, email: 'nobody' }),
      () => client.create({ ...GUEST, email: 7 }),
      () => client.create({ ...GUEST, expires: 7 }),
      () => client.create({ ...GUEST, expires: { day: 7 } }),
      () => client.create({ ...GUEST, expires: {} }),
      () => client.create({ ...GUEST, expires: new Date(NaN) }),
      () => client.create({ ...GUEST, expires: 'tomorrow' }),
      () => client.create({ ...GUEST, expires: new Date(8.64e15) }),
      () => client.create({ ...GUEST, expires: { days: 1e300 } }),
      () => client.create({ ...GUEST, expires: { days: -1 } }),
      () => client.create({ ...GUEST, expire: { days: 1 } }),
      () => client.create({ ...GUEST, landscapePermissions: { a: 'yes' } }),
      () => client.create(undefined),
      () => client.list({ state: 'active' }),
      () => client.list({ email: 'nobody' }),
      () => client.revoke(''),
      () => client.findActive(undefined),
      () => client.dump({ membersExpires: { days: 7 } }),
      () => client.dump(new Date(), {}),
      () => client.dump({ membersExpire: 7 }),
      () => client.seats({ timeout: 5 }),
      () => client.seats([]),
      () => client.seats(new AbortController().signal),
      () => client.list(new Map([['status', 'active']])),
      () => client.seats({ signal: {} }),
    ]
    for (const [index, call] of wrong.entries()) await assert.rejects(call(), InvalidInputError, String(index))
    assert.deepEqual(sandbox.report().log, [])
  })

  test('a client from the environment', async () => {
    const sandbox = await start({})
    assert.throws(() => InviteClient.fromEnv(), /ICEPANEL_API_KEY is not set/)
    Object.assign(process.env, { ICEPANEL_API_KEY: sandbox.apiKey, ICEPANEL_ORGANIZATION_ID: sandbox.organizationId })
    process.env.ICEPANEL_BASE_URL = sandbox.baseUrl
    try {
      assert.equal((await InviteClient.fromEnv({ timeoutMs: 5000, pacing: {}, baseUrl: undefined }).seats()).paid, 10)
    } finally {
      for (const name of ['API_KEY', 'ORGANIZATION_ID', 'BASE_URL']) delete process.env[`ICEPANEL_${name}`]
    }
  })
})
