import Foundation
import IcePanelInvitesTesting
import Testing

/// Every file of `tests/scenarios`, as every language runs them.
@Suite(.serialized) struct ScenarioTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../../../tests/scenarios").standardizedFileURL

    /// The names of the files, as in `create/seats-exhausted`.
    static let names: [String] = {
        let files = FileManager.default.enumerator(atPath: folder.path)
        let paths = files?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".json") && $0.contains("/") }.map { String($0.dropLast(5)) }.sorted()
    }()

    @Test(.timeLimit(.minutes(5)), arguments: names)
    func scenario(_ name: String) async throws {
        let data = try Data(contentsOf: Self.folder.appendingPathComponent("\(name).json"))
        try await Scenario(file: JSONDecoder().decode(JSON.self, from: data)).run()
    }
}
