'use strict'

// Sandboxes that are closed after each test, and the guest who is invited in them.

const { afterEach } = require('node:test')
const { Sandbox } = require('icepanel-invites/testing')

const GUEST = { email: 'grace@example.com', permission: 'read', expires: { days: 14 } }
const open = []

/** A sandbox without limits, which is closed after the test. */
async function start(state) {
  const sandbox = await Sandbox.start({ rateLimit: null, ...state })
  open.push(sandbox)
  return sandbox
}

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close()
})

module.exports = { GUEST, start }
