import Foundation

/// A handle on the invites of one organization.
///
/// ```swift
/// let client = try InviteClient.fromEnvironment()  // ICEPANEL_API_KEY, ICEPANEL_ORGANIZATION_ID
/// let guest = NewInvite(email: "ada@example.com", permission: .read, expires: .days(14))
/// switch try await client.ensure(guest) {
/// case .created(let invite): print("invited until \(invite.expiresAt)")
/// case .existing(let invite): print("invited already, until \(invite.expiresAt)")
/// case .member(let member): print("already a member, with \(member.permission)")
/// }
/// ```
///
/// Copies share connections, the state of the rate limits, and the list of recently made invites. A client need not be
/// closed; ``close()`` ends the calls of all its copies. Cancelling the task of a call stops its request; the call then
/// throws an ``InviteError`` of kind `cancelled`, which says whether an invite may exist.
public struct InviteClient: Sendable {
    let core: Client

    /// A client of one organization. The key is `<id>:<hex secret>`; only an admin of the
    /// organization can create one. Nothing is sent.
    ///
    /// - Throws: `invalidInput` if an option is invalid.
    public init(
        apiKey: String,
        organizationId: String,
        options: Options = Options()
    ) throws(InviteError) {
        core = try translatingErrors {
            try Client(
                apiKey: Secret(apiKey),
                organizationId: organizationId,
                setup: options.crossing,
                proxy: options.proxy,
                clientCertificatePem: options.clientCertificatePEM,
                listener: options.listener
            )
        }
    }

    /// A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and
    /// `ICEPANEL_BASE_URL` if it is set. The `options` have precedence.
    ///
    /// - Throws: `invalidInput` if one is missing or invalid.
    public static func fromEnvironment(_ options: Options = Options()) throws(InviteError) -> InviteClient {
        InviteClient(
            core: try translatingErrors {
                try Client.fromEnv(
                    setup: options.crossing,
                    proxy: options.proxy,
                    clientCertificatePem: options.clientCertificatePEM,
                    listener: options.listener
                )
            })
    }

    init(core: Client) {
        self.core = core
    }

    /// The organization's id.
    public var organizationId: String { core.organizationId() }

    /// Closes this client, its copies, those that it was made from, and those that were made from it by
    /// ``withTimeout(_:)`` and ``withRetry(_:)``.
    ///
    /// Running calls end immediately with an ``InviteError`` of kind `closed`, which says whether an invite may exist.
    /// Later calls fail with the same kind, and nothing is sent. Closing a second time has no effect.
    public func close() { core.close() }

    /// Whether the client was closed.
    public var isClosed: Bool { core.isClosed() }

    /// The same client with another time limit for its calls.
    ///
    /// - Throws: `invalidInput` if it is zero or negative.
    public func withTimeout(_ timeout: Duration) throws(InviteError) -> InviteClient {
        InviteClient(
            core: try translatingErrors { try core.withOptions(changes: NativeClientChanges(timeoutMs: timeout.crossing)) })
    }

    /// The same client with another retry policy.
    ///
    /// - Throws: `invalidInput` if its attempts are zero, or a number or delay in it is negative.
    public func withRetry(_ retry: RetryPolicy) throws(InviteError) -> InviteClient {
        InviteClient(core: try translatingErrors { try core.withOptions(changes: retry.crossing) })
    }

    /// The invites that match a filter, in the service's order.
    ///
    /// The service has no paging: its response has every invite that ever existed. It is decoded
    /// while it downloads, and only what matches the filter is stored.
    public func list(_ filter: InviteFilter = .all) async throws(InviteError) -> [Invite] {
        try await call("list") { [core] cancel in
            try await core.list(filter: filter.crossing, cancel: cancel)
        }
    }

    /// The active invite of an address, letter case ignored. If there are several, the oldest: the
    /// one that ``ensure(_:)`` would return.
    public func findActive(email: String) async throws(InviteError) -> Invite? {
        try await call("find_active") { [core] cancel in
            try await core.findActive(email: email, cancel: cancel)
        }
    }

    /// Sends one invite, once. The service e-mails the person.
    ///
    /// If the response is lost, the client reads the list to find out whether the invite was made,
    /// and sends the create again only if it was not. `create` does not check whether the person is
    /// already invited or a member: ``ensure(_:)`` does.
    ///
    /// - Throws: `outcomeUnknown` if the call's time was too short to find out, `cancelled` if the
    ///   task was cancelled; then an invite may exist. With any other error none was made.
    @discardableResult
    public func create(_ invite: NewInvite) async throws(InviteError) -> Invite {
        try await call("create") { [core] cancel in
            try await core.create(invite: invite, cancel: cancel)
        }
    }

    /// Makes sure that the person is a member or has exactly one active invite.
    ///
    /// A member is returned as a member, and a person with an active invite gets that invite, regardless of its
    /// permission or expiry. Otherwise an invite is created. If several workers, on one machine or many, do this at the
    /// same time, all return the same invite and the others are revoked.
    ///
    /// - Throws: as ``create(_:)``.
    @discardableResult
    public func ensure(_ invite: NewInvite) async throws(InviteError) -> Ensured {
        try await call("ensure") { [core] cancel in
            try await core.ensure(invite: invite, cancel: cancel)
        }
    }

    /// Revokes an invite. One that is already revoked is returned unchanged.
    ///
    /// - Throws: `notFound` if there is no such invite.
    @discardableResult
    public func revoke(id: String) async throws(InviteError) -> Invite {
        try await call("revoke") { [core] cancel in
            try await core.revoke(inviteId: id, cancel: cancel)
        }
    }

    /// Revokes every active invite of an address, and returns them as revoked. It is not an error if there is none.
    ///
    /// If it fails, some may have been revoked; make the same call again to revoke the others.
    @discardableResult
    public func revokeActive(email: String) async throws(InviteError) -> [Invite] {
        try await call("revoke_active") { [core] cancel in
            try await core.revokeActive(email: email, cancel: cancel)
        }
    }

    /// The members of the organization, by user id.
    public func members() async throws(InviteError) -> [Member] {
        try await call("members") { [core] cancel in
            try await core.members(cancel: cancel)
        }
    }

    /// Changes the permission of a member, and the landscapes if they are given.
    ///
    /// The client reads the list of members and sends the permission and the landscapes: those that are given, otherwise those
    /// that the member has. If the member has all this already, nothing is sent. The change is effective at once. `write` and
    /// `admin` need a paid seat; `read` and `billing` make it free again.
    ///
    /// The call may be made twice without harm. After a lost response the list of members shows whether the change was made.
    ///
    /// - Parameter member: A user id, or the member's own address, letter case ignored.
    /// - Throws: `notFound` if there is no such member; `seatsExhausted` if no paid seat is free; `conflict`, before anything
    ///   is sent, if several members have the address or if the member is the only admin of the organization, who cannot get
    ///   another permission.
    @discardableResult
    public func updateMember(
        _ member: String, permission: Permission, landscapePermissions: [String: Bool]? = nil
    ) async throws(InviteError) -> Member {
        try await call("update_member") { [core] cancel in
            try await core.updateMember(
                member: member, permission: permission, landscapePermissions: landscapePermissions, cancel: cancel)
        }
    }

    /// Removes a member from the organization, and returns this member; `nil` if there is no such member.
    ///
    /// The person loses access at once, and the paid seat is free again. There is no undo: the person needs a new invite. An
    /// active invite of the person is not revoked: ``revokeActive(email:)`` does that.
    ///
    /// The call may be made twice without harm. After a lost response the list of members shows whether the member is gone.
    ///
    /// - Parameter member: A user id, or the member's own address, letter case ignored.
    /// - Throws: `conflict`, before anything is sent, if several members have the address or if the member is the only admin of
    ///   the organization, who cannot be removed.
    @discardableResult
    public func removeMember(_ member: String) async throws(InviteError) -> Member? {
        try await call("remove_member") { [core] cancel in
            try await core.removeMember(member: member, cancel: cancel)
        }
    }

    /// Paid seats: bought, taken by members, promised to active invites, free.
    public func seats() async throws(InviteError) -> Seats {
        try await call("seats") { [core] cancel in
            try await core.seats(cancel: cancel)
        }
    }
}
