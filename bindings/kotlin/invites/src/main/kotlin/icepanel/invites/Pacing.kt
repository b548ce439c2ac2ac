package icepanel.invites

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toKotlinDuration

/**
 * A rate limit: a number of requests in each window. [NONE] is no limit.
 *
 * @property requests how many requests
 * @property window how long the window is
 */
public data class RateLimit(val requests: Int, val window: Duration) {
    /** For Java. */
    public constructor(requests: Int, window: java.time.Duration) : this(requests, window.toKotlinDuration())

    /** [window] in milliseconds, for Java. */
    public val windowMillis: Long get() = window.inWholeMilliseconds

    override fun toString(): String = if (this == NONE) "RateLimit.NONE" else "RateLimit(requests=$requests, window=$window)"

    internal fun toNative(): NativeRateLimit = when (this) {
        NONE -> NativeRateLimit.Unlimited
        else -> NativeRateLimit.Window(requests.toLong(), window.toMillis())
    }

    public companion object {
        /** No limit of the client itself: such requests slow down only after a 429 of the service. */
        @JvmField
        public val NONE: RateLimit = RateLimit(Int.MAX_VALUE, Duration.ZERO)

        internal fun of(native: NativeRateLimit): RateLimit = when (native) {
            NativeRateLimit.Unlimited -> NONE
            is NativeRateLimit.Window -> RateLimit(native.requests.toInt(), native.windowMs.milliseconds)
        }
    }
}

/**
 * The rate at which a client sends. Null is the documented limit; [RateLimit.NONE] is no limit.
 *
 * @property reads the limit of reads
 * @property writes the limit of writes
 */
public data class Pacing @JvmOverloads constructor(val reads: RateLimit? = null, val writes: RateLimit? = null) {
    internal fun toNative(): NativePacing = NativePacing(reads?.toNative(), writes?.toNative())

    public companion object {
        /** No limit of the client itself, for a service that has none, such as a server in a test. */
        @JvmField
        public val NONE: Pacing = Pacing(RateLimit.NONE, RateLimit.NONE)

        /** The limits of the service's documentation: 2,400 reads and 60 writes a minute. */
        @JvmStatic
        public fun documented(): Pacing = documentedPacing().let {
            Pacing(it.reads?.let(RateLimit::of), it.writes?.let(RateLimit::of))
        }
    }
}
