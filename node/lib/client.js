'use strict'

// The public handle.

const native = require('./native.js')
const { call, mailbox, newNumber, stop } = require('./calls.js')
const { at, errorOf, here } = require('./errors.js')
const input = require('./input.js')
const { ensuredOf, inviteOf, memberOf } = require('./list.js')
const { entriesOf, planOf, renewedOf, reportOf, rosterOf, runOf } = require('./roster.js')

/**
 * @import { ApplyOptions, CallOptions, ClientChanges, ClientOptions, ConnectionOptions, DumpOptions, Ensured, Invite,
 *   InviteFilter, Member, MemberUpdate, NewInvite, Plan, PlanOptions, Renewed, RosterDocument, Seats } from './types'
 * @import { Caller, Hook } from './calls.js'
 * @import { Roster, Run } from './roster.js'
 */

/** The key under which `icepanel-invites/testing` passes options that are not for users. */
const TESTING = Symbol('testing')

/** What Rust returned, or its error. @param {import('./native.d.ts').Client | string} made */
function opened(made) {
  if (typeof made === 'string') throw errorOf(JSON.parse(made))
  return made
}

/**
 * What a client needs for its calls. Secrets are passed separately, and functions are not passed: the rest is data.
 *
 * @param {Partial<ClientOptions> | undefined} options
 * @param {(given: Partial<ClientOptions>) => import('./native.d.ts').Account} account takes the names that it needs
 * @param {boolean} [skipWaits]
 * @returns {Caller}
 */
function callerOf(options, account, skipWaits) {
  const given = input.nameOf(options) === 'an object' ? { ...options } : {}
  const of = account(given)
  const { proxy, clientCertificate, onEvent, ...rest } = given
  if (present(proxy)) of.proxy(input.checkedText('proxy', proxy))
  if (present(clientCertificate)) of.clientCertificate(input.checkedText('clientCertificate', clientCertificate))
  const see = input.checkedFunction('onEvent', onEvent ?? undefined)
  /** @type {Hook | undefined} */
  const hook = see && { number: newNumber(), see, calls: 0 }
  const clientOptions = input.data(options === undefined || input.nameOf(options) === 'an object' ? rest : options)
  return { native: opened(of.open(mailbox, clientOptions, hook?.number, skipWaits)), hook }
}

/** @param {unknown} value */
function present(value) {
  return value !== undefined && value !== null
}

/** @param {Partial<ClientOptions>} given */
function ofKey(given) {
  const { apiKey, organizationId } = given
  delete given.apiKey
  delete given.organizationId
  return native.Account.of(input.checkedText('apiKey', apiKey), input.checkedText('organizationId', organizationId))
}

/** Read here: the environment of a worker thread is JavaScript's alone. */
function ofEnvironment() {
  return native.Account.fromVariables(native.variables().map((name) => process.env[name]))
}

/** The client of a caller that is there. @param {Caller} caller */
function made(caller) {
  return new InviteClient(/** @type {any} */ ({ [TESTING]: { caller } }))
}

/** Makes errors of `run` say where `method` was called. @template T @param {Function} method @param {() => T} run */
function placed(method, run) {
  const place = here(method)
  try {
    return run()
  } catch (error) {
    throw at(/** @type {Error} */ (error), place)
  }
}

/**
 * A handle on the invites of one organization.
 *
 * Create one and share it: its calls share connections, the state of the rate limits, and the list of recently made
 * invites. It does not keep the process alive, and need not be closed.
 */
class InviteClient {
  /** @type {Caller} */
  #caller

  /**
   * Checks the options and creates the client. Nothing is sent.
   *
   * @param {ClientOptions} options
   * @throws {InvalidInputError} if an option, or a variable of the environment that is used, is invalid
   * @throws {ConnectionError} if https is needed and this machine has no certificate authorities
   */
  constructor(options) {
    const inside = /** @type {any} */ (options)?.[TESTING]
    this.#caller = placed(new.target, () => inside?.caller ?? callerOf(options, ofKey, inside?.skipWaits))
  }

  /** The organization's id. */
  get organizationId() {
    return this.#caller.native.organizationId()
  }

  /**
   * A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and `ICEPANEL_BASE_URL` if it
   * is set.
   *
   * @param {ConnectionOptions} [options]
   * @returns {InviteClient}
   * @throws {InvalidInputError} if a variable is missing, or a value is invalid
   */
  static fromEnv(options) {
    return placed(InviteClient.fromEnv, () => made(callerOf(options, ofEnvironment)))
  }

  /**
   * The same client with other limits: it shares the client's state, and is closed with it. It shares connections too,
   * unless its time limit is so short (below 34 s with the default settings) that it needs a shorter connection limit.
   *
   * @param {ClientChanges} changes
   * @returns {InviteClient}
   * @throws {InvalidInputError} if a change is invalid
   */
  withOptions(changes) {
    return placed(this.withOptions, () => {
      const { native, hook } = this.#caller
      return made({ native: opened(native.withOptions(input.data(changes))), hook })
    })
  }

  /**
   * The invites that match a filter, in the service's order.
   *
   * The service has no paging: its response has every invite that ever existed. The array creates its invites when they
   * are read, so that a long list costs only what you read. If that matters (`structuredClone`, `postMessage`),
   * `[...invites]` is an ordinary array.
   *
   * @param {InviteFilter} [filter]
   * @param {CallOptions} [options]
   * @returns {Promise<Invite[]>}
   */
  list(filter, options) {
    return call(this.#caller, this.list, options, (client, number, callOptions) => {
      client.list(number, callOptions, input.data(filter))
    }, same)
  }

  /**
   * The active invite of an address, letter case ignored, or undefined. If there are several, the oldest: the one that
   * `ensure` would return.
   *
   * @param {string} email
   * @param {CallOptions} [options]
   * @returns {Promise<Invite | undefined>}
   */
  findActive(email, options) {
    return call(this.#caller, this.findActive, options, (client, number, callOptions) => {
      client.findActive(number, callOptions, input.checkedText('email', email))
    }, (received) => (received === null ? undefined : inviteOf(received)))
  }

  /**
   * Sends one invite, once. The service e-mails the person.
   *
   * If the response is lost, the client reads the list to find out whether the invite was made, and sends the create
   * again only if it was not. `create` does not check whether the person is already invited or a member: `ensure` does.
   *
   * @param {NewInvite} invite
   * @param {CallOptions} [options]
   * @returns {Promise<Invite>}
   */
  create(invite, options) {
    return call(this.#caller, this.create, options, (client, number, callOptions) => {
      client.create(number, callOptions, input.json('the invite', input.checkedInvite(invite)))
    }, inviteOf)
  }

  /**
   * Makes sure that the person is a member or has exactly one active invite.
   *
   * A member is returned as a member, and a person with an active invite gets that invite, regardless of its permission
   * or expiry. Otherwise an invite is created. If several workers do this at the same time, all get the same invite and
   * the others are revoked.
   *
   * @param {NewInvite} invite
   * @param {CallOptions} [options]
   * @returns {Promise<Ensured>}
   */
  ensure(invite, options) {
    return call(this.#caller, this.ensure, options, (client, number, callOptions) => {
      client.ensure(number, callOptions, input.json('the invite', input.checkedInvite(invite)))
    }, ensuredOf)
  }

  /**
   * Revokes an invite. One that is already revoked is returned unchanged.
   *
   * @param {string} inviteId
   * @param {CallOptions} [options]
   * @returns {Promise<Invite>}
   */
  revoke(inviteId, options) {
    return call(this.#caller, this.revoke, options, (client, number, callOptions) => {
      client.revoke(number, callOptions, input.checkedText('the invite id', inviteId))
    }, inviteOf)
  }

  /**
   * Revokes every active invite of an address, and returns them as revoked. It is not an error if there is none.
   *
   * @param {string} email
   * @param {CallOptions} [options]
   * @returns {Promise<Invite[]>}
   */
  revokeActive(email, options) {
    return call(this.#caller, this.revokeActive, options, (client, number, callOptions) => {
      client.revokeActive(number, callOptions, input.checkedText('email', email))
    }, (received) => received.map(inviteOf))
  }

  /**
   * The members of the organization, by user id.
   *
   * @param {CallOptions} [options]
   * @returns {Promise<Member[]>}
   */
  members(options) {
    return call(this.#caller, this.members, options, (client, number, callOptions) => {
      client.members(number, callOptions)
    }, (received) => received.map(memberOf))
  }

  /**
   * Changes the permission of a member, and the landscapes if they are given.
   *
   * The client reads the list of members and sends the permission and the landscapes: those that are given, otherwise
   * those that the member has. If the member has all this already, nothing is sent. The change is effective at once.
   * `write` and `admin` need a paid seat; `read` and `billing` make it free again.
   *
   * The call may be made twice without harm. After a lost response the list of members shows whether the change was made.
   *
   * Rejects with a `NotFoundError` if there is no such member, with a `SeatsExhaustedError` if no paid seat is free, and,
   * before anything is sent, with a `ConflictError` if several members have the address or if the member is the only
   * admin of the organization, who cannot get another permission.
   *
   * @param {string} member a user id, or the member's own address, letter case ignored
   * @param {MemberUpdate} update
   * @param {CallOptions} [options]
   * @returns {Promise<Member>}
   */
  updateMember(member, update, options) {
    return call(this.#caller, this.updateMember, options, (client, number, callOptions) => {
      const { permission, landscapePermissions } = input.checkedUpdate(update)
      client.updateMember(number, callOptions, input.checkedText('member', member), permission, landscapePermissions)
    }, memberOf)
  }

  /**
   * Removes a member from the organization, and resolves with this member; undefined if there is no such member.
   *
   * The person loses access at once, and the paid seat is free again. There is no undo: the person needs a new invite. An
   * active invite of the person is not revoked: `revokeActive` does that.
   *
   * The call may be made twice without harm. After a lost response the list of members shows whether the member is gone.
   *
   * Rejects with a `ConflictError`, before anything is sent, if several members have the address or if the member is the
   * only admin of the organization, who cannot be removed.
   *
   * @param {string} member a user id, or the member's own address, letter case ignored
   * @param {CallOptions} [options]
   * @returns {Promise<Member | undefined>}
   */
  removeMember(member, options) {
    return call(this.#caller, this.removeMember, options, (client, number, callOptions) => {
      client.removeMember(number, callOptions, input.checkedText('member', member))
    }, (received) => (received === null ? undefined : memberOf(received)))
  }

  /**
   * Paid seats: bought, taken by members, promised to active invites, free.
   *
   * @param {CallOptions} [options]
   * @returns {Promise<Seats>}
   */
  seats(options) {
    return call(this.#caller, this.seats, options, (client, number, callOptions) => {
      client.seats(number, callOptions)
    }, same)
  }

  /**
   * Compares the organization with a roster, and returns what `apply` would change (a dry run). Reads members, invites
   * and seats, and changes nothing.
   *
   * @param {Roster | RosterDocument | Iterable<NewInvite>} roster
   * @param {PlanOptions} [planOptions]
   * @param {CallOptions} [options]
   * @returns {Promise<Plan>}
   */
  plan(roster, planOptions, options) {
    return call(this.#caller, this.plan, options, (client, number, callOptions) => {
      client.plan(number, callOptions, input.json('the roster', entriesOf(roster)), input.data(planOptions))
    }, planOf)
  }

  /**
   * Applies a plan, and reports the result for every person: `await` it for the report, iterate it for each
   * step as it ends, or both.
   *
   * The client reads everything again first. What has changed since the plan was made is reported and not overwritten.
   * If there are too few seats, nothing is done at all, unless `partial` is set; pruning more people than the plan's
   * `pruning.allowed` needs `pruneAtMost` or `pruneShare`. Errors after that do not reject the promise: they are in the
   * report. A stopped run continues when the plan is applied again.
   *
   * @param {Plan} plan also one that was read from JSON
   * @param {ApplyOptions} [applyOptions]
   * @param {CallOptions} [options]
   * @returns {Run}
   */
  apply(plan, applyOptions, options) {
    const caller = this.#caller
    const gentle = new native.Stop()
    return runOf(gentle, (progress) =>
      call(caller, this.apply, options, (client, number, callOptions) => {
        const { onProgress, ...rest } = applyOptions ?? {}
        progress.tell = input.checkedFunction('onProgress', onProgress)
        progress.leave = (why) => stop(number, why)
        const given = input.nameOf(applyOptions) === 'an object' ? rest : applyOptions
        client.apply(number, callOptions, input.json('the plan', plan), input.data(given), gentle)
      }, reportOf, (step) => progress.hear(step)))
  }

  /**
   * The organization as a roster: everybody with an active invite, the oldest first; before them the members, if
   * `membersExpire` is given: they have no expiry themselves.
   *
   * @param {DumpOptions} [dumpOptions]
   * @param {CallOptions} [options]
   * @returns {Promise<Roster>}
   */
  dump(dumpOptions, options) {
    return call(this.#caller, this.dump, options, (client, number, callOptions) => {
      const { membersExpire, ...rest } = dumpOptions ?? {}
      const members = membersExpire === undefined ? undefined : input.checkedExpiry('membersExpire', membersExpire)
      client.dump(number, callOptions, members, input.data(input.nameOf(dumpOptions) === 'an object' ? rest : dumpOptions))
    }, rosterOf)
  }

  /**
   * Replaces the active invite of a person, named by its id or the address, by one that expires later.
   *
   * The new one is made first, so that the person always has one; a paid one therefore needs a free seat while both
   * exist. An invite that already expires late enough remains active. An address whose active invites differ in
   * permission or landscapes is a `ConflictError` that names their ids.
   *
   * @param {string} target
   * @param {NewInvite['expires']} expires
   * @param {CallOptions} [options]
   * @returns {Promise<Renewed>}
   */
  renew(target, expires, options) {
    return call(this.#caller, this.renew, options, (client, number, callOptions) => {
      client.renew(number, callOptions, input.checkedText('the invite', target), input.checkedExpiry('expires', expires))
    }, renewedOf)
  }

  /**
   * Closes this client and every client that shares its state: those made from it by `withOptions`, and the one that it
   * was made from. Running calls reject with `ClosedError`, and so does each later one, which sends nothing. Not needed
   * for the process to end.
   */
  close() {
    this.#caller.native.close()
  }

  /** `using client = …`: closes the client at the end of the block. */
  [Symbol.dispose]() {
    this.close()
  }

  /** `await using client = …`: closes the client at the end of the block. */
  async [Symbol.asyncDispose]() {
    this.close()
  }
}

/** @template T @param {T} value */
function same(value) {
  return value
}

module.exports = { InviteClient, TESTING }
