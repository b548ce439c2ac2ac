import Foundation

extension Invite: Identifiable {
    /// Whether the invite was active when the service returned it.
    public var isActive: Bool { status == .active }

    /// The status of the invite at `date`, which should be a time of the service's clock.
    ///
    /// A used invite remains used and a revoked one remains revoked, regardless of the expiry.
    public func status(at date: Date) -> InviteStatus { inviteStatusAt(invite: self, now: date) }

    /// How the invite differs from what is asked for at `now`, by the rule by which a plan replaces it: another permission;
    /// other landscapes, if any are asked for; an earlier expiry. An expiry in some time from now may be half of that time
    /// earlier.
    ///
    /// - Throws: `invalidInput` if a date is too far off.
    public func differs(from asked: NewInvite, at now: Date = Date()) throws(InviteError) -> [Difference] {
        try translatingErrors { try inviteDiffersFrom(invite: self, asked: asked, now: now) }
    }
}

/// As JSON it has the fields of the API, and `status`, regardless of the coder's strategies. Without `status`, it
/// follows from this machine's clock.
extension Invite: SharedJSON {
    static func read(_ json: String) throws -> Self { try readInvite(json: json) }
    func write() throws -> String { try writeInvite(invite: self) }
}

/// As text, and in JSON, the field of an invite that differs, the same in every language: `expiresAt`.
extension Difference: Encodable, CustomStringConvertible {
    public var description: String { differenceName(difference: self) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
