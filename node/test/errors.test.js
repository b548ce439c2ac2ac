'use strict'

// Errors: a class each, with all the data of the core, and with the line of the caller.

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { inspect } = require('node:util')
const all = require('icepanel-invites')
const { Sandbox } = require('icepanel-invites/testing')
const native = require('../lib/native.js')
const { CLASSES } = require('../lib/errors.js')

const GUEST = { email: 'grace@example.com', permission: 'write', expires: { days: 14 } }

test('every kind of the core has an exported class', () => {
  assert.deepEqual(Object.keys(CLASSES).sort(), native.errorKinds().sort())
  for (const [kind, Class] of Object.entries(CLASSES)) {
    const name = `${kind.replace(/(^|_)(.)/g, (_, __, letter) => letter.toUpperCase())}Error`
    assert.equal(all[name], Class, name)
    const error = new Class({ message: 'by hand' })
    assert.equal(error.kind, kind)
    assert.equal(error.name, name)
    assert.ok(error instanceof all.InviteError && error instanceof Error)
    assert.equal(Object.prototype.toString.call(error), '[object Error]')
  }
})

test('what the service says is in the error', async () => {
  const sandbox = await Sandbox.start({ seats: 0 })
  const error = await sandbox.client().create(GUEST).catch((thrown) => thrown)
  assert.ok(error instanceof all.SeatsExhaustedError)
  assert.equal(error.status, 409)
  assert.equal(error.attempts, 1)
  assert.equal(error.retryable, false)
  assert.equal(error.inviteMayExist, false)
  assert.match(error.requestId, /./)
  assert.match(error.message, /seats.*Revoke/s)
  assert.ok(error.message.endsWith(error.advice))
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(error))), [
    ...['kind', 'message', 'advice', 'full', 'status', 'code', 'errors', 'requestId', 'attempts', 'retryable'],
    ...['retryAfterMs', 'inviteMayExist'],
  ])
  await sandbox.close()
})

test('what the service ends with a full stop is printed with one', async () => {
  const body = { message: 'Bad Request', errors: ['expiresAt must be later.'] }
  const sandbox = await Sandbox.start({ faults: [{ fault: 'status', status: 400, body, on: 'create' }] })
  const error = await sandbox.client().create(GUEST).catch((thrown) => thrown)
  const { message, advice, full } = JSON.parse(JSON.stringify(error))
  assert.ok(!message.endsWith('.') && !error.message.includes('..'), error.message)
  assert.equal(error.message, full)
  assert.ok(full.startsWith(message) && full.endsWith(advice) && error.stack.includes(full))
  assert.equal(new all.ServerError({ message: 'by hand', advice: 'Go on.' }).message, 'by hand')
  await sandbox.close()
})

test('the wait that the service asks for', async () => {
  const fault = { fault: 'status', status: 429, headers: { 'retry-after': '7' }, times: null }
  const sandbox = await Sandbox.start({ faults: [fault] })
  const error = await sandbox.client({ timeoutMs: 6000 }).seats().catch((thrown) => thrown)
  assert.ok(error instanceof all.RateLimitedError)
  assert.equal(error.retryAfterMs, 7000)
  assert.ok(error.retryable)
  await sandbox.close()
})

test('causes are a chain of errors', async () => {
  const sandbox = await Sandbox.start()
  const client = sandbox.client({ maxAttempts: 1 })
  await sandbox.close()
  const error = await client.seats().catch((thrown) => thrown)
  assert.ok(error instanceof all.ConnectionError)
  const causes = []
  for (let cause = error.cause; cause; cause = cause.cause) causes.push(cause)
  assert.ok(causes.length >= 2)
  assert.ok(causes.every((cause) => cause instanceof Error))
  assert.match(causes.at(-1).message, /refused/i)
  assert.match(inspect(error), /\[cause\]/)
})

test('the stack shows the line of the call, awaited or not', async () => {
  const sandbox = await Sandbox.start({ apiKey: 'another:00' })
  const client = sandbox.client({ apiKey: 'wrong:00' })
  const line = () => Number(/errors\.test\.js:(\d+):\d+/.exec(new Error().stack.split('\n')[2])[1])
  const first = (error) => /errors\.test\.js:(\d+):\d+/.exec(error.stack.split('\n').find((frame) => frame.includes('    at ')))?.[1]

  let here
  const methods = [
    () => ((here = line()), client.list()),
    () => ((here = line()), client.findActive('a@example.com')),
    () => ((here = line()), client.create(GUEST)),
    () => ((here = line()), client.ensure(GUEST)),
    () => ((here = line()), client.revoke('x')),
    () => ((here = line()), client.revokeActive('a@example.com')),
    () => ((here = line()), client.members()),
    () => ((here = line()), client.updateMember('x', { permission: 'read' })),
    () => ((here = line()), client.removeMember('x')),
    () => ((here = line()), client.seats()),
    () => ((here = line()), client.plan([GUEST])),
    () => ((here = line()), client.apply({})),
    () => ((here = line()), client.dump()),
    () => ((here = line()), client.renew('x', { days: 1 })),
    () => ((here = line()), client.list({ email: 7 })),
  ]
  for (const method of methods) {
    const error = await method().then(assert.fail, (thrown) => thrown)
    assert.equal(Number(first(error)), here, error.stack)
    assert.ok(error.stack.startsWith(`${error.name}: ${error.message}\n`))
  }
  try {
    here = line() + 1
    new all.InviteClient({})
    assert.fail('made')
  } catch (error) {
    assert.equal(Number(first(error)), here, error.stack)
  }
  await sandbox.close()
})

test('the key is in no part of an error', async () => {
  const sandbox = await Sandbox.start({ faults: [{ fault: 'status', status: 400, body: { message: 'no', errors: ['x'] }, times: null }] })
  const error = await sandbox.client().create(GUEST).catch((thrown) => thrown)
  assert.ok(!inspect(error, { showHidden: true, depth: 9 }).includes(sandbox.apiKey))
  await sandbox.close()
})

test('every method of the core has one here', () => {
  const { readFileSync } = require('node:fs')
  const source = ['handle.rs', 'construct.rs', 'roster.rs'].map((file) => readFileSync(`${__dirname}/../../crates/icepanel-invites/src/client/${file}`, 'utf8'))
  const names = [...source.join('').matchAll(/^ {4}pub async fn (\w+)/gm)].map(([, name]) => name)
  assert.ok(names.length >= 12)
  for (const name of names) {
    const here = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())
    assert.equal(typeof all.InviteClient.prototype[here], 'function', `${here} is missing`)
  }
  const options = readFileSync(`${__dirname}/../../crates/icepanel-invites/src/client/builder.rs`, 'utf8')
  const declared = readFileSync(`${__dirname}/../lib/types.d.ts`, 'utf8')
  const spelled = { ca_certificate_pem: 'caCertificate', client_certificate_pem: 'clientCertificate', retry: 'maxAttempts' }
  for (const [, name] of options.matchAll(/^ {4}pub fn (\w+)\(mut self, /gm)) {
    // The clock is for tests: `icepanel-invites/testing` has it. The variable is NODE_EXTRA_CA_CERTS.
    if (name === 'clock' || name === 'ca_variable') continue
    const here = spelled[name] ?? name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())
    const there = [here, `${here}Ms`].some((known) => declared.includes(`  ${known}?: `))
    assert.ok(there, `the option ${here} is missing`)
  }
})

test('no secret is in what the package shows', async () => {
  const secret = 'c0ffeec0ffee'
  const sandbox = await Sandbox.start()
  const { organizationId, baseUrl } = sandbox
  const good = { apiKey: `id:${secret}`, organizationId, baseUrl }
  const wrong = [
    {},
    { timeoutMs: secret },
    { maxAttempts: secret },
    { pacing: secret },
    { pacing: { reads: secret } },
    { baseUrl: [secret] },
    { apikey: secret },
    { organizationId: 7 },
    { proxy: `http://user:${secret}@127.0.0.1:9` },
    { proxy: [secret] },
    { clientCertificate: secret },
    { clientCertificate: [secret] },
  ]
  const shown = []
  const show = (value) => {
    shown.push(inspect(value, { showHidden: true, showProxy: true, depth: 20, getters: true }), JSON.stringify(value), String(value))
  }
  for (const options of wrong) {
    try {
      const client = new all.InviteClient({ ...good, ...options })
      show(client)
      show(client.withOptions({ timeoutMs: 5000 }))
    } catch (error) {
      assert.ok(error instanceof all.InvalidInputError)
      show(error)
    }
  }
  show(await new all.InviteClient(good).seats().catch((error) => error))
  assert.ok(shown.length > 3 * wrong.length)
  for (const text of shown) assert.ok(!text.includes(secret), text)
  await sandbox.close()
})
