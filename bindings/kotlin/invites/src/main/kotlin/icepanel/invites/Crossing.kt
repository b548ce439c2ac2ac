package icepanel.invites

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import java.nio.charset.CharacterCodingException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * Where the calls begin and end in Kotlin: never on the library's own threads, on which all calls and time-outs depend.
 * Where a coroutine has no dispatcher (`suspend fun main`, [Dispatchers.Unconfined], a controller of Spring's), the code
 * after a call goes on here, and the callbacks of Java's futures run here. There is a thread for each that blocks, so that
 * they may wait for each other.
 */
internal val CallThreads: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(1024, "icepanel-invites")

/** Runs a function of the library, and throws what this package throws. */
internal inline fun <T> crossing(run: () -> T): T = try {
    run()
} catch (failure: Exception) {
    throw told(failure)
}

/** What the library threw, as this package tells it. */
internal fun told(failure: Exception): Exception = when (failure) {
    is Failure.Told -> InviteException.of(failure.error)
    is CharacterCodingException -> invalidInput("a text is not Unicode: it has half of a surrogate pair")
    is InternalException -> IllegalStateException("a bug in icepanel-invites: ${failure.message}", failure)
    else -> failure
}

/**
 * A duration as the library takes it: what is negative or too long is its affair. Rounded away from zero, so that a
 * positive one never becomes zero, and a negative one neither.
 */
internal fun Duration.toMillis(): Long {
    val whole = inWholeMilliseconds
    return when {
        isInfinite() || this == whole.milliseconds -> whole
        else -> whole + if (isPositive()) 1 else -1
    }
}

/** A number of the library's, which may be larger than any here. */
internal fun ULong.toLongOrMax(): Long = minOf(this, Long.MAX_VALUE.toULong()).toLong()

/** As [toLongOrMax]. */
internal fun ULong.toIntOrMax(): Int = minOf(this, Int.MAX_VALUE.toULong()).toInt()
