'use strict'

// Makes the calls that another program asks for, a JSON line each, and answers in JSON lines: how the proof of the
// client's promises (cargo xtask prove) drives this package.

const { createInterface } = require('node:readline')
const { inspect } = require('node:util')
const { InviteClient } = require('icepanel-invites')
const { TESTING } = require('../../lib/client.js')
const { CALLS, outcomeOf } = require('./calls.js')

const talkative = process.env.PROVE_TALKATIVE === '1'

/** The clients by name, each with what its calls remember. @type {Map<string, { client: InviteClient, state: object }>} */
const clients = new Map()

/** Shows all that can be seen of a value, if that is asked for. */
function show(what, value) {
  if (!talkative) return
  const seen = [inspect(value, { showHidden: true, showProxy: true, depth: 20, getters: true, maxArrayLength: 20 })]
  for (let cause = value; cause instanceof Error; cause = cause.cause) seen.push(String(cause), cause.stack)
  try {
    seen.push(JSON.stringify(value))
  } catch {
    // It cannot be written: inspect has shown it.
  }
  console.error(what, ...seen)
}

function open(name, { skipWaits = false, caCertificatePem, ...options }) {
  const client = new InviteClient({
    ...options,
    ...(caCertificatePem !== undefined && { caCertificate: caCertificatePem }),
    ...(talkative && { onEvent: (event) => show('event', event) }),
    [TESTING]: { skipWaits },
  })
  show('client', client)
  clients.set(name, { client, state: {} })
  return {}
}

/** The outcome of one call. One that was cancelled rejects with its signal's reason, which is no error of ours. */
async function made({ client: name, call, args = {}, cancelAfterMs }) {
  const { client, state } = clients.get(name)
  const control = cancelAfterMs === undefined ? undefined : new AbortController()
  const timer = control && setTimeout(() => control.abort(), cancelAfterMs)
  try {
    return await outcomeOf(async () => {
      try {
        const result = await CALLS[call](client, args, state, control && { signal: control.signal })
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
async function repeated({ repeat, inFlight = 1, from = 0, args = {}, ...request }) {
  const result = { ok: 0, errors: {} }
  let n = from
  const one = async () => {
    while (n < from + repeat) {
      const number = String(n++)
      const numbered = args.email === undefined ? args : { ...args, email: args.email.replace('{n}', number) }
      const { error } = await made({ ...request, args: numbered })
      if (error === undefined) result.ok += 1
      else result.errors[error.kind] = (result.errors[error.kind] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  return { result }
}

async function outcome(request) {
  if (request.close !== undefined) return outcomeOf(async () => (clients.get(request.close).client.close(), {}))
  if (request.call === undefined) return outcomeOf(async () => open(request.client, request.options))
  return request.repeat === undefined ? made(request) : repeated(request)
}

async function answer(line) {
  const { id, ...request } = JSON.parse(line)
  const said = await outcome(request).catch((error) => ({ crash: inspect(error) }))
  process.stdout.write(`${JSON.stringify({ id, ...said })}\n`)
}

const lines = createInterface({ input: process.stdin })
lines.on('line', answer)
// Whatever is under way: that it ends all the same is one of the promises.
lines.on('close', () => process.exit(0))
