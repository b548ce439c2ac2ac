import Foundation

// What comes.

extension InviteError {
    init(_ error: ErrorDetails) {
        self.init(
            kind: Kind(error.kind),
            message: error.parts.message,
            advice: error.parts.advice,
            full: error.parts.full,
            status: error.parts.status.map(Int.init),
            code: error.parts.code,
            errors: error.parts.errors,
            requestId: error.parts.requestId,
            attempts: Int(error.parts.attempts),
            retryable: error.parts.retryable,
            retryAfter: error.parts.retryAfterMs.map { .milliseconds($0) },
            inviteMayExist: error.parts.inviteMayExist
        )
    }

    init(brokenOff why: String, inviteMayExist: Bool) {
        let message = "the call broke off inside the client: \(why)"
        let advice =
            inviteMayExist
            ? "This is a bug in it; please report it. An invite may exist: look before you send another."
            : "This is a bug in it; please report it."
        self.init(
            kind: .internal,
            message: message,
            advice: advice,
            full: "\(message). \(advice)",
            status: nil,
            code: nil,
            errors: [],
            requestId: nil,
            attempts: 0,
            retryable: false,
            retryAfter: nil,
            inviteMayExist: inviteMayExist
        )
    }
}

extension InviteError.Kind {
    init(_ kind: NativeErrorKind) {
        self =
            switch kind {
            case .invalidInput: .invalidInput
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notFound: .notFound
            case .seatsExhausted: .seatsExhausted
            case .conflict: .conflict
            case .rejected: .rejected
            case .rateLimited: .rateLimited
            case .server: .server
            case .timeout: .timeout
            case .connection: .connection
            case .unexpectedAnswer: .unexpectedAnswer
            case .outcomeUnknown: .outcomeUnknown
            case .cancelled: .cancelled
            case .closed: .closed
            }
    }
}

extension Event {
    init(_ event: NativeEvent) {
        operation = Operation(event.operation)
        attempt = Int(event.attempt)
        status = event.status.map(Int.init)
        latency = .milliseconds(event.latencyMs)
        error = event.error.map(InviteError.Kind.init)
        requestId = event.requestId
        next = Next(event.next)
    }
}

extension Event.Operation {
    init(_ operation: NativeOperation) {
        switch operation {
        case .listInvites: self = .listInvites
        case .createInvite: self = .createInvite
        case .revokeInvite: self = .revokeInvite
        case .listMembers: self = .listMembers
        case .updateMember: self = .updateMember
        case .removeMember: self = .removeMember
        case .readOrganization: self = .readOrganization
        case .other(let text): self = .other(text)
        }
    }
}

extension Event.Next {
    init(_ next: NativeNext) {
        switch next {
        case .done: self = .done
        case .retry(let milliseconds): self = .retry(after: .milliseconds(milliseconds))
        case .lookUp: self = .lookUp
        case .fail: self = .fail
        case .other(let text): self = .other(text)
        }
    }
}

// What goes.

extension Duration {
    /// In whole milliseconds, rounded away from zero: a short duration does not become zero, and a negative one remains
    /// negative. The library decides which ones it rejects.
    var crossing: Int64 {
        let whole = wholeMilliseconds
        let rest = self - .milliseconds(whole)
        if rest > .zero, whole < .max { return whole + 1 }
        if rest < .zero, whole > .min { return whole - 1 }
        return whole
    }
}

extension Date {
    /// In whole microseconds: a Date has a finer precision, and 123 would become 122999. From the year 2255 in
    /// milliseconds, because a Date has no microseconds there. A date that is too late, or invalid, becomes the last
    /// possible second, which the library rejects.
    var crossing: TimestampParts {
        let scale = timeIntervalSince1970 < 9e9 ? 1e6 : 1e3
        guard let units = Int64(exactly: (timeIntervalSince1970 * scale).rounded()), abs(timeIntervalSince1970) < 1e12 else {
            return TimestampParts(seconds: .max, nanoseconds: 0)
        }
        let micros = scale == 1e6 ? units : units * 1000
        let (seconds, rest) = micros.flooredDivision(by: 1_000_000)
        return TimestampParts(seconds: seconds, nanoseconds: Int32(rest) * 1000)
    }
}

extension Expiry {
    var crossing: ExpiryParts {
        switch self {
        case .after(let duration): .in(milliseconds: duration.wholeMilliseconds)
        case .at(let date): .at(time: date)
        }
    }
}

extension NewInvite {
    var crossing: NewInviteParts {
        NewInviteParts(
            email: email,
            permission: permission,
            expiry: expiry.crossing,
            landscapePermissions: landscapePermissions,
            until: until
        )
    }
}

extension InviteFilter {
    var crossing: NativeInviteFilter {
        NativeInviteFilter(
            status: status,
            email: email,
            permission: permission,
            createdBy: createdBy,
            expiringWithinMs: expiringWithin?.crossing
        )
    }
}

extension RetryPolicy {
    var crossing: NativeClientChanges {
        NativeClientChanges(
            maxAttempts: maxAttempts.map(Int64.init),
            baseDelayMs: baseDelay?.crossing,
            maxDelayMs: maxDelay?.crossing
        )
    }
}

extension InviteClient.Options {
    var listener: (any EventListener)? { onEvent.map(Listener.init) }
}

private final class Listener: EventListener {
    private let see: @Sendable (Event) -> Void

    init(see: @escaping @Sendable (Event) -> Void) {
        self.see = see
    }

    func onEvent(event: NativeEvent) throws {
        see(Event(event))
    }
}
