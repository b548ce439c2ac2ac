package icepanel.invites

import icepanel.invites.ffi.Failure
import icepanel.invites.ffi.InternalException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import java.nio.charset.CharacterCodingException

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
