'use strict'

const { InviteClient } = require('./lib/client.js')
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
} = require('./lib/errors.js')

/**
 * @typedef {import('./lib/types').Actor} Actor
 * @typedef {import('./lib/types').CallOptions} CallOptions
 * @typedef {import('./lib/types').ClientChanges} ClientChanges
 * @typedef {import('./lib/types').ClientOptions} ClientOptions
 * @typedef {import('./lib/types').ConnectionOptions} ConnectionOptions
 * @typedef {import('./lib/types').Duration} Duration
 * @typedef {import('./lib/types').Ensured} Ensured
 * @typedef {import('./lib/types').ErrorKind} ErrorKind
 * @typedef {import('./lib/types').Invite} Invite
 * @typedef {import('./lib/types').InviteErrorDetails} InviteErrorDetails
 * @typedef {import('./lib/types').InviteEvent} InviteEvent
 * @typedef {import('./lib/types').InviteFilter} InviteFilter
 * @typedef {import('./lib/types').InviteStatus} InviteStatus
 * @typedef {import('./lib/types').LandscapePermissions} LandscapePermissions
 * @typedef {import('./lib/types').Member} Member
 * @typedef {import('./lib/types').NewInvite} NewInvite
 * @typedef {import('./lib/types').Permission} Permission
 * @typedef {import('./lib/types').RateLimit} RateLimit
 * @typedef {import('./lib/types').Seats} Seats
 */

module.exports = {
  InviteClient,
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
}
