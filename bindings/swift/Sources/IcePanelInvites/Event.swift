/// One attempt at a request, reported when it has ended. No part of it contains the API key.
public struct Event: Hashable, Sendable {
    /// The request.
    public let operation: Operation
    /// The number of the attempt at this request, from 1.
    public let attempt: Int
    /// The HTTP status, if there was a response.
    public let status: Int?
    /// The time from before the request was sent until its response was read or it failed.
    public let latency: Duration
    /// What went wrong, if something did.
    public let error: InviteError.Kind?
    /// The service's id of the request.
    public let requestId: String?
    /// What happens next.
    public let next: Next

    /// An event of these parts: for tests.
    public init(
        operation: Operation,
        attempt: Int,
        status: Int? = nil,
        latency: Duration,
        error: InviteError.Kind? = nil,
        requestId: String? = nil,
        next: Next
    ) {
        self.operation = operation
        self.attempt = attempt
        self.status = status
        self.latency = latency
        self.error = error
        self.requestId = requestId
        self.next = next
    }

    /// A request of the API.
    public enum Operation: Hashable, Sendable {
        /// Reads the list of invites.
        case listInvites
        /// Makes an invite.
        case createInvite
        /// Revokes an invite.
        case revokeInvite
        /// Reads the members.
        case listMembers
        /// Changes a member's permission.
        case updateMember
        /// Removes a member.
        case removeMember
        /// Reads the organization, for its seats.
        case readOrganization
        /// One that this version does not know.
        case other(String)
    }

    /// What the client does after an attempt.
    public enum Next: Hashable, Sendable {
        /// The request succeeded.
        case done
        /// It is retried after this wait.
        case retry(after: Duration)
        /// It was a create, or a change of a member, without a clear answer: a list is read to find out whether it was
        /// carried out.
        case lookUp
        /// The call ends with an error.
        case fail
        /// A step that this version does not know.
        case other(String)
    }
}
