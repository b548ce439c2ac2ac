package icepanel.invites

import java.util.function.Consumer
import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/** Options of an [InviteClient]. Null is the default. */
public class ClientOptions {
    // Written by `cargo xtask options`: properties.
    /** Where the API is. `https://api.icepanel.io/v1` unless set; https, or http on loopback. */
    public var baseUrl: String? = null

    /** The limit for a whole call: all its attempts, and the waits between them. 120 s unless set. */
    public var timeout: Duration? = null

    /** The limit for making a connection, TLS included. 10 s unless set. */
    public var connectTimeout: Duration? = null

    /** The limit for the first byte of a response, and for each further read of it. 30 s unless set. */
    public var readTimeout: Duration? = null

    /** Certificate authorities to trust in addition to those of the system, in PEM: those of a company, for example. */
    public var caCertificatePem: String? = null

    /** Text that is added to the `User-Agent`: the name of a program. */
    public var userAgentSuffix: String? = null

    /** The longest response that is read, in bytes after decompression. 256 MiB unless set. */
    public var maxBodyBytes: Long? = null

    /**
     * How long an unused connection remains open. 30 s unless set. Set it shorter if a proxy or a gateway closes
     * connections sooner.
     */
    public var idleTimeout: Duration? = null
    // Written by `cargo xtask options` to here.

    /** How often a request is retried, and after what wait. */
    public var retry: RetryPolicy? = null

    /**
     * The proxy for all requests: `http://[user:password@]host:port`. Without it the variables `HTTPS_PROXY`,
     * `ALL_PROXY` and `NO_PROXY` apply.
     */
    public var proxy: String? = null

    /**
     * The client certificate for a gateway that requires one, and its private key, in one PEM. It is a secret: no
     * message and no `toString` contains it.
     */
    public var clientCertificatePem: String? = null

    /**
     * Receives each attempt when it has ended, in order, on a thread of the client. A call returns after its events, so
     * a slow function slows down only this client. If the function itself waits for a call of this client, that call
     * returns up to five seconds late.
     */
    public var onEvent: ((Event) -> Unit)? = null

    /**
     * The rate of the requests: [Pacing.documented], so that a bulk run remains just below the service's limits.
     * [Pacing.NONE] is for a server without limits, in a test.
     */
    public var pacing: Pacing? = null

    /** Whether the waits between attempts take no time, for tests: the clock of the client jumps instead. */
    public var skipWaits: Boolean = false

    // Written by `cargo xtask options`: setters.
    /** Sets [baseUrl]; for Java. */
    public fun baseUrl(value: String): ClientOptions = apply { baseUrl = value }

    /** Sets [timeout]; for Java. */
    public fun timeout(value: java.time.Duration): ClientOptions = apply { timeout = value.toKotlinDuration() }

    /** Sets [connectTimeout]; for Java. */
    public fun connectTimeout(value: java.time.Duration): ClientOptions = apply { connectTimeout = value.toKotlinDuration() }

    /** Sets [readTimeout]; for Java. */
    public fun readTimeout(value: java.time.Duration): ClientOptions = apply { readTimeout = value.toKotlinDuration() }

    /** Sets [caCertificatePem]; for Java. */
    public fun caCertificatePem(value: String): ClientOptions = apply { caCertificatePem = value }

    /** Sets [userAgentSuffix]; for Java. */
    public fun userAgentSuffix(value: String): ClientOptions = apply { userAgentSuffix = value }

    /** Sets [maxBodyBytes]; for Java. */
    public fun maxBodyBytes(value: Long): ClientOptions = apply { maxBodyBytes = value }

    /** Sets [idleTimeout]; for Java. */
    public fun idleTimeout(value: java.time.Duration): ClientOptions = apply { idleTimeout = value.toKotlinDuration() }
    // Written by `cargo xtask options` to here.

    /** Sets [retry]; for Java. */
    public fun retry(policy: RetryPolicy): ClientOptions = apply { retry = policy }

    /** Sets [proxy]; for Java. */
    public fun proxy(url: String): ClientOptions = apply { proxy = url }

    /** Sets [clientCertificatePem]; for Java. */
    public fun clientCertificatePem(pem: String): ClientOptions = apply { clientCertificatePem = pem }

    /** Sets [pacing]; for Java. */
    public fun pacing(pace: Pacing): ClientOptions = apply { pacing = pace }

    /** Sets [skipWaits]; for Java. */
    public fun skipWaits(skip: Boolean): ClientOptions = apply { skipWaits = skip }

    /** Sets [onEvent]; for Java. */
    public fun onEvent(see: Consumer<Event>): ClientOptions = apply { onEvent = see::accept }

    internal fun listener(): Listener? = onEvent?.let(::Listener)

    internal fun toNative(): NativeClientSetup = NativeClientSetup(
        options = NativeClientOptions(
            maxAttempts = retry?.maxAttempts?.toLong(),
            baseDelayMs = retry?.baseDelay?.toMillis(),
            maxDelayMs = retry?.maxDelay?.toMillis(),
            pacing = pacing?.toNative(),
            // Written by `cargo xtask options`: data.
            baseUrl = baseUrl,
            timeoutMs = timeout?.toMillis(),
            connectTimeoutMs = connectTimeout?.toMillis(),
            readTimeoutMs = readTimeout?.toMillis(),
            caCertificatePem = caCertificatePem,
            userAgentSuffix = userAgentSuffix,
            maxBodyBytes = maxBodyBytes,
            idleTimeoutMs = idleTimeout?.toMillis(),
            // Written by `cargo xtask options` to here.
        ),
        skipWaits = skipWaits,
    )
}
