import Foundation

extension Invite: Identifiable {
    /// Whether the invite was active when the service returned it.
    public var isActive: Bool { status == .active }

    /// The status of the invite at `date`, best a time of the service's clock.
    ///
    /// A used invite remains used and a revoked one revoked, whatever its expiry.
    public func status(at date: Date) -> InviteStatus { inviteStatusAt(invite: self, now: date) }
}

/// As JSON it is what the API returns, with `status` beside, whatever strategies the coder has. Without `status` it is
/// judged by this machine's clock.
extension Invite: SharedJSON {
    static func read(_ json: String) throws -> Self { try readInvite(json: json) }
    func write() throws -> String { try writeInvite(invite: self) }
}
