import Foundation

extension InviteClient {
    /// Options of a client. What is not set is as the client has it by itself.
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
        /// Certificate authorities to trust beside those of the system, in PEM: a company's own.
        public var caCertificatePEM: String?
        /// What is added to the `User-Agent`: the name of a program.
        public var userAgentSuffix: String?
        /// The longest response that is read, in bytes after unpacking. 256 MiB unless set.
        public var maxBodyBytes: Int?
        /// How long a connection that is not used remains open. 30 s unless set; shorter where a proxy or a gateway closes
        /// connections sooner.
        public var idleTimeout: Duration?
        // Written by `cargo xtask options` to here.

        /// How often a request is sent again, and after what wait.
        public var retry: RetryPolicy?
        /// The proxy for all requests: `http://[user:password@]host:port`. Without it the variables
        /// `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` apply.
        public var proxy: Secret?
        /// The certificate by which this client identifies itself, with its chain and its private key, in one PEM: for
        /// a gateway that asks for one.
        public var clientCertificatePEM: Secret?
        /// The pace of the requests: just below the documented limits, unless set. With ``Pacing/none`` the client
        /// slows down only when the service returns 429.
        public var pacing: Pacing
        /// Sees each attempt when it has ended, in order, on a thread of the client's own. A call returns after its
        /// events, so a slow function slows this client down, and no other. A call of this client for which the
        /// function itself waits returns up to five seconds late.
        public var onEvent: (@Sendable (Event) -> Void)?
        /// Whether waits between tries take no time and the client's clock jumps instead: for tests. Unless set, a
        /// sandbox's client skips them and any other client waits.
        public var skipWaits: Bool?

        /// Options of what is given.
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

/// A text that is not to be seen: a password, a private key. Printed, dumped or described it is `…`.
///
/// A literal is one by itself; what is in a variable becomes one by ``init(_:)``.
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

/// How often one request may be sent, and how long the client waits before it sends it again: a
/// time drawn evenly from zero to `baseDelay`, doubled with each try up to `maxDelay`, or what the
/// service asks for, if that is longer.
public struct RetryPolicy: Hashable, Sendable {
    /// How often one request may be sent, the first time included; 4 unless set. A 429 does not
    /// count, for it is a schedule and not a failure.
    public var maxAttempts: Int?
    /// The longest wait after the first failure; 250 ms unless set.
    public var baseDelay: Duration?
    /// The longest wait after any failure; 8 s unless set.
    public var maxDelay: Duration?

    /// A policy of what is given.
    public init(maxAttempts: Int? = nil, baseDelay: Duration? = nil, maxDelay: Duration? = nil) {
        self.maxAttempts = maxAttempts
        self.baseDelay = baseDelay
        self.maxDelay = maxDelay
    }

    /// Nothing is sent twice.
    public static let never = RetryPolicy(maxAttempts: 1)
}
