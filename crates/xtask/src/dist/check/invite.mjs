import { Sandbox } from 'icepanel-invites/testing'

const sandbox = await Sandbox.start()
const client = sandbox.client()
const { outcome } = await client.ensure({ email: 'ada@example.com', permission: 'read', expires: { days: 14 } })
console.log(outcome, sandbox.report().invitesMade['ada@example.com'])
await sandbox.close()
