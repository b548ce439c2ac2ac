'use strict'

// The patterns and the scenario runner can fail: ones that pass everything would make every scenario worthless.

const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const assert = require('node:assert/strict')
const { mismatch } = require('./support/pattern.js')
const { run } = require('./support/scenario.js')

const folder = join(__dirname, '../../tests/scenarios')
const controls = JSON.parse(readFileSync(join(folder, 'patterns.json'), 'utf8'))

for (const { name, pattern, actual, mismatch: path } of controls.patterns) {
  test(`pattern: ${name}`, () => {
    assert.equal(mismatch(pattern, actual) !== undefined, path !== undefined)
  })
}

for (const { name, scenario } of controls.failing) {
  test(`fails: ${name}`, async () => {
    await assert.rejects(run(scenario))
  })
}

test('no scenario is left out', () => {
  const groups = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const files = groups.flatMap(({ name }) => readdirSync(join(folder, name)))
  assert.equal(files.length, controls.scenarios)
})
