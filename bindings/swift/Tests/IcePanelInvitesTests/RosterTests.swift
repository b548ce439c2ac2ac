import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import ScenarioSupport
import Testing

/// Rosters and plans as values; a run as a sequence.
@Suite struct RosterTests {
    static func guests(_ count: Int) -> [NewInvite] {
        (0..<count).map { NewInvite(email: "p\($0)@example.com", permission: .read, expires: .days(14)) }
    }

    @Test func allProblemsAreReportedTogether() async {
        var people = Self.guests(3)
        people[0].email = "nobody"
        people[1].expiry = .after(.zero)
        people.append(NewInvite(email: "P2@Example.com", permission: .write, expires: .days(1)))
        let error = await failure { try Roster(people) }
        #expect(error?.kind == .invalidInput)
        #expect(error?.errors.count == 3)
        #expect(error?.errors.last?.contains("entry 4") == true)
    }

    @Test func aRosterIsACollectionAndItsOwnJSON() throws {
        var people = Self.guests(2)
        people[1].expiry = .at(Date(timeIntervalSince1970: 2_053_857_600.123))
        people[1].landscapePermissions = ["l1": true]
        let roster = try Roster(people)
        #expect(roster.count == 2 && roster.map(\.email) == people.map(\.email))
        let written = try JSONEncoder().encode(roster)
        #expect(
            try json(roster) == [
                "formatVersion": 1,
                "people": [
                    ["email": "p0@example.com", "permission": "read", "expiresInMs": 1_209_600_000],
                    [
                        "email": "p1@example.com", "permission": "read", "expiresAt": "2035-01-31T12:00:00.123Z",
                        "landscapePermissions": ["l1": true],
                    ],
                ],
            ])
        #expect(try JSONDecoder().decode(Roster.self, from: written).map(\.email) == people.map(\.email))
        #expect(try Roster(json: written).map(\.email) == people.map(\.email))
    }

    @Test func aNewerVersionIsRejectedInTheCoresWords() throws {
        let rule = "its formatVersion is 3, and this version of icepanel-invites reads formatVersion 1"
        let newer = Data(#"{"formatVersion": 3, "people": 7, "steps": 7}"#.utf8)
        func cause(_ read: () throws -> some Any) -> InviteError? {
            do {
                _ = try read()
            } catch DecodingError.dataCorrupted(let context) {
                let cause = context.underlyingError as? InviteError
                #expect(cause?.message == context.debugDescription)
                return cause
            } catch {
                Issue.record(error)
            }
            return nil
        }
        let roster = try #require(cause { try JSONDecoder().decode(Roster.self, from: newer) })
        let plan = try #require(cause { try JSONDecoder().decode(Plan.self, from: newer) })
        #expect(roster.kind == .invalidInput && roster.message.hasPrefix("the roster cannot be read: \(rule)"))
        #expect(plan.kind == .invalidInput && plan.message.hasPrefix("the plan cannot be read: \(rule)"))
        #expect(throws: roster) { try Roster(json: newer) }
    }

    @Test func allMalformedEntriesAreReportedTogether() async {
        let text = #"[{"email": "a@example.com", "permission": "read"}, 7, {"emial": 1}]"#
        let error = await failure { try Roster(json: Data(text.utf8)) }
        #expect(error?.kind == .invalidInput && error?.errors.count == 3)
    }

    @Test(arguments: [
        #"[{"email": "a@example.com", "permission": "read", "expiresInMs": 1000, "emial": 1}]"#,
        #"[{"email": "a@example.com", "permission": "read"}]"#,
        #"[{"email": "a@example.com", "permission": "read", "expiresInMs": 1, "expiresAt": "2035-01-31T12:00:00Z"}]"#,
        #"[{"email": "a", "permission": "read", "expiresInMs": 1000}]"#,
        #"{}"#,
    ])
    func whatIsNoRosterIsNotRead(_ text: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(Roster.self, from: Data(text.utf8)) }
        #expect(throws: InviteError.self) { try Roster(json: Data(text.utf8)) }
    }

    @Test func aPlanIsAValue() async throws {
        let sandbox = try Sandbox([
            "seats": 1,
            "members": [["email": "p0@example.com", "permission": "admin"]],
            "invites": [["email": "p1@example.com", "permission": "write", "landscapePermissions": ["l1": true]]],
        ])
        let roster = try Roster(Self.guests(3))
        let plan = try await sandbox.client().plan(roster, options: PlanOptions(margin: .seconds(60)))
        #expect(plan.steps.map(\.action) == [.member, .replace, .invite])
        #expect(plan.count(.invite) == 1 && plan.changesAnything && plan.writes == 3)
        #expect(plan.margin == .seconds(60) && plan.estimate > .zero)
        #expect(plan.steps[1].held?.landscapePermissions == ["l1": true])
        #expect(plan.steps[2].wanted == roster[2])
        let read = try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan))
        #expect(read == plan)
        let lines = plan.description.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines[2].hasPrefix("invite  p2@example.com: "))
        #expect(lines[3].hasPrefix("paid seats: 0 needed, 1 freed"))
        #expect(lines[4] == "e-mails: 2 to example.com")
        #expect(lines[5].hasPrefix("3 write requests, about "))
        // Nothing was changed.
        #expect(try sandbox.report().requests["create"] == 0)
    }

    @Test func aPlanThatWasChangedByHandIsStillJudged() async throws {
        let sandbox = try Sandbox()
        let client = try sandbox.client()
        let whole = try await client.plan(Roster(Self.guests(3)))
        let shorter = try edited(whole) { $0.removeLast() }
        let report = try await client.apply(shorter)
        #expect(report.isComplete && report.lines.count == 2)
        let without = try edited(shorter) { $0[0]["wanted"] = nil }
        #expect(await failure { try await client.apply(without) }?.kind == .invalidInput)
        #expect(throws: DecodingError.self) { try edited(whole) { $0[0]["action"] = "promote" } }
    }

    /// The plan as it comes back from a file in which somebody has changed its steps.
    private func edited(_ plan: Plan, _ change: (inout [[String: Any]]) -> Void) throws -> Plan {
        let written = try JSONSerialization.jsonObject(with: JSONEncoder().encode(plan))
        var fields = try #require(written as? [String: Any])
        var steps = try #require(fields["steps"] as? [[String: Any]])
        change(&steps)
        fields["steps"] = steps
        return try JSONDecoder().decode(Plan.self, from: JSONSerialization.data(withJSONObject: fields))
    }

    @Test func everyStepIsReported() async throws {
        let sandbox = try Sandbox(["seats": 0])
        let client = try sandbox.client()
        var people = Self.guests(4)
        people[3].permission = .admin
        let plan = try await client.plan(Roster(people))
        let refused = await failure { try await client.apply(plan) }
        #expect(refused?.kind == .seatsExhausted)
        #expect(await failure { try plan.check() }?.kind == .seatsExhausted)
        try plan.check(ApplyOptions(partial: true))
        let steps = Steps()
        let report = try await client.apply(plan, options: ApplyOptions(partial: true)) { steps.add($0) }
        #expect(steps.all.map(\.index).sorted() == [0, 1, 2, 3])
        #expect(steps.all.map(\.done) == [1, 2, 3, 4] && steps.all.allSatisfy { $0.total == 4 })
        #expect(report.lines.map(\.outcome) == [.done, .done, .done, .skipped])
        #expect(report.count(.done) == 3 && !report.isComplete && !report.stopped)
        #expect(report.lines[0].invite?.email == "p0@example.com")
        let lines = report.description.split(separator: "\n")
        #expect(lines.count == 5 && lines[3].hasPrefix("skipped p3@example.com: ") && lines[4] == "3 done, 1 skipped")
        #expect(try json(report)["counts"]["done"] == 3)
        #expect(try json(report)["formatVersion"] == json(plan)["formatVersion"])
    }

    @Test func aFailedLineHasItsError() async throws {
        let sandbox = try Sandbox(["faults": [["fault": "status", "status": 422, "on": "create"]]])
        let client = try sandbox.client()
        let report = try await client.apply(client.plan(Roster(Self.guests(2))))
        let failed = try #require(report.lines.first { $0.outcome == .failed })
        #expect(failed.error?.kind == .rejected)
        #expect(try json(report)["lines"].elements.contains { $0["error"]["kind"] == "rejected" })
    }

    @Test func aRunIsStoppedWithAReport() async throws {
        // The first is made at once, and all that are under way then take so long that the stop comes before.
        let slow: JSON = ["fault": "slow_headers", "delayMs": 2000, "on": "create", "skip": 1, "times": 8]
        let sandbox = try Sandbox(["faults": [slow]])
        let client = try sandbox.client()
        let plan = try await client.plan(Roster(Self.guests(30)))
        let run = client.run(plan)
        for try await progress in run where progress.done == 1 { run.stop() }
        let report = try await run.report
        #expect(report.stopped && report.count(.done) >= 1 && report.count(.skipped) >= 5)
        // Applied again it goes on; with a handle that was used before, it does not begin.
        let used = Stop()
        used.stop()
        #expect(used.isStopped)
        #expect(try await client.apply(plan, options: ApplyOptions(stop: used)).count(.done) == 0)
        #expect(try await client.apply(plan).isComplete)
        #expect(try sandbox.report().addressesInvitedTwice == [])
        #expect(try sandbox.report().activeInvites.count == 30)
    }

    @Test func theGuardKeepsARosterThatWasCutOffFromEmptyingAnOrganization() async throws {
        let invites = (0..<12).map { JSON.object(["email": .string("g\($0)@example.com"), "permission": "read"]) }
        let sandbox = try Sandbox(["invites": .array(invites)])
        let client = try sandbox.client()
        #expect(await failure { try await client.plan(Roster([]), options: PlanOptions(prune: true)) }?.kind == .invalidInput)
        let plan = try await client.plan(Roster([]), options: PlanOptions(prune: true, allowEmpty: true))
        #expect(plan.count(.revoke) == 12)
        let pruning = try #require(plan.pruning)
        #expect((pruning.people, pruning.invited, pruning.allowed) == (12, 12, 3) && pruning.needsGuard)
        #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
        for options in [ApplyOptions(), ApplyOptions(pruneGuard: .share(0.5)), ApplyOptions(pruneGuard: .atMost(-1))] {
            #expect(await failure { try await client.apply(plan, options: options) }?.kind == .invalidInput)
            #expect(await failure { try plan.check(options) }?.kind == .invalidInput)
        }
        let all = ApplyOptions(pruneGuard: .atMost(12))
        try plan.check(all)
        #expect(try await client.apply(plan, options: all).isComplete)
    }

    @Test func aPlanLeavesAloneWhomItsOptionsSay() async throws {
        let gone: (String) -> JSON = { ["email": .string($0), "permission": "read", "revokedAt": "-1d"] }
        let sandbox = try Sandbox(["invites": [gone("p0@example.com"), gone("p1@example.com"), gone("p1@example.com")]])
        let client = try sandbox.client()
        let roster = try Roster(Self.guests(3))
        let revoked = try await client.plan(roster, options: PlanOptions(skipRevoked: true))
        #expect(revoked.steps.map(\.action) == [.skip, .skip, .invite] && revoked.skipRevoked)
        let often = try await client.plan(roster, options: PlanOptions(maxInvites: 2))
        #expect(often.steps.map(\.action) == [.invite, .skip, .invite] && often.maxInvites == 2)
        for plan in [revoked, often] {
            #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
        }
        // The options are in the plan, so that people who were revoked meanwhile are skipped when it is applied.
        #expect(try await client.apply(often).isComplete)
        #expect(try sandbox.report().activeInvites.keys.sorted() == ["p0@example.com", "p2@example.com"])
    }

    @Test func aDumpIsARosterThatChangesNothing() async throws {
        let sandbox = try Sandbox([
            "members": [["email": "eve@example.com", "permission": "admin"]],
            "invites": [["email": "ada@example.com", "permission": "read", "landscapePermissions": ["l1": true]]],
        ])
        let client = try sandbox.client()
        #expect(try await client.dump().map(\.email) == ["ada@example.com"])
        let roster = try await client.dump(membersExpire: .days(7))
        #expect(roster.map(\.email) == ["eve@example.com", "ada@example.com"])
        #expect(roster[0].expiry == .days(7) && roster[1].landscapePermissions == ["l1": true])
        let plan = try await client.plan(roster, options: PlanOptions(prune: true))
        #expect(!plan.changesAnything)
    }

    @Test func aGuestAboutToBeLockedOutIsFoundAndRenewed() async throws {
        let sandbox = try Sandbox([
            "invites": [
                ["id": "soon", "email": "ada@example.com", "permission": "read", "expiresAt": "+2d"],
                ["email": "bob@example.com", "permission": "read"],
            ]
        ])
        let client = try sandbox.client()
        let guests = try await client.list(InviteFilter(expiringWithin: .seconds(3 * 86_400)))
        #expect(guests.map(\.email) == ["ada@example.com"])
        let renewed = try await client.renew("soon", expires: .days(30))
        #expect(renewed.replaced.map(\.id) == ["soon"] && renewed.invite.isActive)
        #expect(try JSONDecoder().decode(Renewed.self, from: JSONEncoder().encode(renewed)) == renewed)
        // The same call once more finds what it has made.
        let again = try await client.renew("soon", expires: .days(30))
        #expect(again.invite == renewed.invite && again.replaced.isEmpty)
        #expect(await failure { try await client.renew("nobody", expires: .days(30)) }?.kind == .notFound)
    }

    private final class Steps: @unchecked Sendable {
        private let lock = NSLock()
        private var steps: [Run.Progress] = []
        func add(_ step: Run.Progress) { lock.withLock { steps.append(step) } }
        var all: [Run.Progress] { lock.withLock { steps } }
    }
}
