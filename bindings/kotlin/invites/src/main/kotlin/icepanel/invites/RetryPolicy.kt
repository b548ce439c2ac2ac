package icepanel.invites

import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/**
 * How often a request is retried, and how long the client waits before. Null is the client's default.
 *
 * @property maxAttempts how often one request may be sent, the first time included: 4 by default; 1 is no retry
 * @property baseDelay the longest wait after the first failure: 250 ms
 * @property maxDelay the longest wait after any failure: 8 s
 */
public data class RetryPolicy(val maxAttempts: Int? = null, val baseDelay: Duration? = null, val maxDelay: Duration? = null) {
    /** For Java: the default delays. */
    public constructor(maxAttempts: Int) : this(maxAttempts, null as Duration?, null)

    /** For Java. */
    public constructor(maxAttempts: Int?, baseDelay: java.time.Duration?, maxDelay: java.time.Duration?) :
        this(maxAttempts, baseDelay?.toKotlinDuration(), maxDelay?.toKotlinDuration())

    /** [baseDelay] in milliseconds, for Java. */
    public val baseDelayMillis: Long? get() = baseDelay?.inWholeMilliseconds

    /** [maxDelay] in milliseconds, for Java. */
    public val maxDelayMillis: Long? get() = maxDelay?.inWholeMilliseconds

    internal fun toNative(): NativeClientChanges = NativeClientChanges(
        maxAttempts = maxAttempts?.toLong(),
        baseDelayMs = baseDelay?.toMillis(),
        maxDelayMs = maxDelay?.toMillis(),
    )
}
