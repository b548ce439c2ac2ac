import Foundation

extension Invite: Identifiable {
    /// Whether the invite was active when the service returned it.
    public var isActive: Bool { status == .active }

    /// The status of the invite at `date`, which should be a time of the service's clock.
    ///
    /// A used invite remains used and a revoked one remains revoked, regardless of the expiry.
    public func status(at date: Date) -> InviteStatus { inviteStatusAt(invite: self, now: date) }
}

/// As JSON it has the fields of the API, and `status`, regardless of the coder's strategies. Without `status`, it
/// follows from this machine's clock.
extension Invite: SharedJSON {
    static func read(_ json: String) throws -> Self { try readInvite(json: json) }
    func write() throws -> String { try writeInvite(invite: self) }
}
