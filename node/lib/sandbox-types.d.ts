// The sandbox's state, faults and report: the control API's, which docs/control-api.md of the sandbox describes in full.

import type { Actor, ConnectionOptions, LandscapePermissions, Open, Permission } from './types'

/** RFC 3339, or relative to now: `+7d`, `-90s`, `+500ms`, `-1h`, `+30m`. */
export type SandboxTime = string

/** The data of the service at the start. */
export interface SandboxState {
  /** Any other organization gets a 404. `sandbox` unless set. */
  organizationId?: string
  /** Any other key gets a 401. */
  apiKey?: string
  name?: string
  /** Paid seats. 10 unless set. */
  seats?: number
  members?: readonly SandboxMember[]
  invites?: readonly SandboxInvite[]
  /** Adds this number of invites, the last `active` of them active. */
  generate?: { invites: number; active: number; seed?: number }
  /** 60 writes and 2,400 reads a minute unless set; null: none. */
  rateLimit?: { writes?: number; reads?: number; windowMs?: number; kind?: 'fixed' | 'sliding' } | null
  /** Whether a second active invite for an address gets a 409. */
  refuseSecondActive?: boolean
  /** Whether an invite for a member gets a 409. */
  refuseMembers?: boolean
  behaviour?: SandboxBehaviour
  /** The faults of the next requests. */
  faults?: readonly SandboxFault[]
}

/** A member at the start. */
export interface SandboxMember {
  email: string
  permission: Permission
  name?: string
  jobRole?: string
  lastActiveAt?: SandboxTime
  landscapePermissions?: LandscapePermissions
  userId?: string
}

/** An invite that exists at the start. It expires in 7 days and was made a day ago unless set. */
export interface SandboxInvite {
  email: string
  permission: Permission
  expiresAt?: SandboxTime
  createdAt?: SandboxTime
  createdBy?: Actor
  createdById?: string
  usedAt?: SandboxTime
  usedByUserId?: string
  revokedAt?: SandboxTime
  revokedBy?: Actor
  revokedById?: string
  landscapePermissions?: LandscapePermissions
  id?: string
}

/** How the sandbox writes its data. */
export interface SandboxBehaviour {
  timePrecision?: 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds'
  timeRounding?: 'down' | 'nearest' | 'up'
  emailCase?: 'kept' | 'lower' | 'upper'
  clockSkewSeconds?: number
  dateSkewSeconds?: number
  dateHeader?: 'present' | 'absent' | 'garbled'
  longestExpirySeconds?: number
  listLagMs?: number
  listLagReads?: number
  memberLagMs?: number
  requestId?: boolean
  extraFields?: boolean
  gzip?: boolean
}

/** A fault of the next requests. */
export interface SandboxFault {
  fault:
    | 'status'
    | 'act_then_status'
    | 'cut'
    | 'act_then_cut'
    | 'hang'
    | 'act_then_hang'
    | 'slow_headers'
    | 'late_act'
    | 'stall_body'
    | 'short_body'
    | 'drip'
    | 'html'
    | 'truncated_json'
    | 'missing_fields'
    | 'null_fields'
    | 'unknown_values'
    | 'duplicate_entries'
    | 'next_page'
    | 'redirect'
  /** Which requests it meets. `any` unless set. */
  on?: 'list' | 'create' | 'revoke' | 'organization' | 'members' | 'updateMember' | 'removeMember' | 'read' | 'write' | 'any'
  /** How many it meets; null: all. 1 unless set. */
  times?: number | null
  /** How many requests pass before it. */
  skip?: number
  /** Only creates for this address, letter case ignored. */
  email?: string
  probability?: number
  seed?: number
  status?: number
  headers?: Record<string, string>
  body?: unknown
  delayMs?: number
  fields?: readonly string[]
  location?: string
}

/** What happened since the state was set. */
export interface SandboxReport {
  /** What arrived, refused requests too. */
  requests: Record<
    'list' | 'create' | 'revoke' | 'organization' | 'members' | 'updateMember' | 'removeMember' | 'other',
    number
  >
  /** How often each status was sent. */
  answers: Record<string, number>
  /** Invites ever made by a create, one e-mail each, by address in lower case. */
  invitesMade: Record<string, number>
  activeInvites: Record<string, number>
  invitesMadeTotal: number
  activeInvitesTotal: number
  addressesInvitedTwice: string[]
  /** The members now, each with the user id. */
  members: SandboxMember[]
  /** The smallest number of members with `admin` at any time since the state was set. */
  fewestAdmins: number
  rateLimited: number
  /** Requests whose client disconnected before the response was complete. */
  abandoned: number
  /** Requests that have no complete response yet. */
  inFlight: number
  connections: number
  keySentElsewhere: boolean
  unexpectedHeaders: string[]
  /** The last 10,000 requests, oldest first. */
  log: SandboxLogEntry[]
}

/** A request that the sandbox received. */
export interface SandboxLogEntry {
  operation: Open<
    'list' | 'create' | 'revoke' | 'organization' | 'members' | 'updateMember' | 'removeMember' | 'other'
  >
  method: string
  path: string
  status: number | null
  fault: string | null
  atMs: number
  body: unknown
  answer: unknown
}

/** Options of a client of the sandbox. */
export interface SandboxClientOptions extends ConnectionOptions {
  apiKey?: string | undefined
  organizationId?: string | undefined
  /**
   * Whether waits between attempts take no time: yes unless set to false. Limits on the network remain in real time.
   */
  skipWaits?: boolean | undefined
  /** No rate limit of its own unless set; `{}` is the documented one. */
  pacing?: ConnectionOptions['pacing']
}
