/// The calls of an ``InviteClient``. A program that uses this protocol can be tested with a fake; the module
/// `IcePanelInvitesTesting` has a server that responds as the service does.
///
/// A later version may add functions.
public protocol InviteOperations: Sendable {
    /// The organization's id.
    var organizationId: String { get }
    /// See ``InviteClient/list(_:)``.
    func list(_ filter: InviteFilter) async throws(InviteError) -> [Invite]
    /// See ``InviteClient/findActive(email:)``.
    func findActive(email: String) async throws(InviteError) -> Invite?
    /// See ``InviteClient/create(_:)``.
    @discardableResult func create(_ invite: NewInvite) async throws(InviteError) -> Invite
    /// See ``InviteClient/ensure(_:)``.
    @discardableResult func ensure(_ invite: NewInvite) async throws(InviteError) -> Ensured
    /// See ``InviteClient/revoke(id:)``.
    @discardableResult func revoke(id: String) async throws(InviteError) -> Invite
    /// See ``InviteClient/revokeActive(email:)``.
    @discardableResult func revokeActive(email: String) async throws(InviteError) -> [Invite]
    /// See ``InviteClient/members()``.
    func members() async throws(InviteError) -> [Member]
    /// See ``InviteClient/updateMember(_:permission:landscapePermissions:)``.
    @discardableResult func updateMember(
        _ member: String, permission: Permission, landscapePermissions: [String: Bool]?
    ) async throws(InviteError) -> Member
    /// See ``InviteClient/removeMember(_:)``.
    @discardableResult func removeMember(_ member: String) async throws(InviteError) -> Member?
    /// See ``InviteClient/seats()``.
    func seats() async throws(InviteError) -> Seats
    /// See ``InviteClient/plan(_:options:)``.
    func plan(_ roster: Roster, options: PlanOptions) async throws(InviteError) -> Plan
    /// See ``InviteClient/apply(_:options:onProgress:)``.
    @discardableResult func apply(
        _ plan: Plan,
        options: ApplyOptions,
        onProgress: (@Sendable (Run.Progress) -> Void)?
    ) async throws(InviteError) -> Report
    /// See ``InviteClient/dump(membersExpire:)``.
    func dump(membersExpire: Expiry?) async throws(InviteError) -> Roster
    /// See ``InviteClient/renew(_:expires:)``.
    @discardableResult func renew(_ target: String, expires expiry: Expiry) async throws(InviteError) -> Renewed
}

extension InviteClient: InviteOperations {}

// The parameters that may be left out.
extension InviteOperations {
    /// All invites.
    public func list() async throws(InviteError) -> [Invite] { try await list(.all) }
    /// Changes the permission of a member. The landscapes do not change.
    @discardableResult public func updateMember(_ member: String, permission: Permission) async throws(InviteError) -> Member {
        try await updateMember(member, permission: permission, landscapePermissions: nil)
    }
    /// What would change, with the default options.
    public func plan(_ roster: Roster) async throws(InviteError) -> Plan { try await plan(roster, options: PlanOptions()) }
    /// Applies a plan with the default options.
    @discardableResult public func apply(_ plan: Plan) async throws(InviteError) -> Report {
        try await apply(plan, options: ApplyOptions(), onProgress: nil)
    }
    /// The organization as a roster, without its members.
    public func dump() async throws(InviteError) -> Roster { try await dump(membersExpire: nil) }
}
