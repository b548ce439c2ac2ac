import Foundation
import IcePanelInvitesTesting
import Testing

/// The sample, as a program of its own against a sandbox.
@Suite struct OnboardTests {
    /// Where the programs of the package are built.
    static var built: URL {
        #if os(macOS)
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
            return bundle.bundleURL.deletingLastPathComponent()
        #else
            return Bundle.main.bundleURL
        #endif
    }

    private func onboard(_ people: String, at sandbox: Sandbox, into output: Pipe) throws -> Process {
        let process = Process()
        process.executableURL = Self.built.appendingPathComponent("onboard")
        process.arguments = [people]
        process.environment = [
            "ICEPANEL_API_KEY": sandbox.apiKey, "ICEPANEL_ORGANIZATION_ID": sandbox.organizationId,
            "ICEPANEL_BASE_URL": sandbox.baseURL,
        ]
        process.standardOutput = output
        try process.run()
        return process
    }

    /// The lines of the README that follow the sample's command.
    private func linesOfTheREADME() throws -> [String] {
        let readme = try String(
            contentsOf: ExampleTests.package.appendingPathComponent("README.md"), encoding: .utf8)
        let command = "$ cargo xtask swift run onboard Examples/Onboard/people.csv\n"
        let rest = try #require(readme.range(of: command)).upperBound
        let end = try #require(readme.range(of: "\n```", range: rest..<readme.endIndex)).lowerBound
        return readme[rest..<end].split(separator: "\n").map(String.init)
    }

    @Test(.timeLimit(.minutes(1))) func itSaysWhatTheREADMEShows() async throws {
        let sandbox = try Sandbox()
        let output = Pipe()
        let people = ExampleTests.package.appendingPathComponent("Examples/Onboard/people.csv").path
        let process = try onboard(people, at: sandbox, into: output)
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        // Invites are made several at once, so who comes first is not settled.
        let anyOrder = { (lines: [String]) in
            lines.map { $0.replacing(/^\d of/, with: "N of") }.sorted()
        }
        let shown = try linesOfTheREADME()
        #expect(anyOrder(said.split(separator: "\n").map(String.init)) == anyOrder(shown))
        #expect(try sandbox.report().invitesMade.count == 3)
    }

    @Test(.timeLimit(.minutes(1))) func interruptedItReportsOnEverybody() async throws {
        // Five rounds of creates: the interruption is late on a busy machine, but not that late.
        let slow: JSON = ["fault": "slow_headers", "delayMs": 1500, "on": "create", "times": nil]
        let sandbox = try Sandbox(["faults": [slow]])
        let output = Pipe()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("people-\(UUID().uuidString).csv")
        try (0..<40).map { "p\($0)@example.com\n" }.joined().write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = try onboard(file.path, at: sandbox, into: output)
        try await until { try sandbox.report().requests["create"] != 0 }
        process.interrupt()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(said.contains("40 of 40: ") && said.contains("run it again to go on"))
        let report = try sandbox.report()
        #expect(report.invitesMade.count < 40 && report.abandoned == 0)
    }
}
