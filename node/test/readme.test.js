'use strict'

// Runs every example of the README as it is printed, each as a module of its own against a sandbox. package.test.js has
// their types checked.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const { promisify } = require('node:util')
const { Sandbox } = require('icepanel-invites/testing')

const root = join(__dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code)

/** What each example prints, in order. */
const PRINTED = [
  /^created 20\d\d-/,
  /^list_invites 1 200 [\d.]+\ngrace@example\.com 20\d\d-.*Z\n/,
  /^$/,
  /^ada@example\.com invite .*\ngrace@example\.com invite .*\n(?=[^]*of 2: ada@example\.com done\n)[^]*of 2: grace@example\.com skipped\n[^]*false /,
  /^\{ paid: 1, taken: 1, promised: 0, free: 0 \}\n$/,
  /^\{ 'grace@example\.com': 1 \}\n$/,
]

test('each example is known', () => assert.equal(examples.length, PRINTED.length))

for (const [index, example] of examples.entries()) {
  test(`example ${index + 1}: ${example.trim().split('\n').at(-1)}`, async () => {
    const sandbox = await Sandbox.start({
      seats: index === 2 ? 5 : 1,
      members: [{ email: 'root@example.com', permission: 'admin' }],
      invites: index === 1 ? [{ email: 'grace@example.com', permission: 'read' }] : [],
    })
    const env = {
      ...process.env,
      ICEPANEL_API_KEY: sandbox.apiKey,
      ICEPANEL_ORGANIZATION_ID: sandbox.organizationId,
      ICEPANEL_BASE_URL: sandbox.baseUrl,
    }
    const args = ['--input-type=module', '--eval', example]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env, timeout: 60_000 })
    assert.match(stdout, PRINTED[index])
    await sandbox.close()
  })
}
