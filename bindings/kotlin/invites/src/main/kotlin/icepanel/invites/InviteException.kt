package icepanel.invites

import java.util.concurrent.CancellationException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * Why a call failed. The class shows the kind of error; [message] says what happened and what to do next. No part of it
 * contains the API key. It is unchecked, as Kotlin's exceptions are, so that Java can catch it wherever it is thrown.
 *
 * @property kind the kind's name, the same in every language: `seats_exhausted`
 * @property reason what happened, without the advice
 * @property advice what to do next
 * @property status the HTTP status of the last response, if there was one
 * @property code `code` of the service's error body
 * @property errors `errors` of the service's error body: what it did not accept
 * @property requestId the service's id of the last request, for its support
 * @property attempts how often the request was sent
 * @property isRetryable whether the same call may succeed later and is safe to repeat: no invite was made
 * @property retryAfterMillis how long the service asked to wait, in milliseconds
 * @property inviteMayExist whether an invite may have been made although the call returned none
 */
public sealed class InviteException(public val kind: String, details: Details) : RuntimeException(details.text, details.cause) {
    public val reason: String = details.reason
    public val advice: String = details.advice
    public val status: Int? = details.status
    public val code: String? = details.code
    public val errors: List<String> = details.errors
    public val requestId: String? = details.requestId
    public val attempts: Int = details.attempts
    public val isRetryable: Boolean = details.isRetryable
    public val retryAfterMillis: Long? = details.retryAfterMillis
    public val inviteMayExist: Boolean = details.inviteMayExist

    /** How long the service asked to wait, if it did. */
    public val retryAfter: Duration? get() = retryAfterMillis?.milliseconds

    internal fun parts(): ErrorParts = ErrorParts(
        kind = kind,
        message = reason,
        advice = advice,
        full = message.orEmpty(),
        status = status?.toLong(),
        code = code,
        errors = errors,
        requestId = requestId,
        attempts = attempts.toLong(),
        retryable = isRetryable,
        retryAfterMs = retryAfterMillis,
        inviteMayExist = inviteMayExist,
    )

    /**
     * The parts of an exception, for tests that create one: `InviteException.NotFound(Details("no such invite"))`.
     *
     * @property text [reason] and [advice] as sentences: the exception's message
     */
    public class Details @JvmOverloads constructor(
        public val reason: String,
        public val advice: String = "",
        public val text: String = if (advice.isEmpty()) reason else "$reason. $advice",
        public val status: Int? = null,
        public val code: String? = null,
        public val errors: List<String> = emptyList(),
        public val requestId: String? = null,
        public val attempts: Int = 1,
        public val isRetryable: Boolean = false,
        public val retryAfterMillis: Long? = null,
        public val inviteMayExist: Boolean = false,
        public val cause: Throwable? = null,
    ) {
        internal constructor(native: ErrorDetails) : this(
            reason = native.parts.message,
            advice = native.parts.advice,
            text = native.parts.full,
            status = native.parts.status?.toInt(),
            code = native.parts.code,
            errors = native.parts.errors,
            requestId = native.parts.requestId,
            attempts = native.parts.attempts.toInt(),
            isRetryable = native.parts.retryable,
            retryAfterMillis = native.parts.retryAfterMs,
            inviteMayExist = native.parts.inviteMayExist,
            cause = native.causes.foldRight(null as Throwable?) { text, cause -> Exception(text, cause) },
        )
    }

    /** An argument or an option is invalid. Nothing was sent. */
    public class InvalidInput(details: Details) : InviteException("invalid_input", details)

    /** 401: the service does not know the key. */
    public class Unauthorized(details: Details) : InviteException("unauthorized", details)

    /** 403: the key is not allowed to do this. */
    public class Forbidden(details: Details) : InviteException("forbidden", details)

    /** 404: no such organization or invite, or the key is not allowed to see it. */
    public class NotFound(details: Details) : InviteException("not_found", details)

    /** 409 to a create: all paid seats are assigned. */
    public class SeatsExhausted(details: Details) : InviteException("seats_exhausted", details)

    /** Any other 409. The message has the service's text. */
    public class Conflict(details: Details) : InviteException("conflict", details)

    /** 400, 422 or another rejection: the service read the request and did not accept it. See [errors]. */
    public class Rejected(details: Details) : InviteException("rejected", details)

    /** 429, and the requested wait ([retryAfter]) is longer than the time left for the call. */
    public class RateLimited(details: Details) : InviteException("rate_limited", details)

    /** 5xx: the service, or a server in front of it, failed. */
    public class Server(details: Details) : InviteException("server", details)

    /** A time limit was reached: connecting, the first byte, a read of the body, or the whole call. */
    public class Timeout(details: Details) : InviteException("timeout", details)

    /** No connection could be made, or it broke. See [cause]. */
    public class Connection(details: Details) : InviteException("connection", details)

    /** The response does not match the API documentation: HTML, a redirect, missing fields, too large. */
    public class UnexpectedAnswer(details: Details) : InviteException("unexpected_answer", details)

    /** A create was sent, no response came, and the list could not show in time whether the invite was made. */
    public class OutcomeUnknown(details: Details) : InviteException("outcome_unknown", details)

    /**
     * The call was cancelled. It is not thrown: a cancelled coroutine throws a [CancellationException], as coroutines
     * do, whose [invite] is this.
     */
    public class Cancelled(details: Details) : InviteException("cancelled", details)

    /** The client was [closed][InviteClient.close], before the call or during it. */
    public class Closed(details: Details) : InviteException("closed", details)

    internal companion object {
        fun of(native: ErrorDetails): InviteException {
            val details = Details(native)
            return when (native.kind) {
                NativeErrorKind.INVALID_INPUT -> InvalidInput(details)
                NativeErrorKind.UNAUTHORIZED -> Unauthorized(details)
                NativeErrorKind.FORBIDDEN -> Forbidden(details)
                NativeErrorKind.NOT_FOUND -> NotFound(details)
                NativeErrorKind.SEATS_EXHAUSTED -> SeatsExhausted(details)
                NativeErrorKind.CONFLICT -> Conflict(details)
                NativeErrorKind.REJECTED -> Rejected(details)
                NativeErrorKind.RATE_LIMITED -> RateLimited(details)
                NativeErrorKind.SERVER -> Server(details)
                NativeErrorKind.TIMEOUT -> Timeout(details)
                NativeErrorKind.CONNECTION -> Connection(details)
                NativeErrorKind.UNEXPECTED_ANSWER -> UnexpectedAnswer(details)
                NativeErrorKind.OUTCOME_UNKNOWN -> OutcomeUnknown(details)
                NativeErrorKind.CANCELLED -> Cancelled(details)
                NativeErrorKind.CLOSED -> Closed(details)
            }
        }
    }
}

/**
 * The exception of a cancelled call of this package, if this comes from one: `cancellation.invite?.inviteMayExist`. If
 * one time-out stopped several calls, it is that of a call after which an invite may exist.
 */
public val CancellationException.invite: InviteException.Cancelled?
    get() = generateSequence(this as Throwable) { it.cause }.flatMap { listOf(it) + it.suppressed }
        .filterIsInstance<InviteException.Cancelled>().maxByOrNull { it.inviteMayExist }

/**
 * The same with a note about a cancelled call. Many calls may share it: it has one note of each kind. It may be a copy
 * with a longer stack, so the original gets the note too.
 */
internal fun CancellationException.noting(left: InviteException): CancellationException = apply {
    generateSequence(this as Throwable) { it.cause }.forEach { each ->
        if (each.suppressed.none { it is InviteException && it.inviteMayExist == left.inviteMayExist }) each.addSuppressed(left)
    }
}

internal fun invalidInput(message: String) = InviteException.of(nativeInvalidInput(message))

internal fun cancelled(operation: String) = InviteException.of(nativeCancelled(operation))

internal fun closed() = InviteException.of(nativeClosed())
