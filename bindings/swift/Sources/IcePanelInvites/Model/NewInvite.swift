import Foundation

/// When an invite expires.
public enum Expiry: Hashable, Sendable {
    /// At this instant, to the microsecond, which is the precision of a `Date`.
    case at(Date)
    /// This duration after it is sent, by the service's clock, to the millisecond.
    case after(Duration)

    /// This number of days of 24 hours after it is sent.
    public static func days(_ days: Int) -> Self { .after(.seconds(days.times(86_400))) }
    /// This number of hours after it is sent.
    public static func hours(_ hours: Int) -> Self { .after(.seconds(hours.times(3_600))) }
}

extension Int {
    /// A product that does not overflow: beyond the limits it is the limit, which the client rejects.
    fileprivate func times(_ factor: Int64) -> Int64 {
        let (product, overflow) = Int64(self).multipliedReportingOverflow(by: factor)
        return overflow ? (self < 0 ? .min : .max) : product
    }
}

/// A new invite.
///
/// ```swift
/// let guest = NewInvite(email: "ada@example.com", permission: .read, expires: .days(14))
/// ```
public struct NewInvite: Hashable, Sendable {
    /// The person's address. Sent as given, compared without letter case.
    public var email: String
    /// The person's permission as a member.
    public var permission: Permission
    /// When the invite expires. The API requires an expiry, and does not document how late it may be.
    public var expiry: Expiry
    /// Which landscapes the person may see, by id. Nil: the request does not mention landscapes.
    public var landscapePermissions: [String: Bool]?
    /// When the person's access ends. An invite never ends later. On a roster, the person is invited, and stays, until
    /// then;
    /// afterwards the invites are revoked, and with ``PlanOptions/pruneMembers`` the member is removed.
    public var until: Date?

    /// An invite for `email` that expires at an instant or after a duration from now.
    public init(
        email: String,
        permission: Permission,
        expires expiry: Expiry,
        landscapePermissions: [String: Bool]? = nil,
        until: Date? = nil
    ) {
        self.email = email
        self.permission = permission
        self.expiry = expiry
        self.landscapePermissions = landscapePermissions
        self.until = until
    }
}

/// As JSON, in every language: `{"email", "permission", "expiresAt" or "expiresInMs", "landscapePermissions"?, "until"?}`. A
/// field of another name is an error.
extension NewInvite: SharedJSON {
    static func read(_ json: String) throws -> Self { try readNewInvite(json: json) }
    func write() throws -> String { try writeNewInvite(invite: self) }
}
