import IcePanelInvites
import IcePanelInvitesTesting
import Testing

/// A program that takes the protocol is tested with a fake.
@Suite struct FakeTests {
    /// An organization without free seats. What the program does not use goes to the client.
    private struct FullOrganization: InviteOperations {
        let client: InviteClient

        var organizationId: String { client.organizationId }

        func seats() async throws(InviteError) -> Seats { Seats(paid: 1, taken: 1, promised: 0, free: 0) }

        func ensure(_ invite: NewInvite) async throws(InviteError) -> Ensured {
            throw InviteError(kind: .seatsExhausted, message: "all seats are taken")
        }

        func list(_ filter: InviteFilter) async throws(InviteError) -> [Invite] { try await client.list(filter) }

        func findActive(email: String) async throws(InviteError) -> Invite? { try await client.findActive(email: email) }

        func create(_ invite: NewInvite) async throws(InviteError) -> Invite { try await client.create(invite) }

        func revoke(id: String) async throws(InviteError) -> Invite { try await client.revoke(id: id) }

        func revokeActive(email: String) async throws(InviteError) -> [Invite] { try await client.revokeActive(email: email) }

        func members() async throws(InviteError) -> [Member] { try await client.members() }

        func updateMember(
            _ member: String, permission: Permission, landscapePermissions: [String: Bool]?
        ) async throws(InviteError) -> Member {
            try await client.updateMember(member, permission: permission, landscapePermissions: landscapePermissions)
        }

        func removeMember(_ member: String) async throws(InviteError) -> Member? { try await client.removeMember(member) }

        func plan(_ roster: Roster, options: PlanOptions) async throws(InviteError) -> Plan {
            try await client.plan(roster, options: options)
        }

        func apply(
            _ plan: Plan, options: ApplyOptions, onProgress: (@Sendable (Run.Progress) -> Void)?
        ) async throws(InviteError) -> Report {
            try await client.apply(plan, options: options, onProgress: onProgress)
        }

        func dump(membersExpire: Expiry?) async throws(InviteError) -> Roster {
            try await client.dump(membersExpire: membersExpire)
        }

        func renew(_ target: String, expires expiry: Expiry) async throws(InviteError) -> Renewed {
            try await client.renew(target, expires: expiry)
        }
    }

    /// The program: invites a guest if a seat is free, and returns the result.
    private func onboard(with operations: some InviteOperations) async -> String {
        do {
            let seats = try await operations.seats()
            switch try await operations.ensure(
                NewInvite(email: "ada@example.com", permission: .write, expires: .days(7)))
            {
            case .created: return "invited, \(seats.free) free before"
            case .existing, .member: return "nothing to do"
            }
        } catch {
            return "\(error.kind): \(error.message)"
        }
    }

    @Test func aFakeTakesThePlaceOfTheClient() async throws {
        let sandbox = try Sandbox(["seats": 3])
        let client = try sandbox.client()
        #expect(await onboard(with: client) == "invited, 3 free before")
        #expect(await onboard(with: FullOrganization(client: client)) == "seatsExhausted: all seats are taken")
        #expect(try sandbox.report().invitesMade == ["ada@example.com": 1])
    }
}
