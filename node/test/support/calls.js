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

function planned(client, { people, roster, marginMs, prune, skipRevoked, maxInvites, allowEmpty }, options) {
  const margin = marginMs === undefined ? undefined : { milliseconds: marginMs }
  const wanted = roster === undefined ? new Roster(people.map(newInvite)) : Roster.fromJSON(roster)
  return client.plan(wanted, { margin, prune, skipRevoked, maxInvites, allowEmpty }, options)
}

/** Applies, and looks whether there was an event for each step. */
async function applied(client, plan, { partial, pruneAtMost, pruneShare, stopAfter }, options) {
  const told = new Set()
  const run = client.apply(plan, { partial, pruneAtMost, pruneShare }, options)
  for await (const { index, done } of run) {
    told.add(index)
    if (done === stopAfter) run.stop()
  }
  if (told.size !== plan.steps.length) throw new Error(`events for ${told.size} steps only`)
  return run
}

function newInvite({ expiresAt, expiresInMs, ...invite }) {
  return { ...invite, expires: expiresAt ?? { milliseconds: expiresInMs } }
}

/** What came out of a call, in JSON: `{ result }` or `{ error }`. What is no error of the package's is thrown. */
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
