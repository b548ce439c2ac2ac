// The shapes of what goes in and comes out.

/**
 * A string of which these values are documented. Others may come: what did not exist when this was built is
 * kept as the service spells it.
 */
export type Open<Known extends string> = Known | (string & {})

/** What a person may do in the organization. `write` and `admin` cost a paid seat, `read` and `billing` are free. */
export type Permission = Open<'read' | 'write' | 'admin' | 'billing'>

/** Who did something. An invite made with a key says `api-key`. */
export type Actor = Open<'user' | 'api-key' | 'notification-key' | 'service'>

/** Where an invite stands, by the service's clock. */
export type InviteStatus = Open<'active' | 'used' | 'revoked' | 'expired'>

/** Which landscapes a person may see: landscape id to yes or no. */
export type LandscapePermissions = Record<string, boolean>

/**
 * An invite, as the service tells it. `JSON.stringify` gives what the API says, with `status` beside.
 *
 * A `Date` has milliseconds, as the API's times have; should a time come with more digits, they are cut off.
 */
export interface Invite {
  id: string
  organizationId: string
  /** The address that was invited, in the letter case in which the service keeps it. */
  email: string
  permission: Permission
  /** Which landscapes the person may see, if that was limited. */
  landscapePermissions: LandscapePermissions | undefined
  /** Where it stood when the service told of it. */
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

/** A duration of fixed length. All that is given is added up and rounded to a whole millisecond. */
export interface Duration {
  weeks?: number | undefined
  days?: number | undefined
  hours?: number | undefined
  minutes?: number | undefined
  seconds?: number | undefined
  milliseconds?: number | undefined
}

/** An invite to be made. */
export interface NewInvite {
  /** The person's address. Sent as given, compared without letter case. */
  email: string
  permission: Permission
  /**
   * When it ends: a `Date`, an instant in RFC 3339 (`2026-12-31T23:59:59Z`), or a span from the moment it is sent
   * (`{ days: 14 }`). A bare number is refused: it could be either.
   */
  expires: Date | string | Duration
  /** Which landscapes the person may see; without it nothing is said about them. */
  landscapePermissions?: LandscapePermissions | undefined
}

/** Which invites a list has. What is not given lets all through. */
export interface InviteFilter {
  status?: InviteStatus | undefined
  /** Letter case does not count. */
  email?: string | undefined
  permission?: Permission | undefined
  createdBy?: Actor | undefined
  /** Only active invites that end within so long from now, by the service's clock. */
  expiringWithin?: Duration | undefined
}

/** An entry of a roster as JSON: with `expiresAt` or `expiresInMs`. */
export interface RosterEntry {
  email: string
  permission: Permission
  /** An instant in RFC 3339. */
  expiresAt?: string | undefined
  /** A span from the moment it is sent. */
  expiresInMs?: number | undefined
  landscapePermissions?: LandscapePermissions | undefined
}

/** A roster as JSON. `Roster.fromJSON` and `plan` read it. */
export interface RosterDocument {
  /** The version of this form: 1 if it is missing. One of a newer version is rejected. */
  formatVersion?: number | undefined
  people: RosterEntry[]
}

/** How a plan is made. */
export interface PlanOptions {
  /**
   * How much sooner than wanted an active invite may end and still be kept. Unless set: not at all where the roster
   * says an instant, and half of the time where it says how long from now.
   */
  margin?: Duration | undefined
  /** Whether active invites for people who are not on the roster are to be revoked. */
  prune?: boolean | undefined
  /** Whether people whose last invite was revoked are left alone rather than invited again. */
  skipRevoked?: boolean | undefined
  /**
   * How often a person is invited at most, from 1. Every invite that the list has of the person counts: active, used,
   * revoked and expired ones. Whoever was invited so often already is left alone.
   */
  maxInvites?: number | undefined
  /** Whether `prune` may be used with a roster of nobody, which revokes every active invite. */
  allowEmpty?: boolean | undefined
}

/** What would happen to a person. `skip`: nothing, because an option says to leave the person alone. */
export type Action = 'invite' | 'keep' | 'replace' | 'member' | 'revoke' | 'skip'

/** What a person has already: a membership, or an active invite. */
export interface Held {
  permission: Permission
  /** The active invite: of several the one that counts. */
  inviteId?: string
  /** When that ends. */
  expiresAt?: Date
  /** The member. */
  userId?: string
  landscapePermissions?: LandscapePermissions
}

/**
 * Why a step is planned, or why it ended as it did. The text beside it has the details; a later version may have more.
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

/** What would happen to one person, and why. */
export interface Step {
  email: string
  action: Action
  /** Why, in words. */
  reason: string
  /** What the roster says; missing for somebody who is not on it. */
  wanted?: RosterEntry
  /** What the person has already. */
  held?: Held
  /** The ids of the active invites that go. */
  revoke: string[]
  /** Why, for programs. Missing in a plan of a version that wrote none. */
  reasonCode?: StepReason
}

/** Paid seats, and what becomes of them. */
export interface PlanSeats extends Seats {
  /** Seats that the plan takes for people who have none yet. */
  needed: number
  /** Seats that the plan gives free. */
  released: number
  /** Seats that are missing. Above zero `apply` refuses, unless `partial` is asked for. */
  missing: number
}

/** How many people a plan with `prune` takes the invites from, and how many `apply` allows unless it is given a limit. */
export interface PlanPruning {
  /** How many people the plan takes the active invites from. */
  people: number
  /** How many people have an active invite, whether or not they are on the roster. */
  invited: number
  /** How many are allowed: at most 10, and at most a quarter of `invited`, but one in any case. */
  allowed: number
}

/** What would have to change for a roster to be true. `JSON.stringify` writes it down, to be applied later. */
export interface Plan {
  /** The version of this form: 1. A plan of a newer version is rejected. */
  formatVersion: number
  /** The organization that it is for. */
  organizationId: string
  /** When it was made, by the service's clock. */
  plannedAt: Date
  /** The margin that it was made with. */
  marginMs?: number
  /** Whether it leaves people alone whose last invite was revoked. */
  skipRevoked?: boolean
  /** How often it lets a person be invited at most. */
  maxInvites?: number
  /** One for each person: first those of the roster in its order, then those to be pruned. */
  steps: Step[]
  seats: PlanSeats
  /** What is pruned, and what `apply` allows; missing without `prune`. */
  pruning?: PlanPruning
  /** How many requests that change something it takes. */
  writes: number
  /** How long applying it takes under the service's limits. */
  estimateMs: number
}

/** How a plan is carried out. */
export interface ApplyOptions {
  /** Whether to do what the seats suffice for, rather than to refuse before anything is sent. */
  partial?: boolean | undefined
  /**
   * How many people may lose their invites by pruning. Unless this or `pruneShare` is set, at most 10, and at most a quarter
   * of the people who have an active invite, but one in any case.
   */
  pruneAtMost?: number | undefined
  /** The same as a share, from 0 to 1, of the people who have an active invite. */
  pruneShare?: number | undefined
  /** Hears of each step when it has ended. What it throws becomes an uncaught exception. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/** What `dump` includes. */
export interface DumpOptions {
  /** The members too, with this expiry: they have none of their own. */
  membersExpire?: Date | string | Duration | undefined
}

/** What became of a person's step. */
export type Outcome = 'done' | 'kept' | 'skipped' | 'failed' | 'unknown' | 'changed'

/** What became of one person's step. */
export interface ReportLine {
  email: string
  /** What was planned. */
  action: Action
  outcome: Outcome
  /** That in words. */
  note: string
  /** The invite that was made, or the one that the person has. */
  invite: Invite | undefined
  /** Why it failed. */
  error: import('./errors.js').InviteError | undefined
  /**
   * The service's id of the request that decided the outcome, to be named to the service's support: of the one that
   * failed, that made the invite, or, where none was made, that revoked last.
   */
  requestId: string | undefined
  /** The note for programs. */
  reasonCode: StepReason
}

/** What became of a plan. */
export interface Report {
  /** The version of this form: 1. */
  formatVersion: number
  /** Whether everybody is as the plan wants: each line is done or kept. */
  complete: boolean
  /** Whether the run was stopped by `stop()`. */
  stopped: boolean
  /** How many people there are with each outcome. */
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
  /** How many there are. */
  total: number
  /** How long the rest takes under the service's limits. */
  leftMs: number
  /** What became of it. If the last look at the list changes that, the step is told once more. */
  line: ReportLine
}

/** What `renew` did. */
export interface Renewed {
  /** The invite that the person has now. */
  invite: Invite
  /** The ones that it replaced, as revoked. Without any, the active one ended late enough. */
  replaced: Invite[]
  /** The service's id of the request that made the new invite, to be named to the service's support. */
  requestId: string | undefined
}

/** How `ensure` left things. */
export type Ensured =
  /** The person had no active invite: this one was made, and an e-mail sent. */
  | { outcome: 'created'; invite: Invite; member?: undefined }
  /** The person has this one, whose permission and end may be others than those asked for. */
  | { outcome: 'existing'; invite: Invite; member?: undefined }
  /** The person is in already; nothing was sent. */
  | { outcome: 'member'; member: Member; invite?: undefined }

/** A field in which an invite, or a membership, differs from what was asked for. */
export type Difference = 'permission' | 'landscapePermissions' | 'expiresAt'

/** A new permission of a member, and new landscapes. */
export interface MemberUpdate {
  /** What the member may do. */
  permission: Permission
  /** Which landscapes the member may see, instead of the current ones. Without it they do not change. */
  landscapePermissions?: Record<string, boolean> | undefined
}

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

/** The organization's paid seats. `write` and `admin` take one, members and active invites alike. */
export interface Seats {
  /** Seats paid for. */
  paid: number
  /** Members with `write` or `admin`. */
  taken: number
  /** Active invites with `write` or `admin`. */
  promised: number
  /** Seats left, never below zero. */
  free: number
}

/** What every call takes last. */
export interface CallOptions {
  /**
   * Aborts the call: its request is dropped, in a wait between tries as well, and the promise rejects with the
   * signal's reason. One that is aborted already sends nothing. After an aborted create or ensure an invite may exist.
   */
  signal?: AbortSignal | null | undefined
  /** The limit for this whole call, in place of the client's. */
  timeoutMs?: number | undefined
}

/** What a client made by `withOptions` has of its own. */
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

/** Just below the documented limits, or no limit of the client's own. */
export type Pace = 'documented' | 'none'

/** How many requests the service takes in a window of time. */
export interface RateLimit {
  requests: number
  windowMs: number
}

/** Options of a client beside its key and organization. */
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
  /** Certificate authorities to trust beside those of the system, in PEM: a company's own. */
  caCertificate?: string | undefined
  /** What is added to the `User-Agent`: the name of a program. */
  userAgentSuffix?: string | undefined
  /** The longest response that is read, in bytes after unpacking. 256 MiB unless set. */
  maxBodyBytes?: number | undefined
  /**
   * How long a connection that is not used remains open. 30 s unless set; shorter where a proxy or a gateway closes
   * connections sooner.
   */
  idleTimeoutMs?: number | undefined
  // Written by `cargo xtask options` to here.
  /** `http://[user:password@]host:port`. Without it `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` count. */
  proxy?: string | undefined
  /**
   * The certificate that the client shows to a server which asks for one, such as a company's gateway: the chain and the
   * private key, not encrypted, in one PEM text.
   */
  clientCertificate?: string | undefined
  /**
   * The pace of the requests. Unless set, just below the documented limits, 60 writes and 2,400 reads a minute, so that a
   * bulk run meets hardly any refusal; the same for a class that is left out or null. With `'none'`, for both classes
   * or for one, only the service's own responses slow the client down: for servers without a limit.
   */
  pacing?: Pace | { reads?: RateLimit | Pace | null | undefined; writes?: RateLimit | Pace | null | undefined } | null | undefined
  /**
   * Sees each attempt when it has ended, before the call's promise settles. The key is in no part of an event.
   * What it throws becomes an uncaught exception and disturbs no call.
   */
  onEvent?: ((event: InviteEvent) => void) | undefined
}

/** Options of a client. */
export interface ClientOptions extends ConnectionOptions {
  /** `<id>:<hex secret>`; only an admin of the organization can make one. Without one the constructor throws. */
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

/** One attempt at a request, told when it has ended. */
export interface InviteEvent {
  operation: 'list_invites' | 'create_invite' | 'revoke_invite' | 'list_members' | 'update_member' | 'remove_member' | 'read_organization'
  /** Number of this attempt at the request, from 1. */
  attempt: number
  /** The HTTP status, if there was an answer. */
  status?: number
  /** From before the request was sent until its answer was read, or it failed. */
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

/** What an error tells. Without `kind` the class says it. */
export interface InviteErrorDetails {
  kind?: ErrorKind | undefined
  /** What happened. */
  message: string
  /** What to do next. */
  advice?: string
  /** Both: the message of the Error. Without it that is `message` alone. */
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
