// The same classes as for require: an error of one is an instance of the other's.
import all from './index.js'

export const {
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
} = all
