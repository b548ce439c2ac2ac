import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import Testing

/// The client as a Swift program holds it.
@Suite struct ClientTests {
    /// Every public type may cross from task to task: this compiles, and that is the test.
    @Test func everythingIsSendable() {
        func sendable<T: Sendable>(_: T.Type) {}
        sendable(InviteClient.self)
        sendable(InviteClient.Options.self)
        sendable(RetryPolicy.self)
        sendable(Invite.self)
        sendable(Member.self)
        sendable(Seats.self)
        sendable(NewInvite.self)
        sendable(Expiry.self)
        sendable(InviteFilter.self)
        sendable(Ensured.self)
        sendable(Permission.self)
        sendable(Actor.self)
        sendable(InviteStatus.self)
        sendable(InviteError.self)
        sendable(Event.self)
        sendable(Sandbox.self)
    }

    /// A method that the core has and this has not, or the other way round, fails here.
    @Test func everyMethodOfTheCoreIsHere() throws {
        let core = ScenarioTests.folder.appendingPathComponent("../../crates/icepanel-invites/src/client.rs")
        let source = try String(contentsOf: core.standardized, encoding: .utf8)
        let methods = source.matches(of: /\n    pub (?:async )?fn ([a-z_]+)/).map { String($0.1) }
        // What makes a client is its initializer and `fromEnvironment` here.
        let here: [String: Any] = [
            "builder": InviteClient.init(apiKey:organizationId:options:),
            "builder_from_env": InviteClient.fromEnvironment,
            "from_env": InviteClient.fromEnvironment,
            "organization_id": \InviteClient.organizationId,
            "with_timeout": InviteClient.withTimeout,
            "with_retry": InviteClient.withRetry,
            "list": InviteClient.list,
            "find_active": InviteClient.findActive,
            "create": InviteClient.create,
            "ensure": InviteClient.ensure,
            "revoke": InviteClient.revoke,
            "revoke_active": InviteClient.revokeActive,
            "members": InviteClient.members,
            "seats": InviteClient.seats,
        ]
        #expect(Set(methods) == Set(here.keys))
    }

    @Test func eventsTellEachAttempt() async throws {
        let sandbox = try Sandbox(["faults": [["fault": "status", "status": 503, "on": "list"]]])
        let seen = Seen()
        let client = try sandbox.client(.init(onEvent: { seen.add($0) }, skipsWaits: true))
        _ = try await client.list()
        let events = seen.all
        #expect(events.map(\.operation) == [.listInvites, .listInvites])
        #expect(events.map(\.status) == [503, 200])
        #expect(events.map(\.attempt) == [1, 2])
        #expect(events.map(\.error) == [.server, nil])
        guard case .retry(let wait) = events.first?.next else {
            Issue.record("\(events)")
            return
        }
        #expect(wait >= .zero && wait <= .milliseconds(250))
        #expect(events.last?.next == .done)
        #expect(events.allSatisfy { $0.latency > .zero && $0.requestId != nil })
    }

    @Test func aClientIsMadeFromTheEnvironment() async throws {
        let sandbox = try Sandbox()
        setenv("ICEPANEL_API_KEY", sandbox.apiKey, 1)
        setenv("ICEPANEL_ORGANIZATION_ID", sandbox.organizationId, 1)
        let client = try InviteClient.fromEnvironment(.init(baseURL: sandbox.baseURL))
        #expect(client.organizationId == sandbox.organizationId)
        #expect(try await client.list().isEmpty)
        unsetenv("ICEPANEL_API_KEY")
        let error = await failure { try InviteClient.fromEnvironment() }
        #expect(error?.kind == .invalidInput)
        #expect(error?.message.contains("ICEPANEL_API_KEY") == true)
    }

    @Test func manyCallsAtOnceShareAClient() async throws {
        let sandbox = try Sandbox(["rateLimit": nil])
        let client = try sandbox.client(.init())
        let ids = try await withThrowingTaskGroup(of: String?.self) { group in
            for n in 0..<200 {
                group.addTask {
                    let guest = NewInvite(
                        email: "user-\(n % 100)@example.com", permission: .read, expires: .hours(1))
                    return try await client.ensure(guest).invite?.id
                }
            }
            return try await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
        }
        #expect(ids.count == 100)
        #expect(try sandbox.report().addressesInvitedTwice == [])
    }

    /// What an API key is must not come out by a mirror, a description or a dump.
    @Test func theKeyStaysIn() throws {
        let sandbox = try Sandbox()
        let client = try sandbox.client()
        var dumped = ""
        dump(client, to: &dumped)
        for text in ["\(client)", String(reflecting: client), dumped] {
            #expect(!text.contains("5a4db0c5"))
        }
    }

    private final class Seen: @unchecked Sendable {
        private let lock = NSLock()
        private var events: [Event] = []
        func add(_ event: Event) { lock.withLock { events.append(event) } }
        var all: [Event] { lock.withLock { events } }
    }
}
