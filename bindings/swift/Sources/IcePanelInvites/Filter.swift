/// Which invites ``InviteClient/list(_:)`` returns. What is not set lets all through.
///
/// ```swift
/// let guests = try await client.list(InviteFilter(status: .active, permission: .read))
/// ```
public struct InviteFilter: Hashable, Sendable {
    /// Only invites that stand here, by the service's clock.
    public var status: InviteStatus?
    /// Only invites of this address; letter case does not count.
    public var email: String?
    /// Only invites with this permission.
    public var permission: Permission?
    /// Only invites made by this kind of actor.
    public var createdBy: Actor?
    /// Only active invites that end within so long from now, by the service's clock: guests about to
    /// be locked out.
    public var expiringWithin: Duration?

    /// A filter of what is given.
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

    /// Lets every invite through.
    public static let all = InviteFilter()
}
