'use strict'

// A list crosses as columns: what comes out is what went in, also where the service repeats itself.

const { createServer } = require('node:http')
const { once } = require('node:events')
const { test } = require('node:test')
const assert = require('node:assert/strict')
const { InviteClient } = require('icepanel-invites')

const entry = (n, more) => ({
  id: `invite-${n}`,
  organizationId: 'organization',
  email: n % 3 ? `person-${n}@example.com` : `pèrsön-🦉-${n}@example.com`,
  permission: 'read',
  expiresAt: '2031-01-15T09:30:00.000Z',
  createdAt: '2030-01-15T09:30:00.000Z',
  createdBy: 'api-key',
  createdById: `key-${n}`,
  ...more,
})

test('a repeated entry has the position of the first and the content of the last', async () => {
  const first = Array.from({ length: 600 }, (_, n) => entry(n))
  const again = [0, 255, 256, 300, 303, 599].map((n) =>
    entry(n, { email: `🦉-${n}@example.com`, revokedAt: '2030-02-01T00:00:00.000Z', revokedById: 'ünser', landscapePermissions: { é: true } }),
  )
  const body = JSON.stringify({ organizationUserInvites: [...first, ...again] })
  const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(body))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const baseUrl = `http://127.0.0.1:${server.address().port}/v1`
    const client = new InviteClient({ apiKey: 'id:0123abcd', organizationId: 'organization', baseUrl })
    const invites = await client.list()
    const expected = first.map((invite) => again.find(({ id }) => id === invite.id) ?? invite)
    assert.equal(invites.length, 600)
    for (const [at, invite] of [...invites].entries()) {
      const { status, ...told } = JSON.parse(JSON.stringify(invite))
      assert.deepEqual(told, expected[at])
      assert.equal(status === 'revoked', told.revokedAt !== undefined)
    }
  } finally {
    server.close()
  }
})
