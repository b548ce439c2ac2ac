/**
 * A handle on the invites of one organization.
 *
 * Make one and share it: its calls share connections, the view of the service's limits, and the memory of invites
 * made a moment ago. It does not keep the process alive, and need not be closed.
 */
export class InviteClient {
    /**
     * A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and `ICEPANEL_BASE_URL` if it
     * is set.
     *
     * @param {ConnectionOptions} [options]
     * @returns {InviteClient}
     * @throws {InvalidInputError} if a variable is missing, or a value cannot be right
     */
    static fromEnv(options?: ConnectionOptions): InviteClient;
    /**
     * Checks the options and makes the client. Nothing is sent.
     *
     * @param {ClientOptions} options
     * @throws {InvalidInputError} if an option, or a variable of the environment that is used, cannot be right
     * @throws {ConnectionError} if https is needed and this machine has no certificate authorities
     */
    constructor(options: ClientOptions);
    /** The organization's id. */
    get organizationId(): string;
    /**
     * The same client with other limits: it shares all that the client knows, and is closed with it. It shares connections
     * too, unless its time is so short (below 34 s, unless set otherwise) that a connection has to be made sooner.
     *
     * @param {ClientChanges} changes
     * @returns {InviteClient}
     * @throws {InvalidInputError} if a change cannot be right
     */
    withOptions(changes: ClientChanges): InviteClient;
    /**
     * The invites that a filter lets through, in the service's order.
     *
     * The service has no paging: its answer has every invite there ever was. The array makes its invites when they
     * are read, so that a long list costs what you read of it. Where that matters (`structuredClone`, `postMessage`),
     * `[...invites]` is an ordinary array.
     *
     * @param {InviteFilter} [filter]
     * @param {CallOptions} [options]
     * @returns {Promise<Invite[]>}
     */
    list(filter?: InviteFilter, options?: CallOptions): Promise<Invite[]>;
    /**
     * The active invite of an address, letter case ignored, or undefined. If there are several, the one that was made
     * first: the one that `ensure` would return.
     *
     * @param {string} email
     * @param {CallOptions} [options]
     * @returns {Promise<Invite | undefined>}
     */
    findActive(email: string, options?: CallOptions): Promise<Invite | undefined>;
    /**
     * Sends one invite, once. The service e-mails the person.
     *
     * Where the answer is lost, the client reads the list to find out whether the invite was made, and sends it again
     * only if it was not. It does not look whether the person is invited or a member already: `ensure` does.
     *
     * @param {NewInvite} invite
     * @param {CallOptions} [options]
     * @returns {Promise<Invite>}
     */
    create(invite: NewInvite, options?: CallOptions): Promise<Invite>;
    /**
     * Sees to it that the person is invited, by one invite and no more.
     *
     * A member is told as such, and a person with an active invite gets that one back, whatever its permission or end.
     * Else one is made. If several workers do this at once, all get the same invite and the others are revoked.
     *
     * @param {NewInvite} invite
     * @param {CallOptions} [options]
     * @returns {Promise<Ensured>}
     */
    ensure(invite: NewInvite, options?: CallOptions): Promise<Ensured>;
    /**
     * Revokes an invite. One that is revoked already comes back as it is.
     *
     * @param {string} inviteId
     * @param {CallOptions} [options]
     * @returns {Promise<Invite>}
     */
    revoke(inviteId: string, options?: CallOptions): Promise<Invite>;
    /**
     * Revokes every active invite of an address, and returns them as revoked. None is no error.
     *
     * @param {string} email
     * @param {CallOptions} [options]
     * @returns {Promise<Invite[]>}
     */
    revokeActive(email: string, options?: CallOptions): Promise<Invite[]>;
    /**
     * Who is in the organization, by user id.
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
     * What would have to change for a roster to be true. Reads members, invites and seats, and changes nothing.
     *
     * @param {Roster | RosterDocument | Iterable<NewInvite>} roster
     * @param {PlanOptions} [planOptions]
     * @param {CallOptions} [options]
     * @returns {Promise<Plan>}
     */
    plan(roster: Roster | RosterDocument | Iterable<NewInvite>, planOptions?: PlanOptions, options?: CallOptions): Promise<Plan>;
    /**
     * Carries out a plan, and says of every person what became of it: `await` it for the report, iterate it for each
     * step as it ends, or both.
     *
     * Everything is read again first, and what has changed since the plan was made is reported, not trampled on. Where
     * the seats do not suffice nothing is done at all, unless `partial` is asked for; pruning more people than the plan's
     * `pruning.allowed` needs `pruneAtMost` or `pruneShare`. Troubles after that do not reject: they stand in the report. Stopped in whatever
     * way and applied again, it goes on.
     *
     * @param {Plan} plan also one that was read from JSON
     * @param {ApplyOptions} [applyOptions]
     * @param {CallOptions} [options]
     * @returns {Run}
     */
    apply(plan: Plan, applyOptions?: ApplyOptions, options?: CallOptions): Run;
    /**
     * The organization as a roster: everybody with an active invite, the earliest first; before them the members, if
     * they are given an end: they have none of their own.
     *
     * @param {DumpOptions} [dumpOptions]
     * @param {CallOptions} [options]
     * @returns {Promise<Roster>}
     */
    dump(dumpOptions?: DumpOptions, options?: CallOptions): Promise<Roster>;
    /**
     * Replaces the active invite of a person, named by its id or the address, by one that lives longer.
     *
     * The new one is made first, so that the person is never without; a paid one therefore needs a free seat for the
     * moment in which both exist. One that ends late enough already stays. An address whose active invites differ in
     * permission or landscapes is a `ConflictError` that names their ids.
     *
     * @param {string} target
     * @param {NewInvite['expires']} expires
     * @param {CallOptions} [options]
     * @returns {Promise<Renewed>}
     */
    renew(target: string, expires: NewInvite["expires"], options?: CallOptions): Promise<Renewed>;
    /**
     * Closes this client and every client that shares its state: those made from it by `withOptions`, and the one that it was
     * made from. The calls that are under way reject with `ClosedError`, and so does each later one, which sends nothing.
     * Not needed for the process to end.
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
/** Under this, `icepanel-invites/testing` hands over what is no option of users. */
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
