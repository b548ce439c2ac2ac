'use strict'

// Makes clients and calls as requests ask for them, a JSON line each, and answers in JSON lines: tests/prove/README.md has
// their forms. The tests of the scenarios drive this package with it; as a program it is for the proof (cargo xtask prove).

const { createInterface } = require('node:readline')
const { inspect } = require('node:util')
const { InviteClient } = require('icepanel-invites')
const { TESTING } = require('../../lib/client.js')
const { CALLS, outcomeOf } = require('./calls.js')

const verbose = process.env.PROVE_VERBOSE === '1'

/** Shows all that can be seen of a value, if that is asked for. */
function show(what, value) {
  if (!verbose) return
  const seen = [inspect(value, { showHidden: true, showProxy: true, depth: 20, getters: true, maxArrayLength: 20 })]
  for (let cause = value; cause instanceof Error; cause = cause.cause) seen.push(String(cause), cause.stack)
  try {
    seen.push(JSON.stringify(value))
  } catch {
    // It cannot be written: inspect has shown it.
  }
  console.error(what, ...seen)
}

/** The client with these options. */
function made({ skipWaits = false, caCertificatePem, clientCertificatePem, ...options }) {
  const client = new InviteClient({
    ...options,
    ...(caCertificatePem !== undefined && { caCertificate: caCertificatePem }),
    ...(clientCertificatePem !== undefined && { clientCertificate: clientCertificatePem }),
    ...(verbose && { onEvent: (event) => show('event', event) }),
    [TESTING]: { skipWaits },
  })
  show('client', client)
  return client
}

/** The outcome of one call. A cancelled call rejects with its signal's reason, which is not an error of the package. */
async function called(client, { call, args = {}, cancelAfterMs }) {
  const control = cancelAfterMs === undefined ? undefined : new AbortController()
  const timer = control && setTimeout(() => control.abort(), cancelAfterMs)
  try {
    return await outcomeOf(async () => {
      try {
        const result = await CALLS[call](client, args, control && { signal: control.signal })
        show('result', result)
        return result
      } catch (error) {
        show('error', error)
        throw error
      }
    })
  } catch (error) {
    if (control === undefined || error !== control.signal.reason) throw error
    return { error: { kind: 'cancelled', message: String(error) } }
  } finally {
    clearTimeout(timer)
  }
}

/** The same call many times: how often it succeeded, and how often it failed in which way. */
async function repeated(client, { repeat, inFlight = 1, from = 0, args = {}, ...request }) {
  const result = { ok: 0, errors: {} }
  let n = from
  const one = async () => {
    while (n < from + repeat) {
      const number = String(n++)
      const numbered = args.email === undefined ? args : { ...args, email: args.email.replace('{n}', number) }
      const { error } = await called(client, { ...request, args: numbered })
      if (error === undefined) result.ok += 1
      else result.errors[error.kind] = (result.errors[error.kind] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  return { result }
}

/** Answers requests until they end, or until the judge's verdict, to which it resolves. */
async function drive(requests, answers) {
  /** @type {Map<string, InviteClient>} */
  const clients = new Map()
  const outcome = async ({ client: name, close, options, ...request }) => {
    const client = clients.get(close ?? name)
    if (close !== undefined) return outcomeOf(async () => (clients.delete(close), client.close(), {}))
    if (options !== undefined) return outcomeOf(async () => (clients.set(name, made(options)), {}))
    return request.repeat === undefined ? called(client, request) : repeated(client, request)
  }
  for await (const line of createInterface({ input: requests })) {
    const { id, ...request } = JSON.parse(line)
    if (id === undefined) return request
    const answer = (said) => answers.write(`${JSON.stringify({ id, ...said })}\n`)
    outcome(request).catch((error) => ({ crash: inspect(error) })).then(answer)
  }
  return undefined
}

module.exports = { drive }

// Whatever is under way at the end: that it ends all the same is one of the promises.
if (require.main === module) drive(process.stdin, process.stdout).then(() => process.exit(0))
