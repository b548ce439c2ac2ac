import IcePanelInvitesTesting
import ScenarioSupport
import Testing

/// Proves that the patterns can fail: a matcher that passes everything would make every scenario
/// worthless.
@Suite struct PatternTests {
    struct Check: CustomTestStringConvertible, Sendable {
        let name: String
        let pattern: JSON
        let actual: JSON
        /// The path of the mismatch that must be found, if one must.
        let mismatch: String?
        var testDescription: String { name }

        init(_ name: String, _ pattern: JSON, _ actual: JSON, _ mismatch: String?) {
            (self.name, self.pattern, self.actual, self.mismatch) = (name, pattern, actual, mismatch)
        }
    }

    static let unordered: JSON = ["$unordered": [["$any": true], 1]]
    static let noon: JSON = ["$time": "2030-01-01T12:00:00Z", "toleranceMs": 10]
    static let soon: JSON = ["$time": "+1h", "toleranceMs": 5000]
    static let checks: [Check] = [
        Check("equal", [["a": 1, "b": [true, nil, "x"]]], [["a": 1.0, "b": [true, nil, "x"], "c": 2]], nil),
        Check("wrong value", ["a": ["b": "x"]], ["a": ["b": "y"]], ".a.b"),
        Check("wrong number", ["a": 1], ["a": 2], ".a"),
        Check("wrong type", ["a": 1], ["a": "1"], ".a"),
        Check("number for a truth", true, 1, ""),
        Check("object for list", [], [:], ""),
        Check("list for object", [:], [], ""),
        Check("null for object", [:], nil, ""),
        Check("value for null", nil, [:], ""),
        Check("missing key", ["a": "x"], [:], ".a"),
        Check("too long", [1], [1, 2], ""),
        Check("too short", [["a": [1, 2]]], [["a": [1]]], "[0].a"),
        Check("wrong order", [1, 2], [2, 1], "[0]"),
        Check("absent", ["a": ["$absent": true], "b": ["$absent": true]], ["a": nil], nil),
        Check("not absent", ["a": ["$absent": true]], ["a": false], ".a"),
        Check("any", ["a": ["$any": true]], ["a": false], nil),
        Check("any of nothing", ["a": ["$any": true]], [:], ".a"),
        Check("not", ["$not": ["a": 1]], ["a": 2], nil),
        Check("not but is", ["a": ["$not": 1]], ["a": 1], ".a"),
        Check("some", ["$some": ["a": 2]], [["a": 1], ["a": 2, "b": 3]], nil),
        Check("none of some", ["$some": ["a": 2]], [["a": 1], 2], ""),
        Check("length", ["$length": 2], [1, 2], nil),
        Check("wrong length", ["a": ["$length": 2]], ["a": [1]], ".a"),
        Check("unordered", unordered, [1, 2], nil),
        Check("unordered wrong", unordered, [2, 3], ""),
        Check("unordered too long", unordered, [1, 2, 3], ""),
        Check("contains", ["$contains": "Seats HAVE"], "All seats have been", nil),
        Check("contains not", ["$contains": "seats"], "Something else", ""),
        Check("contains no text", ["$contains": "1"], 1, ""),
        Check("not contains", ["$notContains": "key"], "text", nil),
        Check("not contains but does", ["$notContains": "KEY"], "the key", ""),
        Check("not contains no text", ["$notContains": "key"], nil, ""),
        Check("range", ["$min": 2, "$max": 2.5], 2, nil),
        Check("below range", ["$min": 2, "$max": 3], 1, ""),
        Check("above range", ["$max": 3], 4, ""),
        Check("range no number", ["$min": 2], "3", ""),
        Check("time", noon, "2030-01-01T13:00:00.009+01:00", nil),
        Check("wrong time", noon, "2030-01-01T12:00:00.011Z", ""),
        Check("relative time wrong", soon, "2001-01-01T00:00:00Z", ""),
        Check("time no time", soon, "soon", ""),
        Check("unknown operator", ["a": ["$almost": 1]], ["a": 1], ".a"),
    ]

    @Test(arguments: checks)
    func aPatternCanFail(_ check: Check) {
        do throws(Pattern.Mismatch) {
            try Pattern.check(check.pattern, check.actual)
            #expect(check.mismatch == nil)
        } catch {
            #expect(error.path == check.mismatch)
        }
    }
}
