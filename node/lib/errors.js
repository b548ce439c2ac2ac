'use strict'

// The error kinds as classes. Rust decides the content of an error; here it becomes an Error.

/** @import { ErrorKind, InviteErrorDetails } from './types' */

/**
 * Why a call failed. Every error of this package is one; `kind` and the class say which.
 *
 * `message` says what happened and what to do next. No part of an error contains the API key.
 */
class InviteError extends Error {
  /** The message without the advice. */
  #what

  /**
   * Made by the package; by hand in tests that need one.
   *
   * @param {InviteErrorDetails} details
   */
  constructor(details) {
    const { message, advice = '', full = message } = details
    super(full)
    this.#what = message
    /**
     * What kind of error this is: `seats_exhausted`. The same in every language.
     *
     * @type {ErrorKind}
     * @readonly
     */
    this.kind = details.kind ?? kindOf(this)
    /**
     * What to do next, in a sentence.
     *
     * @type {string}
     * @readonly
     */
    this.advice = advice
    /**
     * How often the request that failed was sent: 0 if none was.
     *
     * @type {number}
     * @readonly
     */
    this.attempts = details.attempts ?? 0
    /**
     * Whether the same call may succeed later and is safe to repeat: no invite was made.
     *
     * @type {boolean}
     * @readonly
     */
    this.retryable = details.retryable ?? false
    /**
     * Whether an invite may have been made although the call returned none.
     *
     * @type {boolean}
     * @readonly
     */
    this.inviteMayExist = details.inviteMayExist ?? false
    /**
     * What the service did not accept, in the service's words.
     *
     * @type {readonly string[]}
     */
    this.errors = details.errors ?? []
    /**
     * The HTTP status of the last response, if there was one.
     *
     * @type {number | undefined}
     * @readonly
     */
    this.status = details.status ?? undefined
    /**
     * `code` of the service's error body, if it has one.
     *
     * @type {string | undefined}
     * @readonly
     */
    this.code = details.code ?? undefined
    /**
     * The service's id of the last request, for its support.
     *
     * @type {string | undefined}
     * @readonly
     */
    this.requestId = details.requestId ?? undefined
    /**
     * How long the service asked to wait, if it did.
     *
     * @type {number | undefined}
     * @readonly
     */
    this.retryAfterMs = details.retryAfterMs ?? undefined
    if (details.causes?.length) {
      // As the `cause` option of Error defines it: not enumerable.
      Object.defineProperty(this, 'cause', { value: causeOf(details.causes), configurable: true, writable: true })
    }
  }

  /** The error as JSON, the same in every language; absent values are null. */
  toJSON() {
    return {
      kind: this.kind,
      message: this.#what,
      advice: this.advice,
      full: this.message,
      status: this.status ?? null,
      code: this.code ?? null,
      errors: this.errors,
      requestId: this.requestId ?? null,
      attempts: this.attempts,
      retryable: this.retryable,
      retryAfterMs: this.retryAfterMs ?? null,
      inviteMayExist: this.inviteMayExist,
    }
  }
}

/** An argument or an option is invalid. Nothing was sent. */
class InvalidInputError extends InviteError {}
/** 401: the service does not know the key. */
class UnauthorizedError extends InviteError {}
/** 403: the key is not allowed to do this. */
class ForbiddenError extends InviteError {}
/** 404: no such organization or invite, or the key is not allowed to see it. */
class NotFoundError extends InviteError {}
/** 409 to a create: all paid seats are assigned. */
class SeatsExhaustedError extends InviteError {}
/** Any other 409. The message has the service's text. */
class ConflictError extends InviteError {}
/** 400, 422 or another rejection: the service read the request and did not accept it. See `errors`. */
class RejectedError extends InviteError {}
/** 429, and the requested wait (`retryAfterMs`) is longer than the time left for the call. */
class RateLimitedError extends InviteError {}
/** 5xx: the service, or a server in front of it, failed. */
class ServerError extends InviteError {}
/** A time limit was reached: connecting, the first byte, a read of the body, or the whole call. */
class TimeoutError extends InviteError {}
/** No connection could be made, or it broke. See `cause`. */
class ConnectionError extends InviteError {}
/** The response does not match the API documentation: HTML, a redirect, missing fields, too large. */
class UnexpectedAnswerError extends InviteError {}
/** A create was sent, no response came, and the list could not show in time whether the invite was made. */
class OutcomeUnknownError extends InviteError {}
/** An iterated run was left before it had ended. A call that is aborted rejects with its signal's reason instead. */
class CancelledError extends InviteError {}
/** The client was closed, before the call or during it. */
class ClosedError extends InviteError {}

/** Every class by its kind. @type {Record<ErrorKind, typeof InviteError>} */
const CLASSES = {
  invalid_input: InvalidInputError,
  unauthorized: UnauthorizedError,
  forbidden: ForbiddenError,
  not_found: NotFoundError,
  seats_exhausted: SeatsExhaustedError,
  conflict: ConflictError,
  rejected: RejectedError,
  rate_limited: RateLimitedError,
  server: ServerError,
  timeout: TimeoutError,
  connection: ConnectionError,
  unexpected_answer: UnexpectedAnswerError,
  outcome_unknown: OutcomeUnknownError,
  cancelled: CancelledError,
  closed: ClosedError,
}

for (const Class of [InviteError, ...Object.values(CLASSES)]) {
  // On the prototype, as for Error: an own property would be printed with every error.
  Object.defineProperty(Class.prototype, 'name', { value: Class.name, configurable: true, writable: true })
}

/** @param {InviteError} error */
function kindOf(error) {
  const found = Object.entries(CLASSES).find(([, Class]) => error instanceof Class)
  return /** @type {ErrorKind} */ (found ? found[0] : 'unexpected_answer')
}

/**
 * A chain of causes as errors.
 *
 * @param {readonly string[]} causes
 * @returns {Error | undefined}
 */
function causeOf([text, ...rest]) {
  if (text === undefined) return undefined
  const error = rest.length ? new Error(text, { cause: causeOf(rest) }) : new Error(text)
  // Made here from Rust's data: the stack of this file would not help.
  error.stack = `Error: ${text}`
  return error
}

/**
 * The error that Rust returned.
 *
 * @param {InviteErrorDetails} details
 * @returns {InviteError}
 */
function errorOf(details) {
  const Class = CLASSES[/** @type {ErrorKind} */ (details.kind)] ?? InviteError
  return new Class(details)
}

/**
 * Records where a call is made. Stacks are formatted when they are read, so this costs little.
 *
 * @param {Function} method the method whose caller shall be the first line
 * @returns {{ stack?: string }}
 */
function here(method) {
  const place = {}
  Error.captureStackTrace(place, method)
  return place
}

/**
 * Puts the place of the call into an error that came from elsewhere.
 *
 * @template {Error} E
 * @param {E} error
 * @param {{ stack?: string }} place
 * @returns {E}
 */
function at(error, place) {
  const stack = place.stack
  const frames = typeof stack === 'string' ? stack.indexOf('\n') : -1
  if (frames >= 0) error.stack = `${error.name}: ${error.message}${stack?.slice(frames)}`
  return error
}

module.exports = {
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
  CLASSES,
  errorOf,
  here,
  at,
}
