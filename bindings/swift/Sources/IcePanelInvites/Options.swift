import Foundation

extension InviteClient {
    /// Options of a client. An option that is not set has its default.
    public struct Options: Sendable {
        // Written by `cargo xtask options`: properties.
        /// Where the API is. `https://api.icepanel.io/v1` unless set; https, or http on loopback.
        public var baseURL: String?
        /// The limit for a whole call: all its attempts, and the waits between them. 120 s unless set.
        public var timeout: Duration?
        /// The limit for making a connection, TLS included. 10 s unless set.
        public var connectTimeout: Duration?
        /// The limit for the first byte of a response, and for each further read of it. 30 s unless set.
        public var readTimeout: Duration?
        /// Certificate authorities to trust in addition to those of the system, in PEM: those of a company, for example.
        public var caCertificatePEM: String?
        /// Text that is added to the `User-Agent`: the name of a program.
        public var userAgentSuffix: String?
        /// The longest response that is read, in bytes after decompression. 256 MiB unless set.
        public var maxBodyBytes: Int?
        /// How long an unused connection remains open. 30 s unless set. Set it shorter if a proxy or a gateway closes
        /// connections sooner.
        public var idleTimeout: Duration?
        // Written by `cargo xtask options` to here.

        /// How often a request is retried, and after what wait.
        public var retry: RetryPolicy?
        /// The proxy for all requests: `http://[user:password@]host:port`. Without it the variables
        /// `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` apply.
        public var proxy: Secret?
        /// The client certificate, with its chain and its private key, in one PEM: for a gateway that requires one.
        public var clientCertificatePEM: Secret?
        /// The rate of the requests: just below the documented limits, unless set. With ``Pacing/none`` the client
        /// slows down only when the service returns 429.
        public var pacing: Pacing
        /// Receives each attempt when it has ended, in order, on a thread of the client. A call returns after its
        /// events, so a slow function slows down only this client. If the function itself waits for a call of this
        /// client, that call returns up to five seconds late.
        public var onEvent: (@Sendable (Event) -> Void)?
        /// Whether waits between attempts take no time and the client's clock jumps instead: for tests. Unless set, a
        /// sandbox's client skips them and any other client waits.
        public var skipWaits: Bool?

        /// Options with the given values.
        public init(
            // Written by `cargo xtask options`: parameters.
            baseURL: String? = nil,
            timeout: Duration? = nil,
            connectTimeout: Duration? = nil,
            readTimeout: Duration? = nil,
            caCertificatePEM: String? = nil,
            userAgentSuffix: String? = nil,
            maxBodyBytes: Int? = nil,
            idleTimeout: Duration? = nil,
            // Written by `cargo xtask options` to here.
            retry: RetryPolicy? = nil,
            proxy: Secret? = nil,
            clientCertificatePEM: Secret? = nil,
            pacing: Pacing = .documented,
            onEvent: (@Sendable (Event) -> Void)? = nil,
            skipWaits: Bool? = nil
        ) {
            // Written by `cargo xtask options`: assignments.
            self.baseURL = baseURL
            self.timeout = timeout
            self.connectTimeout = connectTimeout
            self.readTimeout = readTimeout
            self.caCertificatePEM = caCertificatePEM
            self.userAgentSuffix = userAgentSuffix
            self.maxBodyBytes = maxBodyBytes
            self.idleTimeout = idleTimeout
            // Written by `cargo xtask options` to here.
            self.retry = retry
            self.proxy = proxy
            self.clientCertificatePEM = clientCertificatePEM
            self.pacing = pacing
            self.onEvent = onEvent
            self.skipWaits = skipWaits
        }

        var crossing: NativeClientSetup {
            var data = NativeClientOptions()
            // Written by `cargo xtask options`: data.
            data.baseUrl = baseURL
            data.timeoutMs = timeout?.crossing
            data.connectTimeoutMs = connectTimeout?.crossing
            data.readTimeoutMs = readTimeout?.crossing
            data.caCertificatePem = caCertificatePEM
            data.userAgentSuffix = userAgentSuffix
            data.maxBodyBytes = maxBodyBytes.map(Int64.init)
            data.idleTimeoutMs = idleTimeout?.crossing
            // Written by `cargo xtask options` to here.
            data.maxAttempts = retry?.maxAttempts.map(Int64.init)
            data.baseDelayMs = retry?.baseDelay?.crossing
            data.maxDelayMs = retry?.maxDelay?.crossing
            data.pacing = pacing.crossing
            return NativeClientSetup(options: data, skipWaits: skipWaits ?? false)
        }
    }
}

/// A secret text: a password, a private key. Printed, dumped or described it is `…`.
///
/// A literal converts to it by itself; for a variable use ``init(_:)``.
public struct Secret: Sendable, ExpressibleByStringLiteral, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    let text: String

    /// A secret with this text.
    public init(_ text: String) { self.text = text }
    public init(stringLiteral text: String) { self.text = text }

    public var description: String { "…" }
    public var debugDescription: String { "…" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// How often one request may be sent, and how long the client waits before a retry: a random time
/// from zero to `baseDelay`, doubled with each attempt up to `maxDelay`, or the wait that the
/// service requests, if that is longer.
public struct RetryPolicy: Hashable, Sendable {
    /// How often one request may be sent, the first time included; 4 unless set. A 429 does not
    /// count, because it is not a failure.
    public var maxAttempts: Int?
    /// The longest wait after the first failure; 250 ms unless set.
    public var baseDelay: Duration?
    /// The longest wait after any failure; 8 s unless set.
    public var maxDelay: Duration?

    /// A policy with the given values.
    public init(maxAttempts: Int? = nil, baseDelay: Duration? = nil, maxDelay: Duration? = nil) {
        self.maxAttempts = maxAttempts
        self.baseDelay = baseDelay
        self.maxDelay = maxDelay
    }

    /// Nothing is sent twice.
    public static let never = RetryPolicy(maxAttempts: 1)
}
