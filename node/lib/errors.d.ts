/** @import { ErrorKind, InviteErrorDetails } from './types' */
/**
 * Why a call failed. Every error of this package is one; `kind` and the class say which.
 *
 * `message` says what happened and what to do next. No part of an error contains the API key.
 */
export class InviteError extends Error {
    /**
     * Made by the package; by hand in tests that need one.
     *
     * @param {InviteErrorDetails} details
     */
    constructor(details: InviteErrorDetails);
    /**
     * What kind of error this is: `seats_exhausted`. The same in every language.
     *
     * @type {ErrorKind}
     * @readonly
     */
    readonly kind: ErrorKind;
    /**
     * What to do next, in a sentence.
     *
     * @type {string}
     * @readonly
     */
    readonly advice: string;
    /**
     * How often the request that failed was sent: 0 if none was.
     *
     * @type {number}
     * @readonly
     */
    readonly attempts: number;
    /**
     * Whether the same call may succeed later and is safe to repeat: no invite was made.
     *
     * @type {boolean}
     * @readonly
     */
    readonly retryable: boolean;
    /**
     * Whether an invite may have been made although the call returned none.
     *
     * @type {boolean}
     * @readonly
     */
    readonly inviteMayExist: boolean;
    /**
     * What the service did not accept, in the service's words.
     *
     * @type {readonly string[]}
     */
    errors: readonly string[];
    /**
     * The HTTP status of the last response, if there was one.
     *
     * @type {number | undefined}
     * @readonly
     */
    readonly status: number | undefined;
    /**
     * `code` of the service's error body, if it has one.
     *
     * @type {string | undefined}
     * @readonly
     */
    readonly code: string | undefined;
    /**
     * The service's id of the last request, for its support.
     *
     * @type {string | undefined}
     * @readonly
     */
    readonly requestId: string | undefined;
    /**
     * How long the service asked to wait, if it did.
     *
     * @type {number | undefined}
     * @readonly
     */
    readonly retryAfterMs: number | undefined;
    /** The error as JSON, the same in every language; absent values are null. */
    toJSON(): {
        kind: ErrorKind;
        message: string;
        advice: string;
        full: string;
        status: number | null;
        code: string | null;
        errors: readonly string[];
        requestId: string | null;
        attempts: number;
        retryable: boolean;
        retryAfterMs: number | null;
        inviteMayExist: boolean;
    };
    #private;
}
/** An argument or an option is invalid. Nothing was sent. */
export class InvalidInputError extends InviteError {
}
/** 401: the service does not know the key. */
export class UnauthorizedError extends InviteError {
}
/** 403: the key is not allowed to do this. */
export class ForbiddenError extends InviteError {
}
/** 404: no such organization or invite, or the key is not allowed to see it. */
export class NotFoundError extends InviteError {
}
/** 409 to a create: all paid seats are assigned. */
export class SeatsExhaustedError extends InviteError {
}
/** Any other 409. The message has the service's text. */
export class ConflictError extends InviteError {
}
/** 400, 422 or another rejection: the service read the request and did not accept it. See `errors`. */
export class RejectedError extends InviteError {
}
/** 429, and the requested wait (`retryAfterMs`) is longer than the time left for the call. */
export class RateLimitedError extends InviteError {
}
/** 5xx: the service, or a server in front of it, failed. */
export class ServerError extends InviteError {
}
/** A time limit was reached: connecting, the first byte, a read of the body, or the whole call. */
export class TimeoutError extends InviteError {
}
/** No connection could be made, or it broke. See `cause`. */
export class ConnectionError extends InviteError {
}
/** The response does not match the API documentation: HTML, a redirect, missing fields, too large. */
export class UnexpectedAnswerError extends InviteError {
}
/** A create was sent, no response came, and the list could not show in time whether the invite was made. */
export class OutcomeUnknownError extends InviteError {
}
/** An iterated run was left before it had ended. A call that is aborted rejects with its signal's reason instead. */
export class CancelledError extends InviteError {
}
/** The client was closed, before the call or during it. */
export class ClosedError extends InviteError {
}
/** Every class by its kind. @type {Record<ErrorKind, typeof InviteError>} */
export const CLASSES: Record<ErrorKind, typeof InviteError>;
/**
 * The error that Rust returned.
 *
 * @param {InviteErrorDetails} details
 * @returns {InviteError}
 */
export function errorOf(details: InviteErrorDetails): InviteError;
/**
 * Records where a call is made. Stacks are formatted when they are read, so this costs little.
 *
 * @param {Function} method the method whose caller shall be the first line
 * @returns {{ stack?: string }}
 */
export function here(method: Function): {
    stack?: string;
};
/**
 * Puts the place of the call into an error that came from elsewhere.
 *
 * @template {Error} E
 * @param {E} error
 * @param {{ stack?: string }} place
 * @returns {E}
 */
export function at<E extends Error>(error: E, place: {
    stack?: string;
}): E;
import type { ErrorKind } from './types';
import type { InviteErrorDetails } from './types';
