'use strict'

// Waiting for what happens elsewhere, and limits of time, on a machine that may be busy with other things.

const assert = require('node:assert/strict')
const { setTimeout: pause } = require('node:timers/promises')

/** Waits until `check` is true, and fails after a minute. Each look calls it once: what it sees may be gone at the next. */
async function until(check) {
  const end = performance.now() + 60_000
  while (!check()) {
    assert.ok(performance.now() < end, `not within a minute: ${check}`)
    await pause(2)
  }
}

/**
 * The fastest of up to 20 trials takes less than `limitMs`. A trial returns how long it took. A busy machine is late now
 * and then; a library that is late is late each time.
 */
async function within(limitMs, trial) {
  const took = []
  while (took.length < 20) {
    took.push(await trial())
    if (took.at(-1) < limitMs) return
  }
  assert.fail(`each took ${limitMs} ms or more: ${took.map(Math.round)}`)
}

module.exports = { until, within }
