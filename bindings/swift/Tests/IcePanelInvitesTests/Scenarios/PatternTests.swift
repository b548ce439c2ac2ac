import Foundation
import IcePanelInvitesTesting
import ScenarioSupport
import Testing

/// Shows that the patterns and the runner can fail: ones that pass everything would make every scenario
/// worthless. `tests/scenarios/patterns.json` has the cases, for all languages.
@Suite(.serialized) struct PatternTests {
    struct Control: CustomTestStringConvertible, Sendable {
        let fields: JSON
        var testDescription: String { fields["name"].text ?? "" }
    }

    static let controls: JSON = {
        let file = ScenarioTests.folder.appendingPathComponent("patterns.json")
        let read = try? JSONDecoder().decode(JSON.self, from: Data(contentsOf: file))
        return read ?? .null
    }()
    static let patterns = controls["patterns"].elements.map(Control.init)
    static let failing = controls["failing"].elements.map(Control.init)

    @Test(arguments: patterns)
    func aPatternCanFail(_ control: Control) {
        let path = control.fields["mismatch"].text
        do throws(Pattern.Mismatch) {
            try Pattern.check(control.fields["pattern"], control.fields["actual"])
            #expect(path == nil)
        } catch {
            #expect(error.path == path)
        }
    }

    @Test(arguments: failing)
    func aScenarioCanFail(_ control: Control) async throws {
        let scenario = try Scenario(file: control.fields["scenario"])
        await #expect(throws: (any Error).self) { try await scenario.run() }
    }

    @Test func noScenarioIsLeftOut() {
        #expect(Self.patterns.count > 0 && Self.failing.count > 0)
        #expect(Double(ScenarioTests.names.count) == Self.controls["scenarios"].number)
    }
}
