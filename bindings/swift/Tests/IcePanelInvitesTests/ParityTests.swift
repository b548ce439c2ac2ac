import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import Testing

/// What the core has and this has not, or the other way round, fails here.
@Suite struct ParityTests {
    /// What a pattern finds in a file of the core.
    private func core(_ file: String, _ pattern: Regex<(Substring, Substring)>) throws -> Set<String> {
        let sources = ExampleTests.package.appendingPathComponent("../../crates/icepanel-invites/src").standardized
        let source = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
        return Set(source.matches(of: pattern).map { String($0.1) })
    }

    @Test func everyMethodIsHere() throws {
        let methods = /\n    pub (?:async )?fn ([a-z_]+)/
        // What makes a client is its initializer and `fromEnvironment` here.
        let here: [String: Any] = [
            "builder": InviteClient.init(apiKey:organizationId:options:),
            "builder_from_env": InviteClient.fromEnvironment,
            "from_env": InviteClient.fromEnvironment,
            "organization_id": \InviteClient.organizationId,
            "close": InviteClient.close,
            "is_closed": \InviteClient.isClosed,
            "with_timeout": InviteClient.withTimeout,
            "with_retry": InviteClient.withRetry,
            "list": InviteClient.list,
            "find_active": InviteClient.findActive,
            "create": InviteClient.create,
            "ensure": InviteClient.ensure,
            "revoke": InviteClient.revoke,
            "revoke_active": InviteClient.revokeActive,
            "members": InviteClient.members,
            "update_member": InviteClient.updateMember,
            "remove_member": InviteClient.removeMember,
            "seats": InviteClient.seats,
            "plan": InviteClient.plan,
            "apply": InviteClient.apply,
            "dump": InviteClient.dump,
            "renew": InviteClient.renew,
        ]
        // For bindings whose listener belongs to a call, and for those whose host has an environment of its own.
        let elsewhere: Set = ["with_on_event", "builder_from_variables"]
        let all = try core("client/handle.rs", methods)
            .union(core("client/construct.rs", methods)).union(core("client/roster.rs", methods))
        #expect(all.subtracting(elsewhere) == Set(here.keys))
    }

    @Test func everyOptionIsHere() throws {
        let fields = Mirror(reflecting: InviteClient.Options()).children.compactMap(\.label)
        let here = Set(fields.map { $0 == "skipWaits" ? "clock" : $0.lowercased() })
        // No variable for authorities is known to Swift's users beside those that the core reads by itself.
        let elsewhere: Set = ["build", "ca_variable"]
        let options = try core("client/builder.rs", /\n    pub fn ([a-z_]+)/).subtracting(elsewhere)
        #expect(Set(options.map { $0.replacing("_", with: "") }) == here)
        let filters: [String: AnyKeyPath] = [
            "status": \InviteFilter.status, "email": \InviteFilter.email, "permission": \InviteFilter.permission,
            "created_by": \InviteFilter.createdBy, "expiring_within": \InviteFilter.expiringWithin,
        ]
        #expect(try core("model/filter.rs", /\n    pub ([a-z_]+): Option/) == Set(filters.keys))
    }

    @Test func everyFieldOfAPlanIsHere() async throws {
        let sandbox = try Sandbox([
            "members": [["email": "boss@example.com", "permission": "admin"]],
            "invites": [["email": "p0@example.com", "permission": "read"]],
        ])
        let soon = Date().addingTimeInterval(86_400)
        let guest = NewInvite(email: "p0@example.com", permission: .read, expires: .days(7), until: soon)
        let options = PlanOptions(
            prune: true, pruneMembers: true, protect: ["boss@example.com"], expiringWithin: .seconds(172_800))
        let plan = try await sandbox.client().plan(Roster([guest]), options: options)
        let (step, summary) = (try #require(plan.steps.first), try #require(plan.summary))
        let values: [Any] = [
            PlanOptions(), plan, step, try #require(step.held), plan.seats, try #require(plan.pruning),
            try #require(plan.removal), summary, try #require(summary.domains.first), try #require(plan.expiring.first),
        ]
        let here = values.flatMap { Mirror(reflecting: $0).children.compactMap(\.label) }
        // The plan's JSON, which goes back to the core, is no field of the core's.
        let declared = try core("roster/plan.rs", /\n    pub ([a-z_]+):/)
        let fields = declared.union(try core("roster/plan_figures.rs", /\n    pub ([a-z_]+):/))
            .map { $0.replacing(/_ms$/, with: "") }
        #expect(Set(fields.map { $0.replacing(/_([a-z])/) { $0.1.uppercased() } }) == Set(here).subtracting(["json"]))
    }

    @Test func everyWordIsHere() throws {
        let words = /Self::[A-Za-z]+ => "([a-z_]+)"/
        #expect(try core("roster/plan.rs", words) == Set(Plan.Action.allCases.map(\.rawValue)))
        #expect(try core("roster/report.rs", words) == Set(Report.Outcome.allCases.map(\.rawValue)))
        let kinds = InviteError.Kind.allCases.filter { $0 != .internal }
        #expect(try core("error.rs", words) == Set(kinds.map(\.rawValue)))
    }
}
