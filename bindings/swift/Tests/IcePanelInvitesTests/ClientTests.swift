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
        sendable(Secret.self)
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
        sendable(Pacing.self)
        sendable(Roster.self)
        sendable(Plan.self)
        sendable(ApplyOptions.self)
        sendable(Run.self)
        sendable(Run.Progress.self)
        sendable(Report.self)
        sendable(Renewed.self)
        sendable(Sandbox.self)
    }

    @Test func eventsTellEachAttempt() async throws {
        let sandbox = try Sandbox(["faults": [["fault": "status", "status": 503, "on": "list"]]])
        let seen = Seen()
        let client = try sandbox.client(.init(onEvent: { seen.add($0) }))
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

    @Test(.timeLimit(.minutes(1))) func aSandboxLivesAsLongAsItsClients() async throws {
        var sandbox: Sandbox? = try Sandbox()
        let url = try #require(sandbox?.baseURL)
        var client = try sandbox?.client()
        sandbox = nil
        #expect(try await client?.list().isEmpty == true)
        client = nil
        let late = try InviteClient(
            apiKey: "id:5a4d", organizationId: "acme", options: .init(baseURL: url, retry: .never))
        try await until { await failure(of: { try await late.list() })?.kind == .connection }
    }

    /// A bulk run keeps to the documented limits by itself, and a client without a pace does not.
    @Test func aClientIsPacedByDefault() async throws {
        #expect(InviteClient.Options().pacing == .documented)
        #expect(Pacing.documented.writes == RateLimit(requests: 60, window: .seconds(60)))
        #expect(Pacing.documented.reads == RateLimit(requests: 2400, window: .seconds(60)))
        let two = RateLimit(requests: 2, window: .seconds(30))
        #expect(Pacing(writes: two) == Pacing(reads: Pacing.documented.reads, writes: two))
        for (pacing, suffices) in [(Pacing.none, true), (Pacing(writes: two), true), (Pacing(reads: two), false)] {
            let client = try Sandbox().client(.init(timeout: .seconds(5), pacing: pacing))
            _ = try await client.list()
            _ = try await client.list()
            // The third read has to wait longer than the call may take.
            let third = await Task { () throws(InviteError) in try await client.list() }.result
            #expect(((try? third.get()) != nil) == suffices)
        }
    }

    @Test(arguments: [nil, true, false])
    func aSandboxesClientSkipsWaitsByDefault(_ skipWaits: Bool?) async throws {
        let fault: JSON = ["fault": "status", "status": 429, "on": "list", "headers": ["retry-after": "3600"]]
        let client = try Sandbox(["faults": [fault]]).client(.init(timeout: .seconds(7200), skipWaits: skipWaits))
        let task = Task { try await client.list() }
        if skipWaits == false {
            try await Task.sleep(for: .milliseconds(50))
            task.cancel()
            #expect(await failure { try await task.value }?.kind == .cancelled)
        } else {
            #expect(try await task.value.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1))) func closingEndsTheCallsOfAllCopies() async throws {
        let sandbox = try Sandbox(["faults": [["fault": "hang", "on": "list"], ["fault": "hang", "on": "create"]]])
        let client = try sandbox.client()
        let derived = try client.withTimeout(.seconds(60)).withRetry(.never)
        let listing = Task { try await client.list() }
        let creating = Task { try await derived.create(CancellationTests.guest) }
        try await until {
            // Not the read of the organization, which may come before a create.
            let report = try sandbox.report()
            return report.inFlight == 2 && report.requests["list"] == 1 && report.requests["create"] == 1
        }
        #expect(!client.isClosed)
        derived.close()
        client.close()
        let (list, create) = (await failure { try await listing.value }, await failure { try await creating.value })
        #expect(list?.kind == .closed && list?.inviteMayExist == false)
        #expect(create?.kind == .closed && create?.inviteMayExist == true)
        #expect(client.isClosed && derived.isClosed)
        let before = try sandbox.report().requests
        let late = await failure { try await client.members() }
        #expect(late?.kind == .closed && late?.attempts == 0 && late?.full.contains("..") == false)
        try await until { try sandbox.report().inFlight == 0 }
        #expect(try sandbox.report().requests == before)
    }

    /// A proxy's password, and a client's private key.
    @Test func secretsOfTheOptionsStayIn() {
        let options = InviteClient.Options(proxy: "http://me:hunter2@proxy:3128", clientCertificatePEM: "hunter2")
        var dumped = ""
        dump(options, to: &dumped)
        for text in ["\(options)", String(reflecting: options), dumped, "\(Secret("hunter2"))"] {
            #expect(!text.contains("hunter2"))
        }
    }

    @Test func manyCallsAtOnceShareAClient() async throws {
        let sandbox = try Sandbox(["rateLimit": nil])
        let client = try sandbox.client(.init(pacing: .none, skipWaits: false))
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

    /// What is tested is the library that an app gets, and no other build of it that lies about.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/maps")))
    func theLibraryIsTheOneOfThePackage() throws {
        _ = try Sandbox().client()
        let maps = try #require(FileHandle(forReadingAtPath: "/proc/self/maps")).readDataToEndOfFile()
        let loaded = String(decoding: maps, as: UTF8.self).split(separator: "\n").filter {
            $0.contains("libicepanel_invites_ffi")
        }
        #expect(!loaded.isEmpty && loaded.allSatisfy { $0.contains("/Native/") }, "\(loaded)")
    }

    private final class Seen: @unchecked Sendable {
        private let lock = NSLock()
        private var events: [Event] = []
        func add(_ event: Event) { lock.withLock { events.append(event) } }
        var all: [Event] { lock.withLock { events } }
    }
}
