/// The rate of one class of requests: a number in each window, or no limit of the client itself.
public enum RateLimit: Hashable, Sendable {
    /// No limit of the client itself: only a 429 slows such requests down.
    case none
    /// At most this number of requests in each window.
    case limit(requests: Int, window: Duration)

    /// At most `requests` requests in each `window`.
    public init(requests: Int, window: Duration) {
        self = .limit(requests: requests, window: window)
    }
}

/// The rate at which a client sends: separate limits for reads and writes, as the service counts them.
public struct Pacing: Hashable, Sendable {
    /// The limit of reads.
    public var reads: RateLimit
    /// The limit of writes.
    public var writes: RateLimit

    /// These limits; one that is left out is the documented limit.
    public init(reads: RateLimit = Pacing.documented.reads, writes: RateLimit = Pacing.documented.writes) {
        self.reads = reads
        self.writes = writes
    }

    /// The limits of the service's documentation: 2,400 reads and 60 writes a minute.
    public static var documented: Pacing {
        let documented = documentedPacing()
        return Pacing(reads: RateLimit(documented.reads), writes: RateLimit(documented.writes))
    }

    /// No limit of the client itself, for a service that has none, such as a server in a test.
    public static let none = Pacing(reads: .none, writes: .none)
}

extension Pacing {
    var crossing: NativePacing { NativePacing(reads: reads.crossing, writes: writes.crossing) }
}

extension RateLimit {
    fileprivate init(_ limit: NativeRateLimit?) {
        switch limit {
        case .window(let requests, let window): self.init(requests: Int(clamping: requests), window: .milliseconds(window))
        case .unlimited, nil: self = .none
        }
    }

    fileprivate var crossing: NativeRateLimit {
        switch self {
        case .none: .unlimited
        case .limit(let requests, let window): .window(requests: Int64(requests), windowMs: window.crossing)
        }
    }
}
