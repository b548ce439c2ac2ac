package icepanel.invites

import java.util.concurrent.CancellationException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import icepanel.invites.ffi.ErrorDetails
import icepanel.invites.ffi.ErrorKind
import icepanel.invites.ffi.cancelled as nativeCancelled
import icepanel.invites.ffi.closed as nativeClosed
import icepanel.invites.ffi.invalidInput as nativeInvalidInput

/**
 * Why a call did not do what was asked. The class says which kind of thing went wrong; [message] says what happened and
 * what to do next. No part of it has the API key. It is unchecked, as Kotlin's exceptions are, so that Java can catch it
 * wherever it is thrown.
 *
 * @property kind the kind's name, the same in every language: `seats_exhausted`
 * @property reason what happened, without the advice
 * @property advice what to do next
 * @property status the HTTP status of the last answer, if there was one
 * @property code `code` of the service's error body
 * @property errors `errors` of the service's error body: what it did not accept
 * @property requestId the service's id of the last request, to name to its support
 * @property attempts how often the request was sent
 * @property isRetryable whether the same call may succeed later and is safe to make again: no invite was made
 * @property retryAfterMillis how long the service asked to wait, in milliseconds
 * @property inviteMayExist whether an invite may have been made although the call did not return one
 */
public sealed class InviteException(details: Details) : RuntimeException(details.text, details.cause) {
    public val kind: String = details.native.kindText
    public val reason: String = details.native.message
    public val advice: String = details.native.advice
    public val status: Int? = details.native.status?.toInt()
    public val code: String? = details.native.code
    public val errors: List<String> = details.native.errors
    public val requestId: String? = details.native.requestId
    public val attempts: Int = details.native.attempts.toULong().toIntOrMax()
    public val isRetryable: Boolean = details.native.retryable
    public val retryAfterMillis: Long? = details.native.retryAfterMs?.toLongOrMax()
    public val inviteMayExist: Boolean = details.native.inviteMayExist

    /** How long the service asked to wait, if it did. */
    public val retryAfter: Duration? get() = retryAfterMillis?.milliseconds

    /** What an exception is made of; only this package makes it. */
    public class Details internal constructor(internal val native: ErrorDetails) {
        internal val text get() = native.full
        internal val cause get() = native.causes.foldRight(null as Throwable?) { text, cause -> Exception(text, cause) }
    }

    /** An argument or an option cannot be right. Nothing was sent. */
    public class InvalidInput internal constructor(details: Details) : InviteException(details)

    /** 401: the service does not know the key. */
    public class Unauthorized internal constructor(details: Details) : InviteException(details)

    /** 403: the key may not do this. */
    public class Forbidden internal constructor(details: Details) : InviteException(details)

    /** 404: no such organization or invite, or none that the key may see. */
    public class NotFound internal constructor(details: Details) : InviteException(details)

    /** 409 to a create: all paid seats are assigned. */
    public class SeatsExhausted internal constructor(details: Details) : InviteException(details)

    /** Any other 409. The service's words are in the message. */
    public class Conflict internal constructor(details: Details) : InviteException(details)

    /** 400, 422 or another refusal: the service read the request and did not accept it. See [errors]. */
    public class Rejected internal constructor(details: Details) : InviteException(details)

    /** 429, and the wait asked for ([retryAfter]) does not fit in the time that the call has left. */
    public class RateLimited internal constructor(details: Details) : InviteException(details)

    /** 5xx: the service, or something in front of it, failed. */
    public class Server internal constructor(details: Details) : InviteException(details)

    /** A limit on time passed: connecting, the first byte, a read of the body, or the whole call. */
    public class Timeout internal constructor(details: Details) : InviteException(details)

    /** No connection could be made, or it broke. See [cause]. */
    public class Connection internal constructor(details: Details) : InviteException(details)

    /** The answer is not what the API documents: HTML, a redirect, missing fields, too large. */
    public class UnexpectedAnswer internal constructor(details: Details) : InviteException(details)

    /** A create was sent, no answer came, and the list could not tell in time whether it was carried out. */
    public class OutcomeUnknown internal constructor(details: Details) : InviteException(details)

    /**
     * The call was cancelled. It is not thrown: a coroutine that is cancelled throws a [CancellationException], as coroutines
     * do, whose [invite] is this.
     */
    public class Cancelled internal constructor(details: Details) : InviteException(details)

    /** The client was [closed][InviteClient.close], before the call or during it. */
    public class Closed internal constructor(details: Details) : InviteException(details)

    internal companion object {
        fun of(native: ErrorDetails): InviteException {
            val details = Details(native)
            return when (native.kind) {
                ErrorKind.INVALID_INPUT -> InvalidInput(details)
                ErrorKind.UNAUTHORIZED -> Unauthorized(details)
                ErrorKind.FORBIDDEN -> Forbidden(details)
                ErrorKind.NOT_FOUND -> NotFound(details)
                ErrorKind.SEATS_EXHAUSTED -> SeatsExhausted(details)
                ErrorKind.CONFLICT -> Conflict(details)
                ErrorKind.REJECTED -> Rejected(details)
                ErrorKind.RATE_LIMITED -> RateLimited(details)
                ErrorKind.SERVER -> Server(details)
                ErrorKind.TIMEOUT -> Timeout(details)
                ErrorKind.CONNECTION -> Connection(details)
                ErrorKind.UNEXPECTED_ANSWER -> UnexpectedAnswer(details)
                ErrorKind.OUTCOME_UNKNOWN -> OutcomeUnknown(details)
                ErrorKind.CANCELLED -> Cancelled(details)
                ErrorKind.CLOSED -> Closed(details)
            }
        }
    }
}

/**
 * What a cancelled call of this package left behind, if this comes from one: `cancellation.invite?.inviteMayExist`. Of
 * several calls that one time-out stopped, one of which an invite may exist.
 */
public val CancellationException.invite: InviteException.Cancelled?
    get() = generateSequence(this as Throwable) { it.cause }.flatMap { listOf(it) + it.suppressed }
        .filterIsInstance<InviteException.Cancelled>().maxByOrNull { it.inviteMayExist }

/**
 * The same with a note of what a call left behind. Many calls may share it: it keeps one note of each kind. It may be a copy
 * with a longer stack, so the one that was copied gets the note too.
 */
internal fun CancellationException.noting(left: InviteException): CancellationException = apply {
    generateSequence(this as Throwable) { it.cause }.forEach { each ->
        if (each.suppressed.none { it is InviteException && it.inviteMayExist == left.inviteMayExist }) each.addSuppressed(left)
    }
}

internal fun invalidInput(message: String) = InviteException.of(nativeInvalidInput(message))

internal fun cancelled(operation: String) = InviteException.of(nativeCancelled(operation))

internal fun closed() = InviteException.of(nativeClosed())
