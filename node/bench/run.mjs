// The package beside its peers: `cargo xtask bench node`. Each measurement has a process of its own; the peers take
// turns, so that what the machine does meanwhile falls on all of them.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Sandbox } from 'icepanel-invites/testing'

const run = promisify(execFile)
const PEERS = ['icepanel-invites', 'fetch', 'undici', 'axios']
const rounds = Number(process.env.ICEPANEL_BENCH_ROUNDS ?? 5)
const only = process.argv.slice(2)

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const wanted = (name) => only.length === 0 || only.includes(name)

async function child(what, peer, url) {
  const file = new URL('child.mjs', import.meta.url).pathname
  const { stdout } = await run(process.execPath, ['--expose-gc', file, what, peer], {
    env: { ...process.env, ICEPANEL_BENCH_URL: url },
  })
  return JSON.parse(stdout)
}

/** All rounds of a case: for each peer a list of what its processes measured. */
async function rounded(what, url, peers = PEERS) {
  const measured = Object.fromEntries(peers.map((peer) => [peer, []]))
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) measured[peer].push(await child(what, peer, url))
  }
  const sums = Object.values(measured).flatMap((all) => all.map(({ sum }) => sum))
  if (new Set(sums).size > 1) throw new Error(`${what}: the peers do not read the same: ${[...new Set(sums)]}`)
  return measured
}

const rows = []

/** A row of the table: what each peer needs of something, and this package's share of a peer's. */
function row(what, measured, field, unit, digits, of, reach) {
  const cells = PEERS.map((peer) => {
    const values = measured[peer]?.map((one) => one[field])
    if (!values) return { text: '–', value: NaN }
    const value = median(values)
    const spread = `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`
    return { text: `${value.toFixed(digits)} ${unit} (${spread})`, value }
  })
  const [ours, ...others] = cells.map(({ value }) => value)
  const against = of(others)
  rows.push(`| ${[what, ...cells.map(({ text }) => text), `${(ours / against).toFixed(2)}`, reach].join(' | ')} |`)
  console.error(`${what}: ${cells[0].text}`)
}

const least = (others) => Math.min(...others.filter((value) => !Number.isNaN(value)))
const fetchs = ([fetch]) => fetch
const undicis = ([, undici]) => undici

const canned = process.env.ICEPANEL_BENCH_SERVER
if (wanted('load')) {
  row('load the module', await rounded('load', '', ['icepanel-invites', 'undici', 'axios']), 'ms', 'ms', 1, undicis, '≤ 0.20 of undici')
}
if (wanted('list')) {
  const sandbox = await Sandbox.start({ generate: { invites: 100_000, active: 1000, seed: 7 }, rateLimit: null })
  // Makes the sandbox write its document down.
  await sandbox.client().list()
  const all = await rounded('all', sandbox.baseUrl)
  row('list 100,000, read every field', all, 'ms', 'ms', 0, fetchs, '≤ 1.00 of fetch')
  row('… peak growth', all, 'mib', 'MiB', 0, fetchs, '≤ 1.00 of fetch')
  row('… in a fresh process', all, 'coldMs', 'ms', 0, fetchs, '')
  const ten = await rounded('ten', sandbox.baseUrl)
  row('list 100,000, read ten', ten, 'ms', 'ms', 0, least, '≤ 0.50 of the fastest')
  row('… peak growth', ten, 'mib', 'MiB', 0, least, '≤ 0.50 of the least')
  const find = await rounded('find', sandbox.baseUrl)
  row('findActive in 100,000', find, 'ms', 'ms', 0, least, '≤ 0.25 of the fastest')
  row('… peak growth', find, 'mib', 'MiB', 0, least, 'under 16 MiB')
  await sandbox.close()
}
if (wanted('create')) {
  row('one create after another', await rounded('sequence', canned), 'ms', 'ms', 3, least, '≤ 1.00 of the fastest')
}
if (wanted('flight')) {
  const measured = await rounded('flight', canned)
  row('64 calls at the same time, calls per second', measured, 'perSecond', '/s', 0, fetchs, '≥ 3.00 of fetch')
  row('… against undici', measured, 'perSecond', '/s', 0, undicis, '≥ 0.80 of undici')
}
if (wanted('million')) {
  const measured = {}
  for (const peer of ['icepanel-invites', 'undici']) measured[peer] = (await child('million', peer, canned)).samples
  for (const [what, field] of [
    ['memory after 10,000, 100,000 and 1,000,000 calls', 'mib'],
    ['… without what V8 reserves for its heap', 'native'],
    ['… what lives in V8’s heap', 'heap'],
  ]) {
    const cells = PEERS.map((peer) => measured[peer]?.map((sample) => sample[field].toFixed(1)).join(', ').concat(' MiB') ?? '–')
    const [first, , last] = measured['icepanel-invites'].map((sample) => sample[field])
    rows.push(`| ${[what, ...cells, (last / first).toFixed(2), 'flat'].join(' | ')} |`)
  }
}

console.log(['', '| what | icepanel-invites | fetch | undici.request | axios | ratio | goal |', '|---|---|---|---|---|---|---|', ...rows].join('\n'))
