internal import IcePanelInvitesFFI

/// So many requests in so long.
public struct RateLimit: Hashable, Sendable {
    /// How many.
    public var requests: UInt32
    /// In how long.
    public var window: Duration

    /// So many `requests` in each `window`.
    public init(requests: UInt32, window: Duration) {
        self.requests = requests
        self.window = window
    }
}

/// At which pace a client sends: reads and writes apart, as the service counts them. A class without
/// a limit is only slowed down by the service's own words.
public struct Pacing: Hashable, Sendable {
    /// The limit of reads.
    public var reads: RateLimit?
    /// The limit of writes.
    public var writes: RateLimit?

    /// A pace of what is given; what is left out is as documented, and `nil` is no limit.
    public init(reads: RateLimit? = Pacing.documented.reads, writes: RateLimit? = Pacing.documented.writes) {
        self.reads = reads
        self.writes = writes
    }

    /// The limits of the service's documentation: 2,400 reads and 60 writes a minute.
    public static var documented: Pacing { Pacing(documentedPacing()) }

    /// No limit of the client's own, for a service that has none: a server in a test.
    public static let none = Pacing(reads: nil, writes: nil)
}

extension Pacing {
    init(_ pacing: Core.Pacing) {
        self.init(reads: pacing.reads.flatMap(RateLimit.init), writes: pacing.writes.flatMap(RateLimit.init))
    }

    var crossing: Core.Pacing {
        Core.Pacing(reads: reads?.crossing ?? .unlimited, writes: writes?.crossing ?? .unlimited)
    }
}

extension RateLimit {
    init?(_ limit: Core.RateLimit) {
        guard case .window(let requests, let milliseconds) = limit else { return nil }
        self.init(requests: UInt32(clamping: requests), window: .milliseconds(milliseconds))
    }

    var crossing: Core.RateLimit { .window(requests: Int64(requests), windowMs: window.crossing) }
}
