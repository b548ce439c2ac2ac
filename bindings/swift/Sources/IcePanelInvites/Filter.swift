/// Which invites ``InviteClient/list(_:)`` returns. A field that is not set is ignored.
///
/// ```swift
/// let guests = try await client.list(InviteFilter(status: .active, permission: .read))
/// ```
public struct InviteFilter: Hashable, Sendable {
    /// Only invites with this status, by the service's clock.
    public var status: InviteStatus?
    /// Only invites of this address; letter case is ignored.
    public var email: String?
    /// Only invites with this permission.
    public var permission: Permission?
    /// Only invites made by this kind of actor.
    public var createdBy: Actor?
    /// Only active invites that expire within this duration from now, by the service's clock: guests who will soon lose
    /// access.
    public var expiringWithin: Duration?

    /// A filter with the given values.
    public init(
        status: InviteStatus? = nil,
        email: String? = nil,
        permission: Permission? = nil,
        createdBy: Actor? = nil,
        expiringWithin: Duration? = nil
    ) {
        self.status = status
        self.email = email
        self.permission = permission
        self.createdBy = createdBy
        self.expiringWithin = expiringWithin
    }

    /// Matches every invite.
    public static let all = InviteFilter()
}
