/**
 * A handle on the invites of one organization.
 *
 * Create one and share it: its calls share connections, the state of the rate limits, and the list of recently made
 * invites. It does not keep the process alive, and need not be closed.
 */
export class InviteClient {
    /**
     * A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and `ICEPANEL_BASE_URL` if it
     * is set.
     *
     * @param {ConnectionOptions} [options]
     * @returns {InviteClient}
     * @throws {InvalidInputError} if a variable is missing, or a value is invalid
     */
    static fromEnv(options?: ConnectionOptions): InviteClient;
    /**
     * Checks the options and creates the client. Nothing is sent.
     *
     * @param {ClientOptions} options
     * @throws {InvalidInputError} if an option, or a variable of the environment that is used, is invalid
     * @throws {ConnectionError} if https is needed and this machine has no certificate authorities
     */
    constructor(options: ClientOptions);
    /** The organization's id. */
    get organizationId(): string;
    /**
     * The same client with other limits: it shares the client's state, and is closed with it. It shares connections too,
     * unless its time limit is so short (below 34 s with the default settings) that it needs a shorter connection limit.
     *
     * @param {ClientChanges} changes
     * @returns {InviteClient}
     * @throws {InvalidInputError} if a change is invalid
     */
    withOptions(changes: ClientChanges): InviteClient;
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
    list(filter?: InviteFilter, options?: CallOptions): Promise<Invite[]>;
    /**
     * The active invite of an address, letter case ignored, or undefined. If there are several, the oldest: the one that
     * `ensure` would return.
     *
     * @param {string} email
     * @param {CallOptions} [options]
     * @returns {Promise<Invite | undefined>}
     */
    findActive(email: string, options?: CallOptions): Promise<Invite | undefined>;
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
    create(invite: NewInvite, options?: CallOptions): Promise<Invite>;
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
    ensure(invite: NewInvite, options?: CallOptions): Promise<Ensured>;
    /**
     * Revokes an invite. One that is already revoked is returned unchanged.
     *
     * @param {string} inviteId
     * @param {CallOptions} [options]
     * @returns {Promise<Invite>}
     */
    revoke(inviteId: string, options?: CallOptions): Promise<Invite>;
    /**
     * Revokes every active invite of an address, and returns them as revoked. It is not an error if there is none.
     *
     * @param {string} email
     * @param {CallOptions} [options]
     * @returns {Promise<Invite[]>}
     */
    revokeActive(email: string, options?: CallOptions): Promise<Invite[]>;
    /**
     * The members of the organization, by user id.
     *
     * @param {CallOptions} [options]
     * @returns {Promise<Member[]>}
     */
    members(options?: CallOptions): Promise<Member[]>;
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
    updateMember(member: string, update: MemberUpdate, options?: CallOptions): Promise<Member>;
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
    removeMember(member: string, options?: CallOptions): Promise<Member | undefined>;
    /**
     * Paid seats: bought, taken by members, promised to active invites, free.
     *
     * @param {CallOptions} [options]
     * @returns {Promise<Seats>}
     */
    seats(options?: CallOptions): Promise<Seats>;
    /**
     * Compares the organization with a roster, and returns what `apply` would change (a dry run). Reads members, invites
     * and seats, and changes nothing.
     *
     * @param {Roster | RosterDocument | Iterable<NewInvite>} roster
     * @param {PlanOptions} [planOptions]
     * @param {CallOptions} [options]
     * @returns {Promise<Plan>}
     */
    plan(roster: Roster | RosterDocument | Iterable<NewInvite>, planOptions?: PlanOptions, options?: CallOptions): Promise<Plan>;
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
    apply(plan: Plan, applyOptions?: ApplyOptions, options?: CallOptions): Run;
    /**
     * The organization as a roster: everybody with an active invite, the oldest first; before them the members, if
     * `membersExpire` is given: they have no expiry themselves.
     *
     * @param {DumpOptions} [dumpOptions]
     * @param {CallOptions} [options]
     * @returns {Promise<Roster>}
     */
    dump(dumpOptions?: DumpOptions, options?: CallOptions): Promise<Roster>;
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
    renew(target: string, expires: NewInvite["expires"], options?: CallOptions): Promise<Renewed>;
    /**
     * Closes this client and every client that shares its state: those made from it by `withOptions`, and the one that it
     * was made from. Running calls reject with `ClosedError`, and so does each later one, which sends nothing. Not needed
     * for the process to end.
     */
    close(): void;
    /** `using client = …`: closes the client at the end of the block. */
    [Symbol.dispose](): void;
    /** `await using client = …`: closes the client at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
    #private;
}
/**
 * @import { ApplyOptions, CallOptions, ClientChanges, ClientOptions, ConnectionOptions, DumpOptions, Ensured, Invite,
 *   InviteFilter, Member, MemberUpdate, NewInvite, Plan, PlanOptions, Renewed, RosterDocument, Seats } from './types'
 * @import { Caller, Hook } from './calls.js'
 * @import { Roster, Run } from './roster.js'
 */
/** The key under which `icepanel-invites/testing` passes options that are not for users. */
export const TESTING: unique symbol;
import type { ClientChanges } from './types';
import type { InviteFilter } from './types';
import type { CallOptions } from './types';
import type { Invite } from './types';
import type { NewInvite } from './types';
import type { Ensured } from './types';
import type { Member } from './types';
import type { MemberUpdate } from './types';
import type { Seats } from './types';
import type { Roster } from './roster.js';
import type { RosterDocument } from './types';
import type { PlanOptions } from './types';
import type { Plan } from './types';
import type { ApplyOptions } from './types';
import type { Run } from './roster.js';
import type { DumpOptions } from './types';
import type { Renewed } from './types';
import type { ConnectionOptions } from './types';
import type { ClientOptions } from './types';
