// The types of arguments and results.

/**
 * A string with these documented values. Others may occur: a value that this version does not know has the service's
 * spelling.
 */
export type Open<Known extends string> = Known | (string & {})

/** What a person may do in the organization. `write` and `admin` cost a paid seat, `read` and `billing` are free. */
export type Permission = Open<'read' | 'write' | 'admin' | 'billing'>

/** The kind of actor. An invite made with a key has `api-key`. */
export type Actor = Open<'user' | 'api-key' | 'notification-key' | 'service'>

/** The status of an invite, by the service's clock. */
export type InviteStatus = Open<'active' | 'used' | 'revoked' | 'expired'>

/** Which landscapes a person may see: from landscape id to true or false. */
export type LandscapePermissions = Record<string, boolean>

/**
 * An invite, as the service returns it. `JSON.stringify` gives the fields of the API, and `status`.
 *
 * A `Date` has milliseconds, like the API's times; further digits are cut off.
 */
export interface Invite {
  id: string
  organizationId: string
  /** The address that was invited, in the letter case in which the service stores it. */
  email: string
  permission: Permission
  /** Which landscapes the person may see, if that is limited. */
  landscapePermissions: LandscapePermissions | undefined
  /** Its status when the service returned it. */
  status: InviteStatus
  expiresAt: Date
  createdAt: Date
  createdBy: Actor
  createdById: string
  revokedAt: Date | undefined
  revokedBy: Actor | undefined
  revokedById: string | undefined
  usedAt: Date | undefined
  usedByUserId: string | undefined
}

/** A duration of fixed length. Its fields are added up and rounded to a whole millisecond. */
export interface Duration {
  weeks?: number | undefined
  days?: number | undefined
  hours?: number | undefined
  minutes?: number | undefined
  seconds?: number | undefined
  milliseconds?: number | undefined
}

/** A new invite. */
export interface NewInvite {
  /** The person's address. Sent as given, compared without letter case. */
  email: string
  permission: Permission
  /**
   * When it expires: a `Date`, an instant in RFC 3339 (`2026-12-31T23:59:59Z`), or a duration from when it is sent (`{
   * days: 14 }`). A number alone is rejected, because it could be either.
   */
  expires: Date | string | Duration
  /** Which landscapes the person may see. Without it the request does not mention landscapes. */
  landscapePermissions?: LandscapePermissions | undefined
  /**
   * When the person's access ends: a `Date`, or an instant in RFC 3339. An invite never ends later. On a roster, the
   * person is invited, and stays, until then; afterwards the invites are revoked, and with `pruneMembers` the member is
   * removed.
   */
  until?: Date | string | undefined
}

/** Which invites a list has. A field that is not given is ignored. */
export interface InviteFilter {
  status?: InviteStatus | undefined
  /** Letter case is ignored. */
  email?: string | undefined
  permission?: Permission | undefined
  createdBy?: Actor | undefined
  /** Only active invites that expire within this duration from now, by the service's clock. */
  expiringWithin?: Duration | undefined
}

/** An entry of a roster as JSON: with `expiresAt` or `expiresInMs`. */
export interface RosterEntry {
  email: string
  permission: Permission
  /** An instant in RFC 3339. */
  expiresAt?: string | undefined
  /** A duration from when it is sent. */
  expiresInMs?: number | undefined
  landscapePermissions?: LandscapePermissions | undefined
  /** An instant in RFC 3339. */
  until?: string | undefined
}

/** A roster as JSON. `Roster.fromJSON` and `plan` read it. */
export interface RosterDocument {
  /** The version of this form: 1 if it is missing, 2 with `until`. One of a newer version is rejected. */
  formatVersion?: number | undefined
  people: RosterEntry[]
}

/** Options for making a plan. */
export interface PlanOptions {
  /**
   * How much sooner than wanted an active invite may expire without being replaced. Unless set: zero for an expiry
   * given as an instant, and half of a duration.
   */
  margin?: Duration | undefined
  /** Whether active invites for people who are not on the roster are to be revoked. */
  prune?: boolean | undefined
  /** Whether people whose last invite was revoked are not invited again. */
  skipRevoked?: boolean | undefined
  /**
   * How often a person is invited at most, from 1. Every invite of the person in the list counts: active, used, revoked
   * and expired ones. People at this limit are not invited again.
   */
  maxInvites?: number | undefined
  /**
   * Whether `prune` and `pruneMembers` may be used with a roster of nobody, which revokes every active invite, or removes
   * every member who is not protected.
   */
  allowEmpty?: boolean | undefined
  /** Whether members are given the permission and the landscapes of the roster. */
  manageMembers?: boolean | undefined
  /** Whether members who are not on the roster, or whose access has ended, are removed. Needs `protect`. */
  pruneMembers?: boolean | undefined
  /** The addresses of members who are neither removed nor demoted: the owner of the key, say. */
  protect?: string[] | undefined
  /** How many admins the organization has at least at any moment, from 1. 1 unless set. */
  minAdmins?: number | undefined
  /** The domains to which invites may go. A roster with another address is rejected. All unless set. */
  allowDomains?: string[] | undefined
  /** The people whose access ends within this duration from now are in `expiring` of the plan. */
  expiringWithin?: Duration | undefined
  /**
   * Whether no invite is made: nobody is invited, and no active invite is replaced. For offboarding, with `prune` or
   * `pruneMembers`.
   */
  noInvites?: boolean | undefined
}

/**
 * What would happen to a person. `skip`: nothing, because an option says to leave the person alone, or the access has ended.
 * `update` gives a member the permission and the landscapes of the roster, `remove` removes a member.
 */
export type Action = 'invite' | 'keep' | 'replace' | 'member' | 'revoke' | 'skip' | 'update' | 'remove'

/** What a person has already: a membership, or an active invite. */
export interface Held {
  permission: Permission
  /** The active invite. If there are several: the one that remains active. */
  inviteId?: string
  /** When it expires. */
  expiresAt?: Date
  /** The member. */
  userId?: string
  landscapePermissions?: LandscapePermissions
}

/**
 * Why a step is planned, or why it ended as it did. The accompanying text has the details; a later version may have
 * more reasons.
 */
export type StepReason =
  | 'not_invited'
  | 'invited_before'
  | 'already_member'
  | 'member_with_other_permission'
  | 'last_invite_revoked'
  | 'max_invites_reached'
  | 'invited_as_wanted'
  | 'surplus_invites'
  | 'permission_differs'
  | 'landscapes_differ'
  | 'expires_too_soon'
  | 'not_on_roster'
  | 'invited'
  | 'replaced'
  | 'revoked'
  | 'invited_by_another'
  | 'invite_gone'
  | 'membership_ended'
  | 'plan_does_not_fit'
  | 'no_seat'
  | 'stopped'
  | 'run_ended'
  | 'request_failed'
  | 'revoke_incomplete'
  | 'not_verified'
  | 'member_with_other_landscapes'
  | 'ambiguous_member'
  | 'protected'
  | 'access_ended'
  | 'expires_too_late'
  | 'updated'
  | 'removed'
  | 'too_few_admins'
  | 'member_changed'
  | 'no_invites'

/** The planned action for one person, and the reason. */
export interface Step {
  email: string
  action: Action
  /** The reason, as text. */
  reason: string
  /** The entry in the roster; missing for somebody who is not on it. */
  wanted?: RosterEntry
  /** What the person has already. */
  held?: Held
  /** The ids of the active invites to revoke. */
  revoke: string[]
  /** The reason, for programs. Missing in a plan of a version that wrote none. */
  reasonCode?: StepReason
}

/** Paid seats, and what the plan does to them. */
export interface PlanSeats extends Seats {
  /** Seats that the plan needs for people who have none yet. */
  needed: number
  /** Seats that the plan frees. */
  released: number
  /** Seats that are missing. Above zero `apply` rejects the plan, unless `partial` is set. */
  missing: number
}

/**
 * How many people lose their invites by a plan with `prune`, and how many `apply` allows unless another limit is set.
 */
export interface PlanPruning {
  /** How many people lose their active invites by the plan. */
  people: number
  /** How many people have an active invite, whether or not they are on the roster. */
  invited: number
  /** How many are allowed: at most 10, and at most a quarter of `invited`, but at least one. */
  allowed: number
}

/** How many members a plan with `pruneMembers` removes, and how many `apply` allows unless it is given a limit. */
export interface PlanRemoval {
  /** How many members the plan removes. */
  people: number
  /** How many members there are. */
  members: number
  /** How many are allowed: at most 10, and at most a quarter of `members`, but one in any case. */
  allowed: number
}

/** How many invites go to a domain. */
export interface PlanDomain {
  /** The domain, in lower case. */
  domain: string
  /** How many invites. */
  invites: number
}

/** What a plan does, in numbers: the e-mails and where they go, and the admins. */
export interface PlanSummary {
  /** How many invites the plan makes. The service sends an e-mail for each. */
  invites: number
  /** The domains that they go to, those with the most first. */
  domains: PlanDomain[]
  /** How many of them are for an admin. */
  adminsInvited: number
  /** How many members the plan makes admins. */
  adminsMade: number
  /** How many members are admins now. */
  admins: number
  /** How many are when the plan has been applied, before anybody accepts an invite. */
  adminsAfter: number
}

/** Somebody whose access ends soon. */
export interface PlanExpiring {
  email: string
  /** When the access ends. */
  until: Date
}

/** What would have to change for a roster to be true. `JSON.stringify` writes it down, to be applied later. */
export interface Plan {
  /** The version of this form: 1, or 2 if it changes members or has `until`. A plan of a newer version is rejected. */
  formatVersion: number
  /** The organization that it is for. */
  organizationId: string
  /** When it was made, by the service's clock. */
  plannedAt: Date
  /** The margin in its options. */
  marginMs?: number
  /** Whether it excludes people whose last invite was revoked. */
  skipRevoked?: boolean
  /** How often a person may be invited at most. */
  maxInvites?: number
  /** One for each person: first those of the roster in its order, then those to be pruned. */
  steps: Step[]
  seats: PlanSeats
  /** Who loses the invites, and what `apply` allows; missing if the plan revokes none. */
  pruning?: PlanPruning
  /** How many write requests it takes. */
  writes: number
  /** How long applying it takes under the rate limits. */
  estimateMs: number
  /** Whether it gives members the permission and the landscapes of the roster. */
  manageMembers?: boolean
  /** Whether it removes members. */
  pruneMembers?: boolean
  /** The addresses of members who are neither removed nor demoted. */
  protect?: string[]
  /** How many admins the organization has at least; missing: 1. */
  minAdmins?: number
  /** Who is removed, and what `apply` allows; missing without `pruneMembers`. */
  removal?: PlanRemoval
  /** How many e-mails go where, and how many admins there will be; missing in the plan of a version that wrote none. */
  summary?: PlanSummary
  /** Whether it makes no invite. */
  noInvites?: boolean
  /** Whose access ends soon, with `expiringWithin`; the soonest first. */
  expiring?: PlanExpiring[]
}

/** Options for applying a plan. */
export interface ApplyOptions {
  /** Whether to invite as many people as possible if there are too few seats, instead of an error before anything is sent. */
  partial?: boolean | undefined
  /**
   * How many people may lose their invites by pruning. Unless this or `pruneShare` is set, at most 10, and at most a
   * quarter of the people who have an active invite, but at least one.
   */
  pruneAtMost?: number | undefined
  /** The same as a share, from 0 to 1, of the people who have an active invite. */
  pruneShare?: number | undefined
  /**
   * How many members may be removed. Unless this or `removeShare` is set, at most 10, and at most a quarter of the members,
   * but one in any case.
   */
  removeAtMost?: number | undefined
  /** The same as a share, from 0 to 1, of the members. */
  removeShare?: number | undefined
  /** How many people may be invited. Past it nothing is done at all. */
  inviteAtMost?: number | undefined
  /** How many people may be invited as admins or made admins. Past it nothing is done at all. */
  adminsAtMost?: number | undefined
  /** Hears of each step when it has ended. What it throws becomes an uncaught exception. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/** What `dump` includes. */
export interface DumpOptions {
  /** The members too, with this expiry: they have none themselves. */
  membersExpire?: Date | string | Duration | undefined
}

/** The outcome of a person's step. */
export type Outcome = 'done' | 'kept' | 'skipped' | 'failed' | 'unknown' | 'changed' | 'deferred'

/** The result of one person's step. */
export interface ReportLine {
  email: string
  /** What was planned. */
  action: Action
  outcome: Outcome
  /** The outcome, as text. */
  note: string
  /** The invite that was made, or the one that the person already has. */
  invite: Invite | undefined
  /** Why it failed. */
  error: import('./errors.js').InviteError | undefined
  /**
   * The service's id of the request that decided the outcome, for the service's support: the request that failed, that
   * made the invite, or, if none was made, the last revocation.
   */
  requestId: string | undefined
  /** The note for programs. */
  reasonCode: StepReason
}

/** The result of applying a plan. */
export interface Report {
  /** The version of this form: 1. */
  formatVersion: number
  /** Whether everybody is as the plan wants: each line is `done` or `kept`. */
  complete: boolean
  /** Whether the run was stopped by `stop()`. */
  stopped: boolean
  /** The number of people with each outcome. */
  counts: Record<Outcome, number>
  /** A line for each step of the plan. */
  lines: ReportLine[]
}

/** A step has ended. */
export interface Progress {
  /** Which step of the plan, from 0. */
  index: number
  /** How many steps have ended. */
  done: number
  /** The total number. */
  total: number
  /** How long the rest takes under the rate limits. */
  leftMs: number
  /** The result. If the last reading of the list changes it, the step is reported again. */
  line: ReportLine
}

/** The result of `renew`. */
export interface Renewed {
  /** The invite that the person has now. */
  invite: Invite
  /** The invites that it replaced, as revoked. If there are none, the active one expires late enough. */
  replaced: Invite[]
  /** The service's id of the request that made the new invite, for the service's support. */
  requestId: string | undefined
}

/** The result of `ensure`. */
export type Ensured =
  /** The person had no active invite: this one was created, and an e-mail was sent. */
  | { outcome: 'created'; invite: Invite; member?: undefined }
  /** The person has this one, whose permission and expiry may differ from the request. */
  | { outcome: 'existing'; invite: Invite; member?: undefined }
  /** The person is already a member; nothing was sent. */
  | { outcome: 'member'; member: Member; invite?: undefined }

/** A new permission of a member, and new landscapes. */
export interface MemberUpdate {
  /** What the member may do. */
  permission: Permission
  /** Which landscapes the member may see, instead of the current ones. Without it they do not change. */
  landscapePermissions?: Record<string, boolean> | undefined
}

/** A field in which an invite, or a membership, differs from what was asked for. */
export type Difference = 'permission' | 'landscapePermissions' | 'expiresAt'

/** Who is in the organization. */
export interface Member {
  userId: string
  email: string
  permission: Permission
  name: string | undefined
  jobRole: string | undefined
  lastActiveAt: Date | undefined
  landscapePermissions: LandscapePermissions | undefined
}

/** The organization's paid seats. `write` and `admin` take one, for members and for active invites. */
export interface Seats {
  /** Seats paid for. */
  paid: number
  /** Members with `write` or `admin`. */
  taken: number
  /** Active invites with `write` or `admin`. */
  promised: number
  /** Free seats, never below zero. */
  free: number
}

/** The last argument of every call. */
export interface CallOptions {
  /**
   * Aborts the call: its request is dropped, also during a wait between attempts, and the promise rejects with the
   * signal's reason. If the signal is already aborted, nothing is sent. After an aborted create or ensure an invite may
   * exist.
   */
  signal?: AbortSignal | null | undefined
  /** The time limit for this call, instead of the client's. */
  timeoutMs?: number | undefined
}

/** The options of a client made by `withOptions`. */
export interface ClientChanges {
  /** The limit for a whole call: all its attempts, and the waits between them. */
  timeoutMs?: number | undefined
  /** How often one request may be sent, the first time included. 4 unless set. A 429 does not count. */
  maxAttempts?: number | undefined
  /** The longest wait after the first failure, which doubles with each further one. 250 unless set. */
  baseDelayMs?: number | undefined
  /** The longest wait after any failure. 8,000 unless set. */
  maxDelayMs?: number | undefined
}

/** Just below the documented limits, or no limit of the client itself. */
export type Pace = 'documented' | 'none'

/** How many requests the service accepts in a window of time. */
export interface RateLimit {
  requests: number
  windowMs: number
}

/** Options of a client, without its key and organization. */
export interface ConnectionOptions extends ClientChanges {
  // Written by `cargo xtask options`: properties.
  /** Where the API is. `https://api.icepanel.io/v1` unless set; https, or http on loopback. */
  baseUrl?: string | undefined
  /** The limit for a whole call: all its attempts, and the waits between them. 120 s unless set. */
  timeoutMs?: number | undefined
  /** The limit for making a connection, TLS included. 10 s unless set. */
  connectTimeoutMs?: number | undefined
  /** The limit for the first byte of a response, and for each further read of it. 30 s unless set. */
  readTimeoutMs?: number | undefined
  /** Certificate authorities to trust in addition to those of the system, in PEM: those of a company, for example. */
  caCertificate?: string | undefined
  /** Text that is added to the `User-Agent`: the name of a program. */
  userAgentSuffix?: string | undefined
  /** The longest response that is read, in bytes after decompression. 256 MiB unless set. */
  maxBodyBytes?: number | undefined
  /**
   * How long an unused connection remains open. 30 s unless set. Set it shorter if a proxy or a gateway closes
   * connections sooner.
   */
  idleTimeoutMs?: number | undefined
  // Written by `cargo xtask options` to here.
  /** `http://[user:password@]host:port`. Without it `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` apply. */
  proxy?: string | undefined
  /**
   * The client certificate for a server that requires one, such as a company's gateway: the chain and the private key,
   * not encrypted, in one PEM text.
   */
  clientCertificate?: string | undefined
  /**
   * The rate of the requests. Unless set, just below the documented limits, 60 writes and 2,400 reads a minute, so that
   * a bulk run gets hardly any 429; the same for a class that is left out or null. With `'none'`, for both classes or
   * for one, only the service's responses slow the client down: for servers without a limit.
   */
  pacing?: Pace | { reads?: RateLimit | Pace | null | undefined; writes?: RateLimit | Pace | null | undefined } | null | undefined
  /**
   * Receives each attempt when it has ended, before the call's promise settles. No part of an event contains the key.
   * An exception in it becomes an uncaught exception and does not affect the call.
   */
  onEvent?: ((event: InviteEvent) => void) | undefined
}

/** Options of a client. */
export interface ClientOptions extends ConnectionOptions {
  /** `<id>:<hex secret>`; only an admin of the organization can create one. Without one the constructor throws. */
  apiKey?: string | undefined
  /** The organization's id. Without one the constructor throws. */
  organizationId?: string | undefined
}

/** What kind of error an error is. */
export type ErrorKind =
  | 'invalid_input'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'seats_exhausted'
  | 'conflict'
  | 'rejected'
  | 'rate_limited'
  | 'server'
  | 'timeout'
  | 'connection'
  | 'unexpected_answer'
  | 'outcome_unknown'
  | 'cancelled'
  | 'closed'

/** One attempt at a request, reported when it has ended. */
export interface InviteEvent {
  operation: 'list_invites' | 'create_invite' | 'revoke_invite' | 'list_members' | 'update_member' | 'remove_member' | 'read_organization'
  /** Number of this attempt at the request, from 1. */
  attempt: number
  /** The HTTP status, if there was a response. */
  status?: number
  /** The time from before the request was sent until its response was read or it failed. */
  latencyMs: number
  /** What went wrong, if something did. */
  error?: ErrorKind
  /** The service's id of the request. */
  requestId?: string
  /** What happens next. `look_up`: a list is read to find out whether a create or a change of a member was carried out. */
  next: 'done' | 'retry' | 'look_up' | 'fail'
  /** The wait before a retry. */
  waitMs?: number
}

/** The content of an error. Without `kind` the class decides it. */
export interface InviteErrorDetails {
  kind?: ErrorKind | undefined
  /** What happened. */
  message: string
  /** What to do next. */
  advice?: string
  /** Both: the message of the Error. Without it the message is `message` alone. */
  full?: string
  status?: number | null
  code?: string | null
  errors?: readonly string[]
  requestId?: string | null
  attempts?: number
  retryable?: boolean
  retryAfterMs?: number | null
  inviteMayExist?: boolean
  causes?: readonly string[]
}
