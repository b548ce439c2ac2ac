package icepanel.invites

import java.util.function.Consumer
import kotlin.time.Duration
import kotlin.time.toKotlinDuration

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

    internal fun toNative(): NativeClientSetup = NativeClientSetup(
        options = NativeClientOptions(
            baseUrl = baseUrl,
            connectTimeoutMs = connectTimeout?.toMillis(),
            readTimeoutMs = readTimeout?.toMillis(),
            timeoutMs = timeout?.toMillis(),
            maxAttempts = retry?.maxAttempts?.toLong(),
            baseDelayMs = retry?.baseDelay?.toMillis(),
            maxDelayMs = retry?.maxDelay?.toMillis(),
            pacing = pacing?.toNative(),
            caCertificatePem = caCertificatePem,
            userAgentSuffix = userAgentSuffix,
            maxBodyBytes = maxBodyBytes,
        ),
        skipWaits = skipWaits,
    )
}
