'use strict'

const { InviteClient } = require('./lib/client.js')
const { Roster } = require('./lib/roster.js')
const { differsFrom } = require('./lib/difference.js')
const {
  InviteError,
  InvalidInputError,
  UnauthorizedError,
  ForbiddenError,
  NotFoundError,
  SeatsExhaustedError,
  ConflictError,
  RejectedError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  ConnectionError,
  UnexpectedAnswerError,
  OutcomeUnknownError,
  CancelledError,
  ClosedError,
} = require('./lib/errors.js')

/**
 * @typedef {import('./lib/types').Action} Action
 * @typedef {import('./lib/types').Actor} Actor
 * @typedef {import('./lib/types').ApplyOptions} ApplyOptions
 * @typedef {import('./lib/types').CallOptions} CallOptions
 * @typedef {import('./lib/types').ClientChanges} ClientChanges
 * @typedef {import('./lib/types').ClientOptions} ClientOptions
 * @typedef {import('./lib/types').ConnectionOptions} ConnectionOptions
 * @typedef {import('./lib/types').Difference} Difference
 * @typedef {import('./lib/types').DumpOptions} DumpOptions
 * @typedef {import('./lib/types').Duration} Duration
 * @typedef {import('./lib/types').Ensured} Ensured
 * @typedef {import('./lib/types').ErrorKind} ErrorKind
 * @typedef {import('./lib/types').Held} Held
 * @typedef {import('./lib/types').Invite} Invite
 * @typedef {import('./lib/types').InviteErrorDetails} InviteErrorDetails
 * @typedef {import('./lib/types').InviteEvent} InviteEvent
 * @typedef {import('./lib/types').InviteFilter} InviteFilter
 * @typedef {import('./lib/types').InviteStatus} InviteStatus
 * @typedef {import('./lib/types').LandscapePermissions} LandscapePermissions
 * @typedef {import('./lib/types').Member} Member
 * @typedef {import('./lib/types').NewInvite} NewInvite
 * @typedef {import('./lib/types').Outcome} Outcome
 * @typedef {import('./lib/types').Permission} Permission
 * @typedef {import('./lib/types').Plan} Plan
 * @typedef {import('./lib/types').PlanOptions} PlanOptions
 * @typedef {import('./lib/types').PlanDomain} PlanDomain
 * @typedef {import('./lib/types').PlanExpiring} PlanExpiring
 * @typedef {import('./lib/types').PlanPruning} PlanPruning
 * @typedef {import('./lib/types').PlanRemoval} PlanRemoval
 * @typedef {import('./lib/types').PlanSeats} PlanSeats
 * @typedef {import('./lib/types').PlanSummary} PlanSummary
 * @typedef {import('./lib/types').Progress} Progress
 * @typedef {import('./lib/types').RateLimit} RateLimit
 * @typedef {import('./lib/types').Renewed} Renewed
 * @typedef {import('./lib/types').Report} Report
 * @typedef {import('./lib/types').ReportLine} ReportLine
 * @typedef {import('./lib/types').RosterDocument} RosterDocument
 * @typedef {import('./lib/types').RosterEntry} RosterEntry
 * @typedef {import('./lib/roster.js').Run} Run
 * @typedef {import('./lib/types').Seats} Seats
 * @typedef {import('./lib/types').Step} Step
 * @typedef {import('./lib/types').StepReason} StepReason
 */

module.exports = {
  InviteClient,
  Roster,
  differsFrom,
  InviteError,
  InvalidInputError,
  UnauthorizedError,
  ForbiddenError,
  NotFoundError,
  SeatsExhaustedError,
  ConflictError,
  RejectedError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  ConnectionError,
  UnexpectedAnswerError,
  OutcomeUnknownError,
  CancelledError,
  ClosedError,
}
