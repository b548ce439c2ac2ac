import Foundation
import IcePanelInvitesTesting
import Testing

@testable import IcePanelInvites

/// An instant is the same `Date`, to the last bit, on whatever way it comes.
@Suite struct InstantTests {
    /// In a year whose seconds since 2001 are one binary digit shorter than those since 1970, where a sum made in another
    /// order ends in other bits.
    static let fractions = (0..<1000).map { millisecond in
        "2034-06-30T12:00:00." + String(millisecond + 1000).dropFirst()
    }

    /// How many of these instants are not, to the last bit, what they should be.
    private func wrong(_ dates: [String: Date]) -> Int {
        Self.fractions.indices.count { millisecond in
            dates["p\(millisecond)@example.com"]
                != Date(timeIntervalSinceReferenceDate: 1_056_974_400 + Double(millisecond) / 1000)
        }
    }

    private func instants(_ roster: Roster) -> [String: Date] {
        let pairs = roster.compactMap { if case .at(let date) = $0.expiry { ($0.email, date) } else { nil } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test func aRosterHasTheInstantsOfTheInvites() async throws {
        let people = Self.fractions.enumerated().map { n, time in
            JSON.object(["email": .string("p\(n)@example.com"), "permission": "read", "expiresAt": .string(time + "Z")])
        }
        let json = Data(JSON.array(people).description.utf8)
        let roster = try Roster(json: json)
        #expect(wrong(instants(roster)) == 0)
        let decoded = try JSONDecoder().decode(Roster.self, from: json)
        let same = decoded == roster
        #expect(same)

        let client = try Sandbox(["invites": .array(people)]).client()
        let listed = Dictionary(uniqueKeysWithValues: try await client.list().map { ($0.email, $0) })
        #expect(wrong(listed.mapValues(\.expiresAt)) == 0)
        #expect(wrong(instants(try await client.dump())) == 0)
        // One by one they cross in the form that UniFFI reads.
        for n in stride(from: 0, to: 1000, by: 37) {
            #expect(try await client.findActive(email: "p\(n)@example.com") == listed["p\(n)@example.com"])
        }
        let plan = try await client.plan(roster)
        let held = plan.steps.compactMap { step in step.held?.expiresAt.map { (step.email, $0) } }
        #expect(wrong(Dictionary(uniqueKeysWithValues: held)) == 0)
        #expect(!plan.changesAnything)
    }

    @Test(arguments: ["1969-12-31T23:59:58.75Z", "1969-06-01T00:00:00.123Z", "0001-01-01T00:00:00.5Z"])
    func soHaveThoseBefore1970(_ time: String) async throws {
        let past: JSON = ["email": "a@example.com", "permission": "read", "expiresAt": .string(time)]
        let invites = try await Sandbox(["invites": [past]]).client().list()
        #expect(invites.map(\.expiresAt) == [RFC3339.date(time)])
    }
}

/// Bytes that the library would not hand over.
@Suite struct PackedInvitesTests {
    /// The longest and the shortest number of elements, and one that is more than there are bytes.
    @Test(arguments: [Int32.min, -1, 1, 1_000_000, .max])
    func aNumberOfInvitesThatCannotBeIsAnError(_ count: Int32) {
        let bytes = withUnsafeBytes(of: count.bigEndian) { Data($0) }
        #expect(throws: (any Error).self) { try PackedInvites.read(bytes) }
        #expect(throws: (any Error).self) { try PackedInvites.read(bytes + Data(repeating: 0xff, count: 57)) }
    }

    @Test func whatIsCutOffOrGoesOnIsAnError() throws {
        #expect(try PackedInvites.read(Data([0, 0, 0, 0])).isEmpty)
        #expect(throws: (any Error).self) { try PackedInvites.read(Data()) }
        #expect(throws: (any Error).self) { try PackedInvites.read(Data([0, 0, 0])) }
        #expect(throws: (any Error).self) { try PackedInvites.read(Data([0, 0, 0, 0, 0])) }
    }

    /// An invite of which each byte in turn is another: what comes of it is an invite or an error.
    @Test func anyBytesEndInInvitesOrAnError() throws {
        var bytes = Data([0, 0, 0, 1])
        let text = { (text: String) in withUnsafeBytes(of: Int32(text.utf8.count).bigEndian) { Data($0) } + Data(text.utf8) }
        let time = Data([0, 0, 0, 0, 0x7a, 0, 0, 0, 0x1d, 0, 0, 0])
        bytes += text("i1") + text("acme") + text("ada@example.com") + Data([0, 0, 0, 1])
        bytes += Data([1, 0, 0, 0, 1]) + text("l1") + Data([1]) + Data([0, 0, 0, 1]) + time + time
        bytes += Data([0, 0, 0, 2]) + text("k1") + Data([0, 0, 0, 0, 0])
        let invite = try #require(PackedInvites.read(bytes).first)
        #expect(invite.email == "ada@example.com" && invite.landscapePermissions == ["l1": true])
        for index in bytes.indices {
            for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
                var changed = bytes
                changed[index] = value
                _ = try? PackedInvites.read(changed)
            }
            #expect(throws: (any Error).self) { try PackedInvites.read(bytes[..<index]) }
        }
    }
}
