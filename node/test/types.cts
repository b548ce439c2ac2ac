// The same declarations, by require.

import invites = require('icepanel-invites')
import testing = require('icepanel-invites/testing')

export async function check(): Promise<invites.Invite[]> {
  const sandbox = await testing.Sandbox.start()
  const client: invites.InviteClient = sandbox.client()
  const error: Error = new invites.TimeoutError({ message: 'by hand' })
  return client.list().catch(() => {
    throw error
  })
}
