import Foundation
import IcePanelInvitesTesting
import Testing

/// Every file of `tests/scenarios`, as every language runs them.
@Suite(.serialized) struct ScenarioTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../../../tests").standardizedFileURL

    /// The names of the files, as in `scenarios/create/seats-exhausted`.
    static let names: [String] = ["scenarios", "scenarios-roster"].flatMap { part in
        let files = FileManager.default.enumerator(atPath: folder.appendingPathComponent(part).path)
        let paths = files?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".json") && $0.contains("/") }.map { "\(part)/\($0.dropLast(5))" }.sorted()
    }

    @Test func thereAreScenarios() {
        #expect(Self.names.count >= 331)
        #expect(Self.names.count { $0.contains("/roster/") } >= 39)
    }

    @Test(.timeLimit(.minutes(5)), arguments: names)
    func scenario(_ name: String) async throws {
        let data = try Data(contentsOf: Self.folder.appendingPathComponent("\(name).json"))
        try await Scenario(file: JSONDecoder().decode(JSON.self, from: data)).run()
    }
}
