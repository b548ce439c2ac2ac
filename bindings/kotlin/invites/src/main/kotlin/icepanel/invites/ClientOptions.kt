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
    /** For Java: other waits are as the client has them. */
    public constructor(maxAttempts: Int) : this(maxAttempts, null, null)

    internal fun toNative(): NativePolicy = NativePolicy(
        maxAttempts?.let { notNegative("number of attempts", it.toLong()).toUInt() },
        baseDelay?.let { milliseconds("base delay", it) },
        maxDelay?.let { milliseconds("longest delay", it) },
    )
}

/** So many requests in so long. */
public data class RateLimit(val requests: Int, val window: Duration) {
    /** For Java. */
    public constructor(requests: Int, window: java.time.Duration) : this(requests, window.toKotlinDuration())

    internal constructor(native: NativeLimit) : this(native.requests.toInt(), native.windowMs.toLong().milliseconds)

    internal fun toNative(): NativeLimit = NativeLimit(
        notNegative("number of requests", requests.toLong()).toUInt(),
        milliseconds("window of a rate limit", window),
    )
}

/**
 * At which pace a client sends. What is left out is as documented; null is no limit: only the service's own words slow such
 * requests down.
 *
 * @property reads the limit of reads
 * @property writes the limit of writes
 */
public data class Pacing @JvmOverloads constructor(
    val reads: RateLimit? = documented().reads,
    val writes: RateLimit? = documented().writes,
) {
    internal fun toNative(): NativePacing = NativePacing(reads?.toNative(), writes?.toNative())

    public companion object {
        /** No limit of the client's own, for a service that has none, such as a server in a test. */
        @JvmStatic
        public fun none(): Pacing = Pacing(null, null)

        /** The limits of the service's documentation: 2,400 reads and 60 writes a minute. */
        @JvmStatic
        public fun documented(): Pacing =
            documentedPacing().let { Pacing(it.reads?.let(::RateLimit), it.writes?.let(::RateLimit)) }
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

    /** What is added to the `User-Agent`: the name of a program. */
    public var userAgentSuffix: String? = null

    /** The longest answer that is read, in bytes after unpacking: 256 MiB. */
    public var maxBodyBytes: Long? = null

    /** Sees each attempt when it has ended, on the thread on which all calls run: be quick, and wait for none. */
    public var onEvent: ((Event) -> Unit)? = null

    /**
     * The pace of the requests: [Pacing.documented], which keeps a bulk run just below the service's limits. [Pacing.none] is
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

    /** Sets [userAgentSuffix]. */
    public fun userAgentSuffix(suffix: String): ClientOptions = apply { userAgentSuffix = suffix }

    /** Sets [maxBodyBytes]. */
    public fun maxBodyBytes(limit: Long): ClientOptions = apply { maxBodyBytes = limit }

    /** Sets [pacing]. */
    public fun pacing(pace: Pacing): ClientOptions = apply { pacing = pace }

    /** Sets [onEvent]. */
    public fun onEvent(see: Consumer<Event>): ClientOptions = apply { onEvent = see::accept }

    internal fun toNative(): NativeOptions = NativeOptions(
        baseUrl = baseUrl,
        connectTimeoutMs = connectTimeout?.let { milliseconds("connect time-out", it) },
        readTimeoutMs = readTimeout?.let { milliseconds("read time-out", it) },
        timeoutMs = timeout?.let { milliseconds("time-out", it) },
        retry = retry?.toNative(),
        proxy = proxy,
        caCertificatePem = caCertificatePem,
        userAgentSuffix = userAgentSuffix,
        maxBodyBytes = maxBodyBytes?.let { notNegative("limit of an answer", it).toULong() },
        skipWaits = skipWaits,
        pacing = pacing?.toNative(),
    )
}

/** A limit as the library takes it. A positive one never becomes zero. */
internal fun milliseconds(name: String, limit: Duration): ULong {
    if (limit.isNegative()) throw invalidInput("the $name is negative")
    val whole = limit.inWholeMilliseconds
    return (if (whole == 0L && limit.isPositive()) 1 else whole).toULong()
}

internal fun notNegative(name: String, value: Long): Long {
    if (value < 0) throw invalidInput("the $name is negative: $value")
    return value
}
