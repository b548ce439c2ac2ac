import Foundation
import IcePanelInvitesTesting
import Testing

/// Every file of `tests/scenarios`, as every language runs them.
@Suite(.serialized) struct ScenarioTests {
    /// The names of the files, as in `create/seats-exhausted`.
    static let names: [String] = {
        let files = FileManager.default.enumerator(atPath: Judge.folder.path)
        let paths = files?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".json") && $0.contains("/") }.map { String($0.dropLast(5)) }.sorted()
    }()

    @Test(.timeLimit(.minutes(5)), arguments: names)
    func scenario(_ name: String) async throws {
        if let why = try await Judge.judged(Judge.folder.appendingPathComponent("\(name).json").path) {
            Issue.record(Comment(rawValue: why))
        }
    }

    /// A scenario that must fail, by its number.
    struct Control: CustomTestStringConvertible, Sendable {
        let number: Int
        let testDescription: String
    }

    static let file = Judge.folder.appendingPathComponent("patterns.json")
    static let controls: JSON = {
        let read = try? JSONDecoder().decode(JSON.self, from: Data(contentsOf: file))
        return read ?? .null
    }()
    static let failing = controls["failing"].elements.enumerated().map { number, control in
        Control(number: number, testDescription: control["name"].text ?? "")
    }

    /// Tests that cannot fail would make every scenario worthless.
    @Test(.timeLimit(.minutes(5)), arguments: failing)
    func aScenarioCanFail(_ control: Control) async throws {
        let why = try await Judge.judged(Self.file.path, "--failing", "\(control.number)")
        #expect(why?.contains("\nexpected ") == true, "\(why ?? "it passes")")
    }

    @Test func noScenarioIsLeftOut() {
        #expect(Self.failing.count > 0)
        #expect(Double(Self.names.count) == Self.controls["scenarios"].number)
    }
}
