'use strict'

// Every file of tests/scenarios, unchanged: what the client does in every language.

const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const assert = require('node:assert/strict')
const { default: Ajv } = require('ajv/dist/2020.js')
const { run } = require('./support/scenario.js')

const folder = join(__dirname, '../../tests/scenarios')
const read = (...path) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))

const valid = new Ajv({ strict: false, allErrors: true }).compile(read('schema.json'))

const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => [name, file]))

for (const [group, file] of names.sort()) {
  test(`${group}/${file.replace('.json', '')}`, { timeout: 60_000 }, async () => {
    const scenario = read(group, file)
    assert.ok(valid(scenario), JSON.stringify(valid.errors))
    await run(scenario)
  })
}
