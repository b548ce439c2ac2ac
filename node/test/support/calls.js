'use strict'

// The calls by name, from the JSON of tests/scenarios to what the package takes, and what came out of one in JSON.

const { InviteError, Roster, differsFrom } = require('icepanel-invites')

/** How each call is made. */
const CALLS = {
  list: (client, { expiringWithinMs: ms, ...args }, options) =>
    client.list({ ...args, ...(ms !== undefined && { expiringWithin: { milliseconds: ms } }) }, options),
  find_active: (client, { email }, options) => client.findActive(email, options),
  create: (client, args, options) => client.create(newInvite(args), options),
  ensure: async (client, args, options) => {
    const ensured = await client.ensure(newInvite(args), options)
    return { ...ensured, differs: differsFrom(ensured, newInvite(args)) }
  },
  revoke: (client, { id }, options) => client.revoke(id, options),
  revoke_active: (client, { email }, options) => client.revokeActive(email, options),
  members: (client, _, options) => client.members(options),
  update_member: (client, { member, ...update }, options) => client.updateMember(member, update, options),
  remove_member: (client, { member }, options) => client.removeMember(member, options),
  seats: (client, _, options) => client.seats(options),
  plan: (client, args, options) => planned(client, args, options),
  apply: async (client, args, options) => applied(client, args.plan ?? (await planned(client, args, options)), args, options),
  dump: (client, { membersExpireInMs: ms }, options) =>
    client.dump({ membersExpire: ms === undefined ? undefined : { milliseconds: ms } }, options),
  close: async (client) => (client.close(), {}),
  renew: (client, { target, ...expiry }, options) => client.renew(target, newInvite(expiry).expires, options),
}

function planned(client, { people, roster, marginMs, expiringWithinMs, ...args }, options) {
  const span = (milliseconds) => (milliseconds === undefined ? undefined : { milliseconds })
  const wanted = roster === undefined ? new Roster(people.map(newInvite)) : Roster.fromJSON(roster)
  const { prune, skipRevoked, maxInvites, allowEmpty, noInvites, manageMembers, pruneMembers, protect, minAdmins, allowDomains } = args
  const invites = { margin: span(marginMs), prune, skipRevoked, maxInvites, allowEmpty, noInvites, allowDomains }
  const members = { manageMembers, pruneMembers, protect, minAdmins, expiringWithin: span(expiringWithinMs) }
  return client.plan(wanted, { ...invites, ...members }, options)
}

/** Applies, and looks whether there was an event for each step. */
async function applied(client, plan, { stopAfter, ...args }, options) {
  const reported = new Set()
  const { partial, pruneAtMost, pruneShare, removeAtMost, removeShare, inviteAtMost, adminsAtMost } = args
  const limits = { pruneAtMost, pruneShare, removeAtMost, removeShare, inviteAtMost, adminsAtMost }
  const run = client.apply(plan, { partial, ...limits }, options)
  for await (const { index, done } of run) {
    reported.add(index)
    if (done === stopAfter) run.stop()
  }
  if (reported.size !== plan.steps.length) throw new Error(`events for ${reported.size} steps only`)
  return run
}

function newInvite({ expiresAt, expiresInMs, ...invite }) {
  return { ...invite, expires: expiresAt ?? { milliseconds: expiresInMs } }
}

/** The outcome of a call, in JSON: `{ result }` or `{ error }`. Other exceptions are thrown. */
async function outcomeOf(make) {
  try {
    const result = await make()
    return { result: JSON.parse(JSON.stringify(result ?? null)) }
  } catch (error) {
    if (!(error instanceof InviteError)) throw error
    return { error: JSON.parse(JSON.stringify(error)) }
  }
}

module.exports = { CALLS, outcomeOf }
