// Users test their own code under vitest as well: its workers, its fake clocks, its comparison of values.

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { InviteClient, SeatsExhaustedError } from 'icepanel-invites'
import { Sandbox } from 'icepanel-invites/testing'

let sandbox
beforeAll(async () => {
  sandbox = await Sandbox.start({ seats: 0 })
})
afterAll(() => sandbox.close())

test('a list is equal to an array, an error is of its class', async () => {
  const client = sandbox.client()
  const made = await client.create({ email: 'grace@example.com', permission: 'read', expires: { days: 7 } })
  expect(await client.list()).toEqual([made])
  expect(await client.list()).toHaveLength(1)
  const writer = { email: 'ada@example.com', permission: 'write', expires: { days: 7 } }
  await expect(client.create(writer)).rejects.toThrow(SeatsExhaustedError)
})

test('fake clocks do not stop it', async () => {
  vi.useFakeTimers()
  try {
    sandbox.addFaults({ fault: 'status', times: 2 })
    expect((await sandbox.client().seats()).free).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('the environment that a test stubs is the one that counts', async () => {
  vi.stubEnv('ICEPANEL_API_KEY', sandbox.apiKey)
  vi.stubEnv('ICEPANEL_ORGANIZATION_ID', sandbox.organizationId)
  vi.stubEnv('ICEPANEL_BASE_URL', sandbox.baseUrl)
  expect(await InviteClient.fromEnv().members()).toEqual([])
  vi.unstubAllEnvs()
})
