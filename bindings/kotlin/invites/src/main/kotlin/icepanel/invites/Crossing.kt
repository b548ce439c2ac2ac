package icepanel.invites

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.withContext
import java.nio.charset.CharacterCodingException
import kotlin.coroutines.ContinuationInterceptor
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * The threads on which calls begin and end in Kotlin: never the library's own threads, on which all calls and time-outs
 * depend. If a coroutine has no dispatcher (`suspend fun main`, [Dispatchers.Unconfined], a Spring controller), the
 * code after a call continues here, and the callbacks of Java's futures run here. There is a thread for each one that
 * blocks, so that they may wait for each other.
 */
internal val CallThreads: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(1024, "icepanel-invites")

/**
 * Runs a call on [CallThreads], unless the caller's threads serve as well: [Dispatchers.Default] and [Dispatchers.IO] are
 * made for work that takes a while, such as reading a long list, and always run a coroutine on a thread of their own.
 * Another dispatcher may run it on the thread of the library that wakes it, or on the main thread of an app.
 */
internal suspend fun <T> onCallThreads(run: suspend () -> T): T = when (currentCoroutineContext()[ContinuationInterceptor]) {
    Dispatchers.Default, Dispatchers.IO -> run()
    else -> withContext(CallThreads) { run() }
}

/** Runs a function of the library, and throws the exceptions of this package. */
internal inline fun <T> crossing(run: () -> T): T = try {
    run()
} catch (failure: Exception) {
    throw publicError(failure)
}

/** An exception of the library, as an exception of this package. */
internal fun publicError(failure: Exception): Exception = when (failure) {
    is Failure.Core -> InviteException.of(failure.error)
    is CharacterCodingException -> invalidInput("a text is not Unicode: it has half of a surrogate pair")
    is InternalException -> IllegalStateException("a bug in icepanel-invites: ${failure.message}", failure)
    else -> failure
}

/**
 * A duration as the library expects it: the library rejects negative and too long ones. Rounded away from zero, so that
 * neither a positive nor a negative one becomes zero.
 */
internal fun Duration.toMillis(): Long {
    val whole = inWholeMilliseconds
    return when {
        isInfinite() || this == whole.milliseconds -> whole
        else -> whole + if (isPositive()) 1 else -1
    }
}

/** A number of the library, which may be larger than any here. */
internal fun ULong.toLongOrMax(): Long = minOf(this, Long.MAX_VALUE.toULong()).toLong()

/** As [toLongOrMax]. */
internal fun ULong.toIntOrMax(): Int = minOf(this, Int.MAX_VALUE.toULong()).toInt()
