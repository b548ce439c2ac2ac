// What TypeScript makes of the declarations, from a module: `tsc` fails where a line is not as it says.

import {
  InviteClient,
  InviteError,
  RateLimitedError,
  Roster,
  differsFrom,
  type ClientOptions,
  type Difference,
  type DumpOptions,
  type Ensured,
  type ErrorKind,
  type Invite,
  type InviteEvent,
  type InviteStatus,
  type Member,
  type NewInvite,
  type Permission,
  type Plan,
  type PlanPruning,
  type Progress,
  type Renewed,
  type Report,
  type Seats,
} from 'icepanel-invites'
import { Sandbox, type SandboxReport, type SandboxState } from 'icepanel-invites/testing'

/** Whether two types are the same, not only assignable. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_: Same<A, B>) {}

export async function check(signal: AbortSignal) {
  const options: ClientOptions = { apiKey: 'id:00', organizationId: 'o', pacing: { writes: { requests: 1, windowMs: 5 } } }
  const client = new InviteClient({ ...options, onEvent: (event: InviteEvent) => event.latencyMs.toFixed() })
  InviteClient.fromEnv({ timeoutMs: 5, pacing: 'none' }).withOptions({ maxAttempts: 1 }).close()

  const list = client.list({ status: 'active', createdBy: 'api-key' }, { signal, timeoutMs: 5 })
  same<typeof list, Promise<Invite[]>>(true)
  const found = await client.findActive('ada@example.com', { signal })
  same<typeof found, Invite | undefined>(true)
  const guest: NewInvite = { email: 'ada@example.com', permission: 'read', expires: { days: 14 } }
  const made = await client.create({ ...guest, expires: new Date() }, { signal })
  same<typeof made, Invite>(true)
  await client.create({ ...guest, expires: '2099-01-01T00:00:00Z', landscapePermissions: { one: true } })
  const ensured = await client.ensure(guest)
  same<typeof ensured, Ensured>(true)
  if (ensured.outcome === 'member') same<typeof ensured.member, Member>(true)
  else if (ensured.outcome === 'created') same<typeof ensured.invite, Invite>(true)
  else same<typeof ensured.invite, Invite>(true)
  same<Awaited<ReturnType<typeof client.revoke>>, Invite>(true)
  same<Awaited<ReturnType<typeof client.revokeActive>>, Invite[]>(true)
  same<Awaited<ReturnType<typeof client.members>>, Member[]>(true)
  const updated = await client.updateMember('ada@example.com', { permission: 'write', landscapePermissions: { one: true } }, { signal })
  same<typeof updated, Member>(true)
  await client.updateMember('ada@example.com', { permission: 'read', landscapePermissions: undefined })
  same<Awaited<ReturnType<typeof client.removeMember>>, Member | undefined>(true)
  // @ts-expect-error: an update needs a permission
  await client.updateMember('ada@example.com', { landscapePermissions: { one: true } })
  same<Awaited<ReturnType<typeof client.seats>>, Seats>(true)
  same<Invite['expiresAt'], Date>(true)
  same<Invite['usedAt'], Date | undefined>(true)

  const plan = await client.plan(new Roster([guest]), { margin: { days: 1 }, maxInvites: 3, skipRevoked: true }, { signal })
  same<typeof plan, Plan>(true)
  same<typeof plan.pruning, PlanPruning | undefined>(true)
  const run = client.apply(plan, { partial: true, onProgress: ({ line }) => line.email.trim() }, { signal })
  for await (const step of run) same<typeof step, Progress>(true)
  const report = await run
  same<typeof report, Report>(true)
  same<Awaited<ReturnType<typeof client.dump>>, Roster>(true)
  same<Awaited<ReturnType<typeof client.renew>>, Renewed>(true)
  same<Parameters<typeof client.dump>[0], DumpOptions | undefined>(true)
  // A value that may be missing is one that is left out, under exactOptionalPropertyTypes too.
  const days: number | undefined = undefined
  await client.seats({ signal: null, timeoutMs: undefined })
  await client.create({ ...guest, expires: { days, hours: 1 } })
  // @ts-expect-error: a dump has no such option
  await client.dump({ membersExpires: { days: 1 } })
  // @ts-expect-error: a run has no such option
  client.apply(plan, { pruneMost: 1 })

  // Known values are proposed, unknown ones are taken.
  const permission: Permission = 'observer'
  const status: InviteStatus = made.status
  if (status === 'active') console.log(permission)

  // @ts-expect-error: there is no such option
  new InviteClient({ ...options, baseURL: 'https://example.com' })
  new InviteClient({ apiKey: process.env.KEY, organizationId: process.env.ORGANIZATION })
  // @ts-expect-error: the core's data is private
  Roster.fromTold([])
  // @ts-expect-error: a number could be an instant or a span
  await client.create({ ...guest, expires: 7 })
  // @ts-expect-error: an invite needs an end
  await client.create({ email: 'ada@example.com', permission: 'read' })
  // @ts-expect-error: a span has no such unit
  await client.create({ ...guest, expires: { fortnights: 1 } })
  // @ts-expect-error: a filter has no such field
  await client.list({ state: 'active' })

  try {
    await client.seats()
  } catch (error) {
    if (error instanceof RateLimitedError) same<typeof error.retryAfterMs, number | undefined>(true)
    if (error instanceof InviteError) {
      same<typeof error.status, number | undefined>(true)
      same<typeof error.code, string | undefined>(true)
      same<typeof error.retryable, boolean>(true)
      same<typeof error.inviteMayExist, boolean>(true)
      same<typeof error.errors, readonly string[]>(true)
      same<typeof error.kind, ErrorKind>(true)
      switch (error.kind) {
        case 'rate_limited':
          break
        // @ts-expect-error: there is no such kind
        case 'rate_limitd':
          break
      }
      // @ts-expect-error: nobody changes an error
      error.attempts = 2
    }
  }

  const state: SandboxState = { seats: 1, faults: [{ fault: 'act_then_cut', on: 'create' }] }
  const sandbox = await Sandbox.start(state)
  same<ReturnType<typeof sandbox.report>, SandboxReport>(true)
  same<ReturnType<typeof sandbox.client>, InviteClient>(true)
  sandbox.client({ skipWaits: false, timeoutMs: 5, pacing: {} })
  // @ts-expect-error: there is no such fault
  sandbox.addFaults({ fault: 'bad luck' })
  await sandbox[Symbol.asyncDispose]()
}
