import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import Testing

/// The examples of the documentation in the sources: each is here word for word, where it is compiled and run. Those of the
/// README are programs of their own: `ReadmeTests`.
@Suite(.serialized) struct ExampleTests {
    static let package = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../..").standardizedFileURL

    /// The examples in the comments of a file; a line each, without indentation and imports.
    static func examples(in text: String) -> [[String]] {
        var examples: [[String]] = []
        var inside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("///") { line = line.dropFirst(3).trimmingCharacters(in: .whitespaces) }
            if line == "```swift" {
                inside = true
                examples.append([])
            } else if line == "```" {
                inside = false
            } else if inside, !line.isEmpty, !line.hasPrefix("import ") {
                examples[examples.count - 1].append(line)
            }
        }
        return examples
    }

    @Test func everyExampleIsHere() throws {
        let files = try FileManager.default.subpathsOfDirectory(atPath: Self.package.path)
            .filter { $0.hasPrefix("Sources/IcePanelInvites") && $0.hasSuffix(".swift") }
            .filter { !$0.contains("FFI") }
        let here = try String(contentsOfFile: #filePath, encoding: .utf8).split(separator: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        var seen = 0
        for file in files.sorted() {
            let text = try String(contentsOf: Self.package.appendingPathComponent(file), encoding: .utf8)
            for example in Self.examples(in: text) {
                let first = try #require(example.first)
                let places = here.indices.filter { here[$0] == first }
                #expect(
                    places.contains { Array(here[$0...].prefix(example.count)) == example },
                    "\(file): \(example.joined(separator: "\n"))")
                seen += 1
            }
        }
        #expect(seen >= 6)
    }

    /// Compiled and not called: there is one log in a process, and it has a test of its own.
    private func theLogIsHandedOver() throws {
        try InviteLog.start(from: .warn) { print("\($0.message)") }
    }

    /// Runs an example that takes its client from the environment.
    private func inEnvironment(of sandbox: Sandbox, _ example: () async throws -> Void) async throws {
        let variables = [
            "ICEPANEL_API_KEY": sandbox.apiKey, "ICEPANEL_ORGANIZATION_ID": sandbox.organizationId,
            "ICEPANEL_BASE_URL": sandbox.baseURL,
        ]
        for (name, value) in variables { setenv(name, value, 1) }
        defer { for name in variables.keys { unsetenv(name) } }
        try await example()
    }

    @Test func theOneOfTheClient() async throws {
        let sandbox = try Sandbox()
        try await inEnvironment(of: sandbox) {
            let client = try InviteClient.fromEnvironment()  // ICEPANEL_API_KEY, ICEPANEL_ORGANIZATION_ID
            let guest = NewInvite(email: "ada@example.com", permission: .read, expires: .days(14))
            switch try await client.ensure(guest) {
            case .created(let invite): print("invited until \(invite.expiresAt)")
            case .existing(let invite): print("invited already, until \(invite.expiresAt)")
            case .member(let member): print("already a member, with \(member.permission)")
            }
        }
        #expect(try sandbox.report().invitesMade == ["ada@example.com": 1])
    }

    @Test func aClientIsMadeFromTheEnvironment() async throws {
        let sandbox = try Sandbox()
        try await inEnvironment(of: sandbox) {
            let client = try InviteClient.fromEnvironment()
            #expect(client.organizationId == sandbox.organizationId)
            #expect(try await client.list().isEmpty)
            let error = await failure {
                try await InviteClient.fromEnvironment(.init(baseURL: "http://127.0.0.1:1", retry: .never)).list()
            }
            #expect(error?.kind == .connection)
            unsetenv("ICEPANEL_API_KEY")
            let missing = await failure { try InviteClient.fromEnvironment() }
            #expect(missing?.kind == .invalidInput)
            #expect(missing?.message.contains("ICEPANEL_API_KEY") == true)
        }
    }

    @Test func theOnesAboutErrorsAndCancelling() async throws {
        let sandbox = try Sandbox(["seats": 0])
        let client = try sandbox.client()
        let guest = NewInvite(email: "ada@example.com", permission: .write, expires: .days(14))
        do {
            try await client.ensure(guest)
        } catch {
            switch error.kind {
            case .seatsExhausted: print("buy a seat, or invite with read")
            case _ where error.retryable: print("later")
            default: print(error.localizedDescription)
            }
        }
        try sandbox.setState(["faults": [["fault": "hang"]]])
        let task = Task { try await client.create(guest) }
        task.cancel()
        #expect(await failure { try await task.value }?.kind == .cancelled)
    }

    @Test func theOnesAboutRosters() async throws {
        let sandbox = try Sandbox()
        let client = try sandbox.client()
        let roster = try Roster([
            NewInvite(email: "ada@example.com", permission: .write, expires: .days(14)),
            NewInvite(email: "bob@example.com", permission: .read, expires: .days(14)),
        ])
        let plan = try await client.plan(roster)
        print(plan)

        let run = client.run(plan)
        for try await progress in run {
            print("\(progress.done) of \(progress.total): \(progress.line)")
        }
        let report = try await run.report
        #expect(report.isComplete)
    }

    @Test func theOnesAboutGuests() async throws {
        let sandbox = try Sandbox([
            "invites": [["email": "ada@example.com", "permission": "read", "expiresAt": "+2d"]]
        ])
        let client = try sandbox.client()
        let guests = try await client.list(InviteFilter(status: .active, permission: .read))
        #expect(guests.count == 1)
        let leaving = try await client.list(InviteFilter(expiringWithin: .seconds(7 * 86_400)))
        for invite in leaving { try await client.renew(invite.id, expires: .days(30)) }
        #expect(leaving.count == 1)
    }

    @Test func theOneOfTheSandbox() async throws {
        let sandbox = try Sandbox(["seats": 3, "members": [["email": "ada@example.com", "permission": "admin"]]])
        try sandbox.addFaults([["fault": "act_then_cut", "on": "create"]])
        try await sandbox.client().ensure(NewInvite(email: "bob@example.com", permission: .write, expires: .days(7)))
        #expect(try sandbox.report().invitesMade == ["bob@example.com": 1])
    }
}
