'use strict'

// How the package gets on with the ends of processes, of worker threads and of their loops.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const { once } = require('node:events')
const { readdirSync } = require('node:fs')
const { join } = require('node:path')
const { setTimeout: pause } = require('node:timers/promises')
const { before, after, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { Worker } = require('node:worker_threads')
const { Sandbox } = require('icepanel-invites/testing')
const { until } = require('./support/waiting.js')

const run = promisify(execFile)
const HANG = { fault: 'hang', on: 'list', times: null }

let sandbox
let options
before(async () => {
  sandbox = await Sandbox.start({ rateLimit: null })
  options = { apiKey: sandbox.apiKey, organizationId: sandbox.organizationId, baseUrl: sandbox.baseUrl, pacing: 'none', timeoutMs: 3_600_000, readTimeoutMs: 3_600_000 }
})
after(() => sandbox.close())

/** On a busy machine a process takes long to start; less than the hour after which the client itself gives up. */
const AT_LAST = 300_000

/** Runs a program in a process of its own, which must end by itself. */
async function node(program, args = [], env = process.env) {
  const whole = `const options = ${JSON.stringify(options)}
    const { InviteClient } = require('icepanel-invites')
    ${program}`
  return run(process.execPath, [...args, '-e', whole], { cwd: join(__dirname, '..'), timeout: AT_LAST, env, killSignal: 'SIGKILL' })
}

describe('a process', () => {
  test('ends by itself when nothing is awaited', async () => {
    sandbox.setState({ rateLimit: null })
    const { stdout } = await node(`
      const client = new InviteClient({ ...options, onEvent: () => {} })
      client.seats().then((seats) => console.log(seats.paid))`)
    assert.equal(stdout, '10\n')
    await node('new InviteClient({ ...options, onEvent() {} })')
    await node("require('icepanel-invites/testing').Sandbox.start()")
  })

  test('ends after an abort, though the service never answers', async () => {
    sandbox.setState({ rateLimit: null, faults: [HANG] })
    const { stdout } = await node(`
      const client = new InviteClient(options)
      client.list({}, { signal: AbortSignal.timeout(50) }).catch((error) => console.log(error.name))
      setTimeout(() => {}, 100)`)
    assert.equal(stdout, 'TimeoutError\n')
  })

  test('stays for a call that is awaited', async () => {
    sandbox.setState({ rateLimit: null, faults: [{ fault: 'slow_headers', delayMs: 500 }] })
    const { stdout } = await node('new InviteClient(options).list().then((list) => console.log(list.length))')
    assert.equal(stdout, '0\n')
  })

  test('exits during a call', async () => {
    sandbox.setState({ rateLimit: null, faults: [{ ...HANG, probability: 0.5 }] })
    for (let round = 0; round < 10; round++) {
      const failed = await node(`
        const client = new InviteClient({ ...options, onEvent() {} })
        for (let n = 0; n < 100; n++) client.list().catch(() => {})
        setTimeout(() => process.exit(7), ${round * 3})`).catch((error) => error)
      assert.deepEqual([failed.code, failed.signal, failed.stderr], [7, null, ''])
    }
  })

  test('whose listener throws has an uncaught exception, and its call a result', async () => {
    sandbox.setState({ rateLimit: null })
    const { stdout } = await node(`
      process.on('uncaughtException', (error) => console.log(error.message))
      const client = new InviteClient({ ...options, onEvent() { throw new Error('from the listener') } })
      client.members().then((members) => console.log(members.length))`)
    assert.deepEqual(stdout.split('\n').sort(), ['', '0', 'from the listener'])
  })

  test('whose call has a result that cannot be read has an error for it, and results for the other calls', async () => {
    sandbox.setState({ rateLimit: null })
    const addon = readdirSync(join(__dirname, '..')).find((file) => file.endsWith('.node'))
    const env = {
      ...process.env,
      REAL_ADDON: join(__dirname, '..', addon),
      NAPI_RS_NATIVE_LIBRARY_PATH: join(__dirname, 'support/fake-addon.js'),
    }
    const { stdout } = await node(`
      const client = new InviteClient(options)
      const grace = { email: 'grace@example.com', permission: 'read', expires: { days: 1 } }
      const calls = [client.members(), client.ensure(grace), client.members()]
      Promise.allSettled(calls).then((outcomes) => {
        for (const { value, reason } of outcomes) console.log(reason ? reason.message + reason.stack.includes('[eval]') : value.length)
      })`, [], env)
    assert.equal(stdout, '0\nicepanel-invites: the result of ensure cannot be readtrue\n0\n')
  })

  test('that has an unhandled rejection ends with it', async () => {
    sandbox.setState({ rateLimit: null })
    const failed = await node("new InviteClient({ ...options, apiKey: 'wrong:00' }).list()").catch((error) => error)
    assert.equal(failed.code, 1)
    assert.match(failed.stderr, /UnauthorizedError.*\n\s+at \[eval\]/)
  })

  test('that does not await a run hears of its error as of any promise’s', async () => {
    sandbox.setState({ rateLimit: null })
    const failed = await node('new InviteClient(options).apply({})').catch((error) => error)
    assert.equal(failed.code, 1)
    assert.match(failed.stderr, /InvalidInputError.*\n\s+at \[eval\]/)
    const late = "const run = new InviteClient(options).apply({}); (async () => { try { await run } catch { console.log('heard') } })()"
    assert.equal((await node(late)).stdout, 'heard\n')
    assert.equal((await node(late.replace('await run', 'for await (const _ of run);'))).stdout, 'heard\n')
  })

  test('without a file descriptor left hears of it, and goes on when there is one again', async () => {
    sandbox.setState({ rateLimit: null })
    const program = `
      const { InviteClient } = require('icepanel-invites')
      const { closeSync, openSync } = require('node:fs')
      const client = new InviteClient(${JSON.stringify(options)})
      const held = []
      try { for (;;) held.push(openSync('/dev/null')) } catch {}
      const first = client.seats()
      first.catch(({ kind, retryable, message }) => {
        for (const file of held) closeSync(file)
        console.log(kind, retryable, message)
        return client.seats().then(({ paid }) => console.log(paid))
      })`
    const args = ['-c', 'ulimit -n 100; exec "$0" -e "$1"', process.execPath, program]
    const { stdout } = await run('sh', args, { cwd: join(__dirname, '..'), timeout: AT_LAST, killSignal: 'SIGKILL' })
    assert.match(stdout, /^connection true .*descriptor.*ulimit.*\n10\n$/)
  })

  test('that names a file of authorities which cannot be read in NODE_EXTRA_CA_CERTS hears of it', async () => {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: '/nowhere/authorities.pem' }
    const program = `try { new InviteClient({ ...options, baseUrl: 'https://example.com' }) } catch (error) { console.log(error.kind, error.message) }`
    assert.match((await node(program, [], env)).stdout, /^invalid_input .*NODE_EXTRA_CA_CERTS/)
  })

  test('of a cluster makes calls, and may be killed in one', async () => {
    sandbox.setState({ rateLimit: null, faults: [{ ...HANG, on: 'members' }] })
    const file = join(__dirname, 'support/cluster.js')
    const { stdout } = await run(process.execPath, [file, JSON.stringify(options)], { timeout: AT_LAST })
    assert.equal(stdout, 'SIGTERM\n'.repeat(3))
  })
})

describe('worker threads', () => {
  const start = (calls) => new Worker(join(__dirname, 'support/worker.mjs'), { workerData: { options, calls } })

  test('several at once, each with a client of its own', async () => {
    sandbox.setState({ rateLimit: null })
    const workers = [100, 200, 300, 400].map(start)
    const told = await Promise.all(
      workers.map(async (worker) => {
        const messages = []
        worker.on('message', (message) => messages.push(message))
        await once(worker, 'exit')
        return messages[1]
      }),
    )
    assert.deepEqual(told, [100, 200, 300, 400])
  })

  test('terminated during a call, again and again: no crash, and the requests are dropped', async () => {
    sandbox.setState({ rateLimit: null, faults: [HANG] })
    for (let round = 0; round < 15; round++) {
      const workers = [start(20), start(20)]
      await Promise.all(workers.map((worker) => once(worker, 'message')))
      await pause(round)
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
    await until(() => sandbox.report().inFlight === 0)
  })

  test('the only one that has the package, terminated during a call', async () => {
    sandbox.setState({ rateLimit: null, faults: [HANG] })
    const file = join(__dirname, 'support/worker.mjs')
    // Without the package in the main thread the addon's file is unloaded with its last worker.
    const { stdout } = await run(process.execPath, ['-e', `
      const { Worker } = require('node:worker_threads')
      const { once } = require('node:events')
      ;(async () => {
        for (let round = 0; round < 5; round++) {
          const worker = new Worker(${JSON.stringify(file)}, { workerData: { options: ${JSON.stringify(options)}, calls: 20 } })
          await once(worker, 'message')
          await worker.terminate()
        }
        setTimeout(() => console.log('alive'), 200)
      })()`], { cwd: join(__dirname, '..'), timeout: AT_LAST })
    assert.equal(stdout, 'alive\n')
  })
})

test('calls leave no memory behind', async () => {
  sandbox.setState({ rateLimit: null })
  // What V8 reserves for its young objects grows to its size in any process, and does not depend on what is stored.
  const { stdout } = await node(`
    const client = new InviteClient({ ...options, onEvent() {} })
    const many = async (left) => {
      const one = async () => { while (left-- > 0) await client.findActive('a@example.com', { signal: new AbortController().signal }) }
      await Promise.all(Array.from({ length: 32 }, one))
      gc()
      const { total_physical_size: reserved, used_heap_size: used } = require('node:v8').getHeapStatistics()
      return (process.memoryUsage.rss() - reserved + used) / 1048576
    }
    ;(async () => {
      const after = []
      for (let round = 0; round < 5; round++) after.push(await many(6000))
      console.log(JSON.stringify(after))
    })()`, ['--expose-gc'])
  const after = JSON.parse(stdout)
  // What is left behind by each call is so in every round; what is made once is not.
  const growth = after.slice(1).map((mib, round) => mib - after[round])
  assert.ok(Math.min(...growth) < 2, stdout)
})
