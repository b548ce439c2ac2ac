import Foundation
import IcePanelInvitesTesting

/// The patterns of `tests/scenarios/README.md`, and the times in them.
package enum Pattern {
    /// The first place where a value is not as its pattern says.
    package struct Mismatch: Error, CustomStringConvertible {
        /// The way to it from the top, as in `[0].invite.email`.
        package let path: String
        let why: String
        package var description: String { "at \(path.isEmpty ? "the top" : path): \(why)" }
    }

    /// Compares a value with a pattern. A missing key counts as null.
    package static func check(_ pattern: JSON, _ actual: JSON, at path: String = "") throws(Mismatch) {
        switch (pattern, actual) {
        case (.object(let fields), _) where fields.keys.contains { $0.hasPrefix("$") }:
            try operate(fields, actual, path)
        case (.object(let fields), .object(let found)):
            for key in fields.keys.sorted() {
                try check(fields[key] ?? .null, found[key] ?? .null, at: "\(path).\(key)")
            }
        case (.array(let patterns), .array(let found)):
            try require(patterns.count == found.count, path, actual, "\(patterns.count) elements")
            for (i, (pattern, value)) in zip(patterns, found).enumerated() {
                try check(pattern, value, at: "\(path)[\(i)]")
            }
        default:
            try require(pattern == actual, path, actual, pattern.description)
        }
    }

    static func matches(_ pattern: JSON, _ actual: JSON) -> Bool {
        (try? check(pattern, actual)) != nil
    }

    private static func operate(_ fields: [String: JSON], _ actual: JSON, _ path: String) throws(Mismatch) {
        func must(_ holds: Bool) throws(Mismatch) {
            try require(holds, path, actual, JSON.object(fields).description)
        }
        func list() throws(Mismatch) -> [JSON] {
            guard case .array(let elements) = actual else {
                throw Mismatch(path: path, why: "expected a list, found \(actual)")
            }
            return elements
        }
        let names = fields.keys.sorted()
        let argument = names.first.flatMap { fields[$0] } ?? .null
        switch names {
        case ["$absent"]: try must(actual == .null)
        case ["$any"]: try must(actual != .null)
        case ["$not"]: try must(!matches(argument, actual))
        case ["$some"]: try must(list().contains { matches(argument, $0) })
        case ["$length"]: try must(Double(list().count) == argument.number)
        case ["$unordered"]:
            let found = try list()
            try must(argument.elements.count == found.count && pairUp(argument.elements[...], found))
        case ["$contains"], ["$notContains"]:
            guard let text = actual.text else { return try must(false) }
            let contains = text.lowercased().contains((argument.text ?? "").lowercased())
            try must(contains == (names == ["$contains"]))
        case ["$max"], ["$min"], ["$max", "$min"]:
            guard let number = actual.number else { return try must(false) }
            try must(
                number >= fields["$min"]?.number ?? -.infinity && number <= fields["$max"]?.number ?? .infinity)
        case ["$time", "toleranceMs"]:
            guard let expected = argument.text.flatMap(time), let found = actual.text.flatMap(time) else {
                return try must(false)
            }
            // A Date is a binary fraction of a second: a microsecond is granted.
            let tolerance = (fields["toleranceMs"]?.number ?? 0) / 1000 + 1e-6
            try must(abs(expected.timeIntervalSince(found)) <= tolerance)
        default:
            throw Mismatch(path: path, why: "the pattern \(names) is unknown")
        }
    }

    /// Whether each pattern can have a value of its own, whichever that takes.
    private static func pairUp(_ patterns: ArraySlice<JSON>, _ found: [JSON]) -> Bool {
        guard let first = patterns.first else { return true }
        return found.indices.contains { i in
            guard matches(first, found[i]) else { return false }
            var left = found
            left.remove(at: i)
            return pairUp(patterns.dropFirst(), left)
        }
    }

    private static func require(
        _ holds: Bool, _ path: String, _ actual: JSON, _ expected: @autoclosure () -> String
    ) throws(Mismatch) {
        if !holds {
            throw Mismatch(path: path, why: "expected \(expected()), found \(actual)")
        }
    }

    /// A time in a scenario: RFC 3339, or relative to now as in `+7d`, in whole milliseconds.
    package static func time(_ text: String) -> Date? {
        guard let sign = text.first, "+-".contains(sign) else { return wireTime(text) }
        let digits = text.dropFirst().prefix { $0.isNumber }
        let unit: Double? =
            switch text.dropFirst(1 + digits.count) {
            case "ms": 0.001
            case "s": 1
            case "m": 60
            case "h": 3600
            case "d": 86_400
            default: nil
            }
        guard let unit, let number = Double(digits) else { return nil }
        let now = (Date().timeIntervalSince1970 * 1000).rounded(.down) / 1000
        return Date(timeIntervalSince1970: now + number * unit * (sign == "-" ? -1 : 1))
    }

    /// RFC 3339, read by Foundation, which takes no more than milliseconds: the rest is added.
    package static func wireTime(_ text: String) -> Date? {
        var whole = text
        var fraction = 0.0
        if let dot = text.firstIndex(of: ".") {
            let digits = text[text.index(after: dot)...].prefix { $0.isNumber }
            fraction = Double("0.\(digits)") ?? 0
            whole.removeSubrange(dot..<digits.endIndex)
        }
        return (try? Date.ISO8601FormatStyle().parse(whole))?.addingTimeInterval(fraction)
    }
}
