import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import Testing

/// The library's log in the app's.
@Suite struct LogTests {
    @Test func aSinkGetsWhatTheClientsWriteAtItsLevelOnAThreadOfItsOwn() async throws {
        let sandbox = try Sandbox(["faults": [["fault": "act_then_status", "on": "create", "status": 503]]])
        let client = try sandbox.client()
        let seen = Entries()
        try InviteLog.start(from: .warn) { seen.add($0) }
        _ = try await client.create(NewInvite(email: "ada@example.com", permission: .read, expires: .days(7)))
        try await until { seen.all.contains { $0.message.contains("operation=create_invite attempt=1 status=503") } }
        #expect(seen.all.contains { $0.message.contains("reading the list") })
        #expect(seen.all.allSatisfy { [.warn, .error].contains($0.level) && !$0.message.contains("@") })
        #expect(seen.names.allSatisfy { $0 == "main thread: false" })

        // Other tests run at the same time, and all their attempts are entries too.
        let attempts = Entries()
        try InviteLog.start(from: .debug) { if $0.message.contains("operation=list_members") { attempts.add($0) } }
        try await until {
            _ = try await client.members()
            return attempts.all.contains { $0.level == .debug }
        }

        InviteLog.stop()
        let before = seen.all.count
        _ = try await client.seats()
        #expect(seen.all.count == before)
    }

    private final class Entries: @unchecked Sendable {
        private let lock = NSLock()
        private var entries: [LogEntry] = []
        private var threads: Set<String> = []

        func add(_ entry: LogEntry) {
            lock.withLock {
                entries.append(entry)
                threads.insert("main thread: \(Thread.isMainThread)")
            }
        }

        var all: [LogEntry] { lock.withLock { entries } }
        var names: Set<String> { lock.withLock { threads } }
    }
}
