package icepanel.invites

import java.util.function.Consumer
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toKotlinDuration
import icepanel.invites.ffi.ClientOptions as NativeOptions
import icepanel.invites.ffi.Pacing as NativePacing
import icepanel.invites.ffi.RateLimit as NativeLimit
import icepanel.invites.ffi.RetryPolicy as NativePolicy
import icepanel.invites.ffi.documentedPacing

/**
 * How often a request is sent again, and how long the client waits before. What is null is as the client has it.
 *
 * @property maxAttempts how often one request may be sent, the first time included: 4, and 1 for never again
 * @property baseDelay the longest wait after the first failure: 250 ms
 * @property maxDelay the longest wait after any failure: 8 s
 */
public data class RetryPolicy(
    val maxAttempts: Int? = null,
    val baseDelay: Duration? = null,
    val maxDelay: Duration? = null,
) {
    /** For Java: the default delays. */
    public constructor(maxAttempts: Int) : this(maxAttempts, null as Duration?, null)

    /** For Java. */
    public constructor(maxAttempts: Int?, baseDelay: java.time.Duration?, maxDelay: java.time.Duration?) :
        this(maxAttempts, baseDelay?.toKotlinDuration(), maxDelay?.toKotlinDuration())

    /** [baseDelay] in milliseconds, for Java. */
    public val baseDelayMillis: Long? get() = baseDelay?.inWholeMilliseconds

    /** [maxDelay] in milliseconds, for Java. */
    public val maxDelayMillis: Long? get() = maxDelay?.inWholeMilliseconds

    internal fun toNative(): NativePolicy = NativePolicy(
        maxAttempts?.toLong(),
        baseDelay?.toMillis(),
        maxDelay?.toMillis(),
    )
}

/**
 * A rate limit: so many requests in each window. [NONE] is no limit.
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

    internal fun toNative(): NativeLimit = when (this) {
        NONE -> NativeLimit.Unlimited
        else -> NativeLimit.Window(requests.toLong(), window.toMillis())
    }

    public companion object {
        /** No limit of the client's own: such requests slow down only where the service responds with 429. */
        @JvmField
        public val NONE: RateLimit = RateLimit(Int.MAX_VALUE, Duration.ZERO)

        internal fun of(native: NativeLimit): RateLimit = when (native) {
            NativeLimit.Unlimited -> NONE
            is NativeLimit.Window -> RateLimit(native.requests.toInt(), native.windowMs.milliseconds)
        }
    }
}

/**
 * At which rate a client sends. Null, and what is left out, is the documented limit; [RateLimit.NONE] is no limit.
 *
 * @property reads the limit of reads
 * @property writes the limit of writes
 */
public data class Pacing @JvmOverloads constructor(val reads: RateLimit? = null, val writes: RateLimit? = null) {
    internal fun toNative(): NativePacing = NativePacing(reads?.toNative(), writes?.toNative())

    public companion object {
        /** No limit of the client's own, for a service that has none, such as a server in a test. */
        @JvmField
        public val NONE: Pacing = Pacing(RateLimit.NONE, RateLimit.NONE)

        /** The limits of the service's documentation: 2,400 reads and 60 writes a minute. */
        @JvmStatic
        public fun documented(): Pacing = documentedPacing().let { Pacing(it.reads?.let(RateLimit::of), it.writes?.let(RateLimit::of)) }
    }
}

/** Options of an [InviteClient]. What is null is as the client has it. */
public class ClientOptions {
    /** Where the API is: https, or http on loopback. */
    public var baseUrl: String? = null

    /** The limit for making a connection, TLS included: 10 s. */
    public var connectTimeout: Duration? = null

    /** The limit for the first byte of an answer, and for each further read of it: 30 s. */
    public var readTimeout: Duration? = null

    /** The limit for a whole call: all its attempts, and the waits between them: 120 s. */
    public var timeout: Duration? = null

    /** How often a request is sent again, and after what wait. */
    public var retry: RetryPolicy? = null

    /**
     * The proxy for all requests: `http://[user:password@]host:port`. Without it the variables `HTTPS_PROXY`,
     * `ALL_PROXY` and `NO_PROXY` count.
     */
    public var proxy: String? = null

    /** Certificate authorities to trust beside those of the system, in PEM: a company's own. */
    public var caCertificatePem: String? = null

    /**
     * The certificate by which the client identifies itself to a gateway that asks for one, and its private key, in one PEM.
     * A secret: it is in no message and no `toString`.
     */
    public var clientCertificatePem: String? = null

    /** What is added to the `User-Agent`: the name of a program. */
    public var userAgentSuffix: String? = null

    /** The longest answer that is read, in bytes after unpacking: 256 MiB. */
    public var maxBodyBytes: Long? = null

    /**
     * Sees each attempt when it has ended, in order, on a thread of the client's own. A call returns after its events, so
     * a slow function slows this client down, and no other. A call of this client for which the function itself waits
     * returns up to five seconds late.
     */
    public var onEvent: ((Event) -> Unit)? = null

    /**
     * The rate of the requests: [Pacing.documented], which keeps a bulk run just below the service's limits. [Pacing.NONE] is
     * for a server without one, in a test.
     */
    public var pacing: Pacing? = null

    /** Whether the waits between tries take no time, for tests: the clock of the client jumps instead. */
    public var skipWaits: Boolean = false

    /** Sets [baseUrl]; for Java, as those below. */
    public fun baseUrl(url: String): ClientOptions = apply { baseUrl = url }

    /** Sets [connectTimeout]. */
    public fun connectTimeout(limit: java.time.Duration): ClientOptions =
        apply { connectTimeout = limit.toKotlinDuration() }

    /** Sets [readTimeout]. */
    public fun readTimeout(limit: java.time.Duration): ClientOptions = apply { readTimeout = limit.toKotlinDuration() }

    /** Sets [timeout]. */
    public fun timeout(limit: java.time.Duration): ClientOptions = apply { timeout = limit.toKotlinDuration() }

    /** Sets [retry]. */
    public fun retry(policy: RetryPolicy): ClientOptions = apply { retry = policy }

    /** Sets [proxy]. */
    public fun proxy(url: String): ClientOptions = apply { proxy = url }

    /** Sets [caCertificatePem]. */
    public fun caCertificatePem(pem: String): ClientOptions = apply { caCertificatePem = pem }

    /** Sets [clientCertificatePem]. */
    public fun clientCertificatePem(pem: String): ClientOptions = apply { clientCertificatePem = pem }

    /** Sets [userAgentSuffix]. */
    public fun userAgentSuffix(suffix: String): ClientOptions = apply { userAgentSuffix = suffix }

    /** Sets [maxBodyBytes]. */
    public fun maxBodyBytes(limit: Long): ClientOptions = apply { maxBodyBytes = limit }

    /** Sets [pacing]. */
    public fun pacing(pace: Pacing): ClientOptions = apply { pacing = pace }

    /** Sets [skipWaits]. */
    public fun skipWaits(skip: Boolean): ClientOptions = apply { skipWaits = skip }

    /** Sets [onEvent]. */
    public fun onEvent(see: Consumer<Event>): ClientOptions = apply { onEvent = see::accept }

    internal fun listener(): Listener? = onEvent?.let(::Listener)

    internal fun toNative(): NativeOptions = NativeOptions(
        baseUrl = baseUrl,
        connectTimeoutMs = connectTimeout?.toMillis(),
        readTimeoutMs = readTimeout?.toMillis(),
        timeoutMs = timeout?.toMillis(),
        retry = retry?.toNative(),
        proxy = proxy,
        caCertificatePem = caCertificatePem,
        userAgentSuffix = userAgentSuffix,
        maxBodyBytes = maxBodyBytes,
        skipWaits = skipWaits,
        pacing = pacing?.toNative(),
    )
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
