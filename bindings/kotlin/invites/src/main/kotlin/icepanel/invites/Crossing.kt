package icepanel.invites

import icepanel.invites.ffi.Failure
import icepanel.invites.ffi.InternalException
import java.nio.charset.CharacterCodingException

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
