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

    /// Each with its seconds and nanoseconds since 1970.
    @Test(arguments: [
        ("1969-12-31T23:59:58.75Z", -2, 750_000_000), ("1969-06-01T00:00:00.123Z", -18_489_600, 123_000_000),
        ("0001-01-01T00:00:00.5Z", -62_135_596_800, 500_000_000),
    ])
    func soHaveThoseBefore1970(_ time: String, _ seconds: Int64, _ nanoseconds: Int32) async throws {
        let past: JSON = ["email": "a@example.com", "permission": "read", "expiresAt": .string(time)]
        let invites = try await Sandbox(["invites": [past]]).client().list()
        #expect(invites.map(\.expiresAt) == [Date(secondsSince1970: seconds, nanoseconds: nanoseconds)])
    }
}
