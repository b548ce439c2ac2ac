import Foundation
import IcePanelInvitesTesting
import ScenarioSupport

/// Has scenarios judged: `scenario-judge` says what to do, the driver does it, and the last line is the verdict.
enum Judge {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../../..").standardizedFileURL
    static let folder = root.appendingPathComponent("tests/scenarios")

    private static let program: String = {
        // A call that ends after the verdict writes to nobody.
        signal(SIGPIPE, SIG_IGN)
        let given = ProcessInfo.processInfo.environment["SCENARIO_JUDGE"]
        return given ?? root.appendingPathComponent("target/debug/scenario-judge").path
    }()

    /// What the client does otherwise than the scenario says; nil if it passes.
    static func judged(_ scenario: String...) async throws -> String? {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Failure(description: "there is no \(program): `cargo build -p scenario-judge` builds it")
        }
        let (judge, requests, answers) = (Process(), Pipe(), Pipe())
        judge.executableURL = URL(fileURLWithPath: program)
        judge.arguments = scenario
        judge.standardInput = answers
        judge.standardOutput = requests
        try judge.run()
        let verdict = await Driver(answers: answers.fileHandleForWriting).drive(requests.fileHandleForReading)
        if verdict?["passed"] == true { return nil }
        guard let why = verdict?["failed"].text else {
            judge.waitUntilExit()
            throw Failure(description: "the judge ended with \(judge.terminationStatus), without a verdict")
        }
        return why
    }
}
