import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import ScenarioSupport
import Testing

/// The models as JSON, and as values.
@Suite struct CodableTests {
    static let wire = #"""
        {"id": "i1", "organizationId": "acme", "email": "ada@example.com", "permission": "observer",
         "landscapePermissions": {"l1": true}, "expiresAt": "2035-01-31T13:00:00.123456789+01:00",
         "createdAt": "2024-02-29T23:59:59Z", "createdBy": "robot", "createdById": "k1",
         "revokedAt": null, "somethingNew": {"a": [1]}}
        """#

    @Test func anInviteIsReadAsTheServiceWritesIt() throws {
        let invite = try JSONDecoder().decode(Invite.self, from: Data(Self.wire.utf8))
        guard case .other(let permission) = invite.permission, case .other(let actor) = invite.createdBy else {
            Issue.record("\(invite)")
            return
        }
        #expect(permission.text == "observer" && actor.text == "robot")
        #expect(invite.landscapePermissions == ["l1": true])
        #expect(invite.status == .active)
        #expect(abs(invite.expiresAt.timeIntervalSince1970 - 2_053_857_600.123456789) < 1e-6)
        #expect(invite.revokedAt == nil)
    }

    @Test func aValueComesBackAsItWent() async throws {
        let sandbox = try Sandbox([
            "members": [["email": "eve@example.com", "permission": "admin", "name": "Eve"]],
            "invites": [["email": "bob@example.com", "permission": "billing", "revokedAt": "-1d"]],
        ])
        let client = try sandbox.client()
        try await client.create(NewInvite(email: "ada@example.com", permission: .read, expires: .days(1)))
        for invite in try await client.list() {
            #expect(try roundTrip(invite) == invite)
            #expect(try roundTrip(Ensured.created(invite)) == .created(invite))
            #expect(try roundTrip(Ensured.existing(invite)) == .existing(invite))
        }
        for member in try await client.members() {
            #expect(try roundTrip(member) == member)
            #expect(try roundTrip(Ensured.member(member)) == .member(member))
        }
        let seats = try await client.seats()
        #expect(try roundTrip(seats) == seats)
    }

    private func roundTrip<T: Codable>(_ value: T) throws -> T {
        try JSONDecoder().decode(T.self, from: JSONEncoder().encode(value))
    }

    @Test(arguments: [
        ("2035-01-31T12:00:00Z", "2035-01-31T12:00:00Z"),
        ("2035-01-31T12:00:00.1Z", "2035-01-31T12:00:00.100Z"),
        ("2024-02-29T23:59:59.999999Z", "2024-02-29T23:59:59.999999Z"),
        ("2000-03-01T00:30:00.123+01:00", "2000-02-29T23:30:00.123Z"),
        ("1969-12-31T23:59:59.250Z", "1969-12-31T23:59:59.250Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z"),
        ("2036-02-29T23:59:59-12:00", "2036-03-01T11:59:59Z"),
        ("2036-01-01T01:30:00+14:00", "2035-12-31T11:30:00Z"),
        ("2035-01-31T12:00:00.123456789123Z", "2035-01-31T12:00:00.123457Z"),
    ])
    func aTimeIsReadAndWritten(_ text: String, _ written: String) throws {
        let member = #"{"userId": "u", "email": "e", "permission": "read", "lastActiveAt": "\#(text)"}"#
        let read = try JSONDecoder().decode(Member.self, from: Data(member.utf8))
        let date = try #require(read.lastActiveAt)
        // Foundation counts the years before 1582 by another calendar.
        if !text.hasPrefix("0") {
            #expect(abs(date.timeIntervalSince(try #require(wireTime(text)))) < 1e-6)
        }
        #expect(try json(read)["lastActiveAt"] == .string(written))
    }

    @Test(arguments: [
        "", "soon", "2035-01-31", "2035-01-31T12:00:00", "2035-13-31T12:00:00Z", "2035-01-31T12:00:00.Z",
        "2035-01-31T12:00:00Z and more", "2035-01-31T12:00:00+1", "٢٠35-01-31T12:00:00Z",
        // In no calendar.
        "2035-00-31T12:00:00Z", "2035-01-00T12:00:00Z", "2035-01-32T12:00:00Z", "2035-02-29T12:00:00Z",
        "2036-02-30T12:00:00Z", "2035-02-31T12:00:00Z", "1900-02-29T12:00:00Z", "2100-02-29T12:00:00Z",
        "2035-04-31T12:00:00Z", "2035-06-31T12:00:00Z", "2035-09-31T12:00:00Z", "2035-11-31T12:00:00Z",
        // On no clock.
        "2035-01-31T24:00:00Z", "2035-01-31T12:60:00Z", "2035-01-31T12:00:61Z",
        // Nowhere.
        "2035-01-31T12:00:00+24:00", "2035-01-31T12:00:00-24:00", "2035-01-31T12:00:00+01:60",
        "2035-01-31T12:00:00+01",
    ])
    func whatIsNoTimeIsAnError(_ text: String) {
        let member = #"{"userId": "u", "email": "e", "permission": "read", "lastActiveAt": "\#(text)"}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Member.self, from: Data(member.utf8)) }
    }

    @Test func aDateThatIsNoTimeIsNotWritten() throws {
        var invite = try JSONDecoder().decode(Invite.self, from: Data(Self.wire.utf8))
        for seconds in [Double.infinity, -.infinity, .nan, 1e12] {
            invite.expiresAt = Date(timeIntervalSince1970: seconds)
            #expect(throws: EncodingError.self) { try JSONEncoder().encode(invite) }
        }
    }

    @Test func aKnownValueIsKnownInAnyLetterCase() throws {
        #expect(Permission(rawValue: "Admin") == .admin)
        #expect(Actor(rawValue: "api-key") == .apiKey)
        #expect(InviteStatus(rawValue: "EXPIRED") == .expired)
        #expect(Permission(rawValue: "Observer").rawValue == "Observer")
        for value in ["read", "write", "admin", "billing"] {
            #expect(Permission(rawValue: value).rawValue == value)
        }
        for value in ["user", "api-key", "notification-key", "service"] {
            #expect(Actor(rawValue: value).rawValue == value)
        }
        for value in ["active", "used", "revoked", "expired"] {
            #expect(InviteStatus(rawValue: value).rawValue == value)
        }
        #expect("\(Permission.write)" == "write")
        #expect(Permission.write.isPaid && !Permission(rawValue: "owner").isPaid)
        #expect(Permission(rawValue: "WRITE").isPaid)
        // A sign that is not ASCII's K, though its lower case is k.
        #expect(Actor(rawValue: "api-\u{212A}ey") != .apiKey)
    }

    @Test func aStatusIsJudgedAtAnyTime() throws {
        var invite = try JSONDecoder().decode(Invite.self, from: Data(Self.wire.utf8))
        #expect(invite.status(at: invite.expiresAt) == .expired)
        #expect(invite.status(at: invite.createdAt) == .active)
        invite.revokedAt = invite.createdAt
        #expect(invite.status(at: .distantFuture) == .revoked)
        invite.usedAt = invite.createdAt
        #expect(invite.status(at: .distantPast) == .used)
    }

    @Test func howAnInviteDiffersIsComparedAtAnyTime() async throws {
        let invite = try JSONDecoder().decode(Invite.self, from: Data(Self.wire.utf8))
        let asked = NewInvite(email: invite.email, permission: invite.permission, expires: .days(14))
        #expect(try invite.differs(from: asked, at: invite.expiresAt.addingTimeInterval(-8 * 86_400)) == [])
        #expect(try invite.differs(from: asked, at: invite.expiresAt.addingTimeInterval(-6 * 86_400)) == [.expiry])
        let ended = NewInvite(email: invite.email, permission: .billing, expires: .at(invite.expiresAt))
        #expect(try invite.differs(from: ended) == [.permission])
        #expect(try Ensured.created(invite).differs(from: ended) == [])
        #expect("\(Difference.landscapes)" == "landscapePermissions")
        let error = await failure { try invite.differs(from: asked, at: Date(timeIntervalSince1970: .nan)) }
        #expect(error?.kind == .invalidInput)
    }

    @Test func theJSONOfAReportIsTheOneOfAllLanguages() throws {
        let error = InviteError(kind: .internal, message: "no", status: 500, retryAfter: .milliseconds(5))
        let line = Report.Line(email: "ada@example.com", action: .revoke, outcome: .failed, note: "no", error: error)
        let written = try json(Report(lines: [line], stopped: true, isComplete: false))
        #expect(written["formatVersion"] == 1)
        #expect(written["complete"] == false)
        #expect(written["stopped"] == true)
        #expect(written["counts"]["failed"] == 1)
        let first = try #require(written["lines"].elements.first)
        #expect(first["error"]["kind"] == "internal")
        #expect(first["error"]["retryAfterMs"] == 5)
        #expect(first["error"]["code"] == .null)
        #expect(try json(line) == first)
    }
}
