// One measurement in a process of its own: `node --expose-gc child.mjs CASE PEER`. Prints JSON.

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { getHeapStatistics } from 'node:v8'
import { open } from './peers.mjs'

const [, , what, name] = process.argv
const MIB = 1024 * 1024

/** A line of /proc/self/status, in MiB; NaN where there is none. */
function status(field) {
  try {
    return Number(readFileSync('/proc/self/status', 'utf8').match(new RegExp(`${field}:\\s+(\\d+)`))[1]) / 1024
  } catch {
    return NaN
  }
}

/** The time of `run` and by how much the process grew at the worst. */
async function measured(run) {
  globalThis.gc()
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // Not Linux: no figures on memory.
  }
  const before = status('VmRSS')
  const began = performance.now()
  await run()
  return { ms: performance.now() - began, mib: status('VmHWM') - before }
}

/** Reads every field of an invite. */
function touch(invite) {
  let sum = invite.id.length + invite.organizationId.length + invite.email.length + invite.permission.length
  sum += invite.expiresAt.getTime() + invite.createdAt.getTime() + invite.createdBy.length + invite.createdById.length
  if (invite.revokedAt) sum += invite.revokedAt.getTime() + invite.revokedBy.length + invite.revokedById.length
  if (invite.usedAt) sum += invite.usedAt.getTime() + (invite.usedByUserId?.length ?? 0)
  if (invite.landscapePermissions) sum += Object.keys(invite.landscapePermissions).length
  return sum
}

const PLACES = Array.from({ length: 10 }, (_, n) => n * 9_999 + 7)

/** Each resolves to a number that must be the same for all peers. */
const works = {
  all: async (client) => {
    let sum = 0
    for (const invite of await client.all()) sum += touch(invite)
    return sum
  },
  ten: async (client) => (await client.ten(PLACES)).reduce((sum, invite) => sum + touch(invite), 0),
  find: async (client) => touch(await client.find('USER-99999@example.com')),
}

async function main() {
  if (what === 'load') {
    const require = createRequire(import.meta.url)
    const began = performance.now()
    require(name)
    return { ms: performance.now() - began }
  }
  const client = await open(name)
  if (what === 'sequence') {
    for (let n = 0; n < 2000; n++) await client.create()
    const began = performance.now()
    for (let n = 0; n < 4000; n++) await client.create()
    return { ms: (performance.now() - began) / 4000 }
  }
  if (what === 'flight') {
    const many = async (left) => {
      const one = async () => {
        while (left-- > 0) await client.create()
      }
      await Promise.all(Array.from({ length: 64 }, one))
    }
    await many(5000)
    const began = performance.now()
    await many(15_000)
    return { perSecond: 15_000 / ((performance.now() - began) / 1000) }
  }
  if (what === 'million') {
    const samples = []
    let done = 0
    const one = async () => {
      while (done < 1_000_000) {
        done += 1
        if ([10_000, 100_000, 1_000_000].includes(done)) {
          globalThis.gc()
          const { total_physical_size: reserved, used_heap_size: used } = getHeapStatistics()
          const rss = process.memoryUsage.rss()
          samples.push({ mib: rss / MIB, native: (rss - reserved) / MIB, heap: used / MIB })
        }
        await client.create()
      }
    }
    await Promise.all(Array.from({ length: 64 }, one))
    return { samples }
  }
  // The first measures the memory, the others the time: then the code is warm.
  let sum
  const first = await measured(async () => (sum = await works[what](client)))
  const times = []
  for (let n = 0; n < 3; n++) times.push((await measured(() => works[what](client))).ms)
  return { ms: times.sort((a, b) => a - b)[1], coldMs: first.ms, mib: first.mib, sum }
}

console.log(JSON.stringify(await main()))
