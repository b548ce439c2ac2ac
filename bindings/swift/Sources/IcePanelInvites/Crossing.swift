import Foundation
internal import IcePanelInvitesFFI

/// What the library's generated Swift calls things. Its types stay inside this module.
enum Core {
    typealias Actor = IcePanelInvitesFFI.Actor
    typealias ApplyOptions = IcePanelInvitesFFI.ApplyOptions
    typealias CancelHandle = IcePanelInvitesFFI.CancelHandle
    typealias ClientOptions = IcePanelInvitesFFI.ClientOptions
    typealias Ensured = IcePanelInvitesFFI.Ensured
    typealias ErrorDetails = IcePanelInvitesFFI.ErrorDetails
    typealias ErrorKind = IcePanelInvitesFFI.ErrorKind
    typealias Event = IcePanelInvitesFFI.Event
    typealias EventListener = IcePanelInvitesFFI.EventListener
    typealias Expiry = IcePanelInvitesFFI.Expiry
    typealias Failure = IcePanelInvitesFFI.Failure
    typealias Invite = IcePanelInvitesFFI.Invite
    typealias InviteClient = IcePanelInvitesFFI.InviteClient
    typealias InviteFilter = IcePanelInvitesFFI.InviteFilter
    typealias InviteStatus = IcePanelInvitesFFI.InviteStatus
    typealias Member = IcePanelInvitesFFI.Member
    typealias NewInvite = IcePanelInvitesFFI.NewInvite
    typealias Next = IcePanelInvitesFFI.Next
    typealias Operation = IcePanelInvitesFFI.Operation
    typealias Pacing = IcePanelInvitesFFI.Pacing
    typealias Permission = IcePanelInvitesFFI.Permission
    typealias Plan = IcePanelInvitesFFI.Plan
    typealias PlanOptions = IcePanelInvitesFFI.PlanOptions
    typealias Progress = IcePanelInvitesFFI.Progress
    typealias ProgressListener = IcePanelInvitesFFI.ProgressListener
    typealias RateLimit = IcePanelInvitesFFI.RateLimit
    typealias Renewed = IcePanelInvitesFFI.Renewed
    typealias Report = IcePanelInvitesFFI.Report
    typealias ReportLine = IcePanelInvitesFFI.ReportLine
    typealias RetryPolicy = IcePanelInvitesFFI.RetryPolicy
    typealias Seats = IcePanelInvitesFFI.Seats
    typealias Stop = IcePanelInvitesFFI.Stop

    static func invalidInput(_ message: String) -> ErrorDetails {
        IcePanelInvitesFFI.invalidInput(message: message)
    }

    static func cancelled(_ operation: String) -> ErrorDetails {
        IcePanelInvitesFFI.cancelled(operation: operation)
    }
}

// What comes.

extension Invite {
    init(_ invite: Core.Invite) {
        self.init(
            id: invite.id,
            organizationId: invite.organizationId,
            email: invite.email,
            permission: Permission(invite.permission),
            landscapePermissions: invite.landscapePermissions,
            status: InviteStatus(invite.status),
            expiresAt: invite.expiresAt,
            createdAt: invite.createdAt,
            createdBy: Actor(invite.createdBy),
            createdById: invite.createdById,
            revokedAt: invite.revokedAt,
            revokedBy: invite.revokedBy.map(Actor.init),
            revokedById: invite.revokedById,
            usedAt: invite.usedAt,
            usedByUserId: invite.usedByUserId
        )
    }
}

extension Member {
    init(_ member: Core.Member) {
        self.init(
            userId: member.userId,
            email: member.email,
            permission: Permission(member.permission),
            name: member.name,
            jobRole: member.jobRole,
            lastActiveAt: member.lastActiveAt,
            landscapePermissions: member.landscapePermissions
        )
    }
}

extension Seats {
    init(_ seats: Core.Seats) {
        self.init(paid: seats.paid, taken: seats.taken, promised: seats.promised, free: seats.free)
    }
}

extension Ensured {
    init(_ ensured: Core.Ensured) {
        switch ensured {
        case .created(let invite): self = .created(Invite(invite))
        case .existing(let invite): self = .existing(Invite(invite))
        case .member(let member): self = .member(Member(member))
        }
    }
}

extension Permission {
    init(_ permission: Core.Permission) {
        switch permission {
        case .read: self = .read
        case .write: self = .write
        case .admin: self = .admin
        case .billing: self = .billing
        case .other(let text): self.init(rawValue: text)
        }
    }

    var crossing: Core.Permission {
        switch self {
        case .read: .read
        case .write: .write
        case .admin: .admin
        case .billing: .billing
        case .other(let value): .other(text: value.text)
        }
    }
}

extension Actor {
    init(_ actor: Core.Actor) {
        switch actor {
        case .user: self = .user
        case .apiKey: self = .apiKey
        case .notificationKey: self = .notificationKey
        case .service: self = .service
        case .other(let text): self.init(rawValue: text)
        }
    }

    var crossing: Core.Actor {
        switch self {
        case .user: .user
        case .apiKey: .apiKey
        case .notificationKey: .notificationKey
        case .service: .service
        case .other(let value): .other(text: value.text)
        }
    }
}

extension InviteStatus {
    init(_ status: Core.InviteStatus) {
        switch status {
        case .active: self = .active
        case .used: self = .used
        case .revoked: self = .revoked
        case .expired: self = .expired
        case .other(let text): self.init(rawValue: text)
        }
    }

    var crossing: Core.InviteStatus {
        switch self {
        case .active: .active
        case .used: .used
        case .revoked: .revoked
        case .expired: .expired
        case .other(let value): .other(text: value.text)
        }
    }
}

extension InviteError {
    init(_ error: Core.ErrorDetails) {
        self.init(
            kind: Kind(error.kind),
            message: error.message,
            advice: error.advice,
            full: error.full,
            status: error.status.map(Int.init),
            code: error.code,
            errors: error.errors,
            requestId: error.requestId,
            attempts: Int(error.attempts),
            retryable: error.retryable,
            retryAfter: error.retryAfterMs.map { .milliseconds(Int64(clamping: $0)) },
            inviteMayExist: error.inviteMayExist
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
    init(_ kind: Core.ErrorKind) {
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
    init(_ event: Core.Event) {
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
    init(_ operation: Core.Operation) {
        switch operation {
        case .listInvites: self = .listInvites
        case .createInvite: self = .createInvite
        case .revokeInvite: self = .revokeInvite
        case .listMembers: self = .listMembers
        case .readOrganization: self = .readOrganization
        case .other(let text): self = .other(text)
        }
    }
}

extension Event.Next {
    init(_ next: Core.Next) {
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
    /// In whole milliseconds, rounded away from zero: what is short stays more than nothing, and what is negative
    /// stays negative. Which of both is rejected, the library decides.
    var crossing: Int64 {
        let whole = wholeMilliseconds
        let rest = self - .milliseconds(whole)
        if rest > .zero, whole < .max { return whole + 1 }
        if rest < .zero, whole > .min { return whole - 1 }
        return whole
    }
}

extension Expiry {
    func crossing() throws -> Core.Expiry {
        switch self {
        case .after(let span):
            return .in(milliseconds: span.wholeMilliseconds)
        case .at(let date):
            // A Date's own grid is finer than a microsecond, and would be told as 122999 for 123.
            let micros = (date.timeIntervalSince1970 * 1e6).rounded()
            guard let whole = Int64(exactly: micros) else {
                throw InviteError(Core.invalidInput("the expiry is too far off"))
            }
            let (seconds, rest) = whole.flooredDivision(by: 1_000_000)
            return .at(seconds: seconds, nanoseconds: UInt32(rest) * 1000)
        }
    }
}

extension NewInvite {
    func crossing() throws -> Core.NewInvite {
        Core.NewInvite(
            email: email,
            permission: permission.crossing,
            expiry: try expiry.crossing(),
            landscapePermissions: landscapePermissions
        )
    }
}

extension InviteFilter {
    var crossing: Core.InviteFilter {
        Core.InviteFilter(
            status: status?.crossing,
            email: email,
            permission: permission?.crossing,
            createdBy: createdBy?.crossing,
            expiringWithinMs: expiringWithin?.crossing
        )
    }
}

extension RetryPolicy {
    var crossing: Core.RetryPolicy {
        Core.RetryPolicy(
            maxAttempts: maxAttempts.map(Int64.init),
            baseDelayMs: baseDelay?.crossing,
            maxDelayMs: maxDelay?.crossing
        )
    }
}

extension InviteClient.Options {
    var crossing: Core.ClientOptions {
        Core.ClientOptions(
            baseUrl: baseURL,
            connectTimeoutMs: connectTimeout?.crossing,
            readTimeoutMs: readTimeout?.crossing,
            timeoutMs: timeout?.crossing,
            retry: retry?.crossing,
            proxy: proxy?.text,
            caCertificatePem: caCertificatePEM,
            userAgentSuffix: userAgentSuffix,
            maxBodyBytes: maxBodyBytes.map(Int64.init),
            skipWaits: skipWaits ?? false,
            pacing: pacing.crossing
        )
    }

    var listener: (any Core.EventListener)? { onEvent.map(Listener.init) }
}

private final class Listener: Core.EventListener {
    private let see: @Sendable (Event) -> Void

    init(see: @escaping @Sendable (Event) -> Void) {
        self.see = see
    }

    func onEvent(event: Core.Event) throws {
        see(Event(event))
    }
}
