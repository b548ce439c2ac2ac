/// What a sandbox received. The whole report, including its log, is in ``json``.
public struct SandboxReport: Hashable, Sendable {
    /// The report as the control API returns it.
    public let json: JSON

    /// How many requests of each operation arrived: `list`, `create`, `revoke`, `organization`,
    /// `members`, `other`.
    public var requests: [String: Int] { counts("requests") }
    /// The invites ever made, by address in lower case.
    public var invitesMade: [String: Int] { counts("invitesMade") }
    /// The currently active invites, by address in lower case.
    public var activeInvites: [String: Int] { counts("activeInvites") }
    /// The addresses for which two or more invites were made.
    public var addressesInvitedTwice: [String] { json["addressesInvitedTwice"].elements.compactMap(\.text) }
    /// Requests that the rate limit rejected.
    public var rateLimited: Int { count("rateLimited") }
    /// Requests whose client disconnected before the response was complete.
    public var abandoned: Int { count("abandoned") }
    /// Requests that have no complete response yet.
    public var inFlight: Int { count("inFlight") }
    /// Connections that carried a request.
    public var connections: Int { count("connections") }

    private func count(_ key: String) -> Int { Int(json[key].number ?? 0) }

    private func counts(_ key: String) -> [String: Int] {
        guard case .object(let fields) = json[key] else { return [:] }
        return fields.compactMapValues { $0.number.map { Int($0) } }
    }
}
