'use strict'

// The calls of a scenario by name, from its JSON to what the package takes, and what came out of one in JSON.

const { InviteError, Roster } = require('icepanel-invites')
const { time } = require('./pattern.js')

/** How each call is made. `state` keeps the last plan, `options` are those of a call. */
const CALLS = {
  client: async () => ({}),
  list: (client, { expiringWithinMs: ms, ...args }, _, options) =>
    client.list({ ...args, ...(ms !== undefined && { expiringWithin: { milliseconds: ms } }) }, options),
  find_active: (client, { email }, _, options) => client.findActive(email, options),
  create: (client, args, _, options) => client.create(newInvite(args), options),
  ensure: (client, args, _, options) => client.ensure(newInvite(args), options),
  revoke: (client, { id }, _, options) => client.revoke(id, options),
  revoke_active: (client, { email }, _, options) => client.revokeActive(email, options),
  members: (client, _, __, options) => client.members(options),
  seats: (client, _, __, options) => client.seats(options),
  plan: async (client, args, state, options) => {
    const plan = await planned(client, args, options)
    state.lastPlan = JSON.parse(JSON.stringify(plan))
    return plan
  },
  apply: async (client, args, state, options) =>
    applied(client, args.people ? await planned(client, args, options) : state.lastPlan, args, options),
  dump: (client, { membersExpireInMs: ms }, _, options) =>
    client.dump({ membersExpire: ms === undefined ? undefined : { milliseconds: ms } }, options),
  renew: (client, { target, ...expiry }, _, options) => client.renew(target, newInvite(expiry).expires, options),
}

function planned(client, { people, marginMs, prune, skipRevoked, maxInvites, allowEmpty }, options) {
  const margin = marginMs === undefined ? undefined : { milliseconds: marginMs }
  return client.plan(new Roster(people.map(newInvite)), { margin, prune, skipRevoked, maxInvites, allowEmpty }, options)
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
  const relative = expiresAt !== undefined && /^[+-]/.test(expiresAt)
  const expires = expiresAt === undefined ? { milliseconds: expiresInMs } : relative ? time(expiresAt) : expiresAt
  return { ...invite, expires }
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
