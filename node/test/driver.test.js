'use strict'

// The driver answers as the proof expects it to: a proof whose driver says too little proves nothing.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { join } = require('node:path')
const { createInterface } = require('node:readline')
const { test } = require('node:test')
const { Sandbox } = require('icepanel-invites/testing')

/** Runs the driver for a test: `ask` resolves to the answer, `end` to the exit code and all of stderr. */
async function driven(state, env, run) {
  const sandbox = await Sandbox.start({ rateLimit: null, seats: 10, ...state })
  const child = spawn(process.execPath, [join(__dirname, 'support/driver.js')], { env: { ...process.env, ...env } })
  const waiting = new Map()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, ...said } = JSON.parse(line)
    waiting.get(id)(said)
  })
  const ended = once(child, 'exit')
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += text))
  const ask = (request) => {
    const id = waiting.size + 1
    child.stdin.write(`${JSON.stringify({ id, ...request })}\n`)
    return new Promise((resolve) => waiting.set(id, resolve))
  }
  const end = async () => {
    child.stdin.end()
    return [...(await ended), stderr]
  }
  const { apiKey, organizationId, baseUrl } = sandbox
  const open = (options) => ask({ client: 'a', options: { apiKey, organizationId, baseUrl, pacing: 'none', ...options } })
  try {
    await run({ sandbox, ask, end, open })
  } finally {
    child.kill('SIGKILL')
    await sandbox.close()
  }
}

const GUEST = { email: 'grace@example.com', permission: 'read', expiresInMs: 86_400_000 }

test('calls, results, errors and foreign exceptions', () =>
  driven({ seats: 0 }, {}, async ({ ask, end, open }) => {
    assert.deepEqual(await open(), { result: {} })
    const { result } = await ask({ client: 'a', call: 'create', args: GUEST })
    assert.equal(result.email, GUEST.email)
    const refused = await ask({ client: 'a', call: 'create', args: { ...GUEST, permission: 'write' } })
    assert.deepEqual([refused.error.kind, refused.error.status, refused.error.inviteMayExist], ['seats_exhausted', 409, false])
    assert.equal((await ask({ client: 'b', options: {} })).error.kind, 'invalid_input')
    assert.match((await ask({ client: 'a', call: 'crate' })).crash, /TypeError/)
    assert.deepEqual((await ask({ client: 'a', call: 'dump' })).result.people.map(({ email }) => email), [GUEST.email])
    assert.deepEqual((await end()).slice(0, 2), [0, null])
  }))

test('calls that are cancelled, closed or left behind', () =>
  driven({ faults: [{ fault: 'hang', times: null }] }, {}, async ({ sandbox, ask, end, open }) => {
    await open()
    assert.equal((await ask({ client: 'a', call: 'create', args: GUEST, cancelAfterMs: 20 })).error.kind, 'cancelled')
    const hanging = ask({ client: 'a', call: 'members' })
    assert.deepEqual(await ask({ close: 'a' }), { result: {} })
    assert.equal((await hanging).error.kind, 'closed')
    await open()
    ask({ client: 'a', call: 'seats' })
    while (sandbox.report().inFlight === 0) await new Promise((wake) => setTimeout(wake, 5))
    assert.deepEqual((await end()).slice(0, 2), [0, null])
  }))

test('a call made many times', () =>
  driven({ seats: 30 }, {}, async ({ sandbox, ask, open }) => {
    await open()
    const args = { ...GUEST, email: 'p{n}@example.com', permission: 'write' }
    const { result } = await ask({ client: 'a', call: 'create', args, repeat: 40, inFlight: 8, from: 100 })
    assert.deepEqual(result, { ok: 30, errors: { seats_exhausted: 10 } })
    const invited = Object.keys(sandbox.report().activeInvites)
    assert.ok(invited.length === 30 && invited.every((email) => /^p1[0-3]\d@example\.com$/.test(email)), String(invited))
    assert.deepEqual(await ask({ client: 'a', call: 'members', repeat: 3 }), { result: { ok: 3, errors: {} } })
  }))

test('with all logging on it shows clients, events, results and errors', () =>
  driven({ seats: 0 }, { PROVE_VERBOSE: '1' }, async ({ sandbox, ask, end, open }) => {
    await open()
    await ask({ client: 'a', call: 'create', args: GUEST })
    await ask({ client: 'a', call: 'create', args: { ...GUEST, permission: 'write' } })
    const [, , stderr] = await end()
    for (const shown of [/client InviteClient/, /event .*\n?.*create_invite/, /result \{/, /error SeatsExhaustedError/]) {
      assert.match(stderr, shown)
    }
    assert.ok(!stderr.includes(sandbox.apiKey.split(':')[1]))
  }))
