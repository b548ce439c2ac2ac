import Foundation
import IcePanelInvitesTesting
import Testing

/// The examples of README.md run as they are printed, each as a program of its own against a sandbox. `cargo xtask swift`
/// takes them out of the page. The one with a test is a file of the target `ReadmeTests`.
@Suite struct ReadmeTests {
    /// The number of a program, what the organization has, and what the program prints.
    struct Example: Sendable {
        let number: Int
        let state: JSON
        let printed: @Sendable (String) -> Bool
    }

    static let examples = [
        Example(number: 1, state: [:]) { $0.hasPrefix("invited until 20") },
        Example(number: 2, state: [:]) {
            $0.hasPrefix("invite  ada@example.com: ") && $0.contains("2 of 2: ")
                && $0.hasSuffix("everybody is as wanted: true\n")
        },
        Example(
            number: 3, state: ["invites": [["email": "ada@example.com", "permission": "read", "expiresAt": "+2d"]]]
        ) { $0.hasPrefix("ada@example.com: until 20") },
        Example(number: 4, state: ["seats": 0]) { $0 == "buy a seat, or invite with read\n" },
        Example(number: 5, state: ["faults": [["fault": "hang"]]]) { $0 == "cancelled\n" },
    ]

    /// The blocks of code of a page.
    private func blocks(of page: String = "README.md") throws -> [String] {
        let text = try String(contentsOf: ExampleTests.package.appendingPathComponent(page), encoding: .utf8)
        return text.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    private func taken(_ path: String) throws -> String {
        let file = ExampleTests.package.appendingPathComponent("Native/readme/\(path)")
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test func eachExampleIsCompiledAsItIsPrinted() throws {
        let blocks = try blocks()
        #expect(blocks.count == Self.examples.count + 1)
        for example in Self.examples {
            #expect(try taken("Example\(example.number)/main.swift") == blocks[example.number - 1])
        }
        #expect(try taken("Tests/Example6.swift") == blocks[5])
        #expect(try self.blocks(of: "Sources/IcePanelInvites/IcePanelInvites.docc/IcePanelInvites.md") == [blocks[0]])
    }

    @Test(.timeLimit(.minutes(1)), arguments: examples.indices) func itRuns(index: Int) throws {
        let example = Self.examples[index]
        let sandbox = try Sandbox(example.state)
        let process = Process()
        process.executableURL = OnboardTests.built.appendingPathComponent("Example\(example.number)")
        process.environment = [
            "ICEPANEL_API_KEY": sandbox.apiKey, "ICEPANEL_ORGANIZATION_ID": sandbox.organizationId,
            "ICEPANEL_BASE_URL": sandbox.baseURL,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(example.printed(said), "\(said)")
    }
}
