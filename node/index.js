'use strict'

const { InviteClient } = require('./lib/client.js')
const errors = require('./lib/errors.js')

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
 * @typedef {import('./lib/types').Seats} Seats
 */

exports.InviteClient = InviteClient
exports.InviteError = errors.InviteError
exports.InvalidInputError = errors.InvalidInputError
exports.UnauthorizedError = errors.UnauthorizedError
exports.ForbiddenError = errors.ForbiddenError
exports.NotFoundError = errors.NotFoundError
exports.SeatsExhaustedError = errors.SeatsExhaustedError
exports.ConflictError = errors.ConflictError
exports.RejectedError = errors.RejectedError
exports.RateLimitedError = errors.RateLimitedError
exports.ServerError = errors.ServerError
exports.TimeoutError = errors.TimeoutError
exports.ConnectionError = errors.ConnectionError
exports.UnexpectedAnswerError = errors.UnexpectedAnswerError
exports.OutcomeUnknownError = errors.OutcomeUnknownError
exports.CancelledError = errors.CancelledError
