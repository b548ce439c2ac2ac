'use strict'

// Every file of tests/scenarios, unchanged: what the client does in every language.

const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const assert = require('node:assert/strict')
const { folder, judged } = require('./support/judge.js')

const controls = join(folder, 'patterns.json')
const { failing, scenarios } = JSON.parse(readFileSync(controls, 'utf8'))
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => [name, file]))

for (const [group, file] of files.sort()) {
  test(`${group}/${file.replace('.json', '')}`, { timeout: 90_000 }, async () => {
    const why = await judged(join(folder, group, file))
    if (why !== undefined) assert.fail(why)
  })
}

// Tests that pass everything would make every scenario worthless.
for (const [number, { name }] of failing.entries()) {
  test(`fails: ${name}`, async () => {
    assert.match(await judged(controls, '--failing', String(number)), /\nexpected /)
  })
}

test('no scenario is left out', () => assert.equal(files.length, scenarios))
