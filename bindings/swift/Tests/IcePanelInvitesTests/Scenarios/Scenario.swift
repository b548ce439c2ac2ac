import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import ScenarioSupport

/// Runs one file of `tests/scenarios`: a sandbox, a client, the calls, the comparison.
final class Scenario {
    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// No scenario takes a tenth of it: a call that does not return must fail, not hang the run.
    static let longest = Duration.seconds(60)

    private let file: JSON
    private let sandbox: Sandbox
    private let plans = Plans()
    private var client: InviteClient?
    private var lastInvite = JSON.null

    init(file: JSON) throws {
        self.file = file
        try allow(["$schema", "title", "promises", "sandbox", "client", "waits", "steps", "counted"], in: file)
        sandbox = try Sandbox(file["sandbox"])
    }

    func run() async throws {
        do {
            let steps = file["steps"].elements
            for (i, unfilled) in steps.enumerated() {
                let step = fillIn(unfilled)
                do {
                    try await run(step)
                } catch {
                    throw Failure("step \(i + 1) of \(steps.count): \(step)\n\(error)")
                }
            }
            if file["counted"] != .null {
                try compare(fillIn(file["counted"]), sandbox.reportJSON())
            }
        } catch {
            throw Failure("\(file["title"].text ?? "")\n\n\(error)\n\n\(log())")
        }
    }

    private func run(_ step: JSON) async throws {
        if step["parallel"] != .null {
            try allow(
                ["parallel", "clients", "call", "args", "expectEach", "expectCount", "tookMs"], in: step)
            try await parallel(step)
        } else if step["call"] != .null {
            try allow(["call", "args", "client", "expect", "tookMs"], in: step)
            try await call(step)
        } else if let control = step["control"].text {
            let body = step["body"]
            switch control {
            case "faults": try sandbox.addFaults(body.elements)
            case "state": try sandbox.setState(body)
            default: try sandbox.markUsed(body["email"].text ?? body["id"].text ?? "")
            }
        } else if step["report"] != .null {
            try compare(step["report"], sandbox.reportJSON())
        } else if step["close"] == true {
            guard let client else { throw Failure("no call has made the client") }
            client.close()
        } else if let milliseconds = step["pauseMs"].number {
            try await Task.sleep(for: .milliseconds(milliseconds))
        } else {
            throw Failure("there is no such step")
        }
    }

    private func call(_ step: JSON) async throws {
        let clock = ContinuousClock()
        let began = clock.now
        let outcome: Outcome
        switch client(own: step["client"]) {
        case .success(let client): outcome = try await perform(step["call"].text ?? "", step["args"], on: client, plans)
        case .failure(let error): outcome = .error(try json(error))
        }
        let took = clock.now - began
        if case .result(let result) = outcome, let invite = invite(in: result) {
            lastInvite = invite
        }
        switch (step["expect"], outcome) {
        case (.null, .result): break
        case (.null, .error(let error)): throw Failure("expected a result\nfound the error \(error)")
        case (let expect, _): try expected(expect, outcome)
        }
        try tookAsTold(step["tookMs"], took)
    }

    private func parallel(_ step: JSON) async throws {
        var calls: [(InviteClient, JSON)] = []
        for n in 0..<Int(step["parallel"].number ?? 0) {
            let own: JSON = step["clients"] == "separate" ? [:] : .null
            calls.append((try client(own: own).get(), step["args"].numbered(n)))
        }
        let name = step["call"].text ?? ""
        let clock = ContinuousClock()
        let began = clock.now
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for (client, args) in calls {
                group.addTask { [plans] in try await perform(name, args, on: client, plans) }
            }
            return try await group.reduce(into: [Outcome]()) { $0.append($1) }
        }
        let took = clock.now - began

        var count: [String: Double] = [:]
        for outcome in outcomes {
            switch outcome {
            case .result(let result): count[result["outcome"].text ?? "result", default: 0] += 1
            case .error(let error): count[error["kind"].text ?? "error", default: 0] += 1
            }
            let each = step["expectEach"].elements
            let misses = each.compactMap { expect in
                do { try expected(expect, outcome) } catch { return "\(error)" }
                return nil as String?
            }
            if !each.isEmpty && misses.count == each.count {
                throw Failure("one of \(outcomes.count)\n\(misses.joined(separator: "\n"))")
            }
        }
        if step["expectCount"] != .null {
            try compare(step["expectCount"], .object(count.mapValues(JSON.number)))
        }
        try tookAsTold(step["tookMs"], took)
    }

    /// The scenario's client, made by the first call that needs it, or one of its own for options
    /// of its own.
    private func client(own: JSON) -> Result<InviteClient, InviteError> {
        if own == .null, let client { return .success(client) }
        var options: [String: JSON] = [
            "apiKey": .string(sandbox.apiKey), "organizationId": .string(sandbox.organizationId),
            "baseUrl": .string(sandbox.baseURL), "skipWaits": .bool(file["waits"] != "real"),
        ]
        for given in [file["client"], own] { options.merge(given.fields) { $1 } }
        let port = URL(string: sandbox.baseURL)?.port.map { "\($0)" } ?? ""
        let made = Result { () throws(InviteError) in try makeClient(.object(options), port: port) }
        if own == .null { client = try? made.get() }
        return made
    }

    /// Puts the last invite's fields where a scenario says `$lastInvite.FIELD`.
    private func fillIn(_ value: JSON) -> JSON {
        switch value {
        case .string(let text) where text.hasPrefix("$lastInvite."):
            lastInvite[String(text.dropFirst("$lastInvite.".count))]
        case .array(let list): .array(list.map(fillIn))
        case .object(let fields): .object(fields.mapValues(fillIn))
        default: value
        }
    }

    /// What the sandbox saw, a line a request.
    private func log() -> String {
        guard let report = try? sandbox.reportJSON() else { return "" }
        var rest = report.fields
        rest["log"] = nil
        let lines = report["log"].elements.map { "\n  \($0)" }
        return "the sandbox: \(JSON.object(rest))" + lines.joined()
    }
}

/// The invite that a result is or has; of a list the last.
private func invite(in result: JSON) -> JSON? {
    let invite =
        if case .array(let list) = result {
            list.last ?? .null
        } else if result["outcome"] != .null {
            result["invite"]
        } else {
            result
        }
    return invite["expiresAt"].text == nil ? nil : invite
}

private func expected(_ expect: JSON, _ outcome: Outcome) throws {
    let (pattern, value) =
        switch outcome {
        case .result(let result): (expect.fields["result"], result)
        case .error(let error): (expect.fields["error"], error)
        }
    guard let pattern else { throw Scenario.Failure("expected \(expect)\nfound \(outcome)") }
    try compare(pattern, value)
}

private func tookAsTold(_ pattern: JSON, _ took: Duration) throws {
    if pattern != .null {
        let milliseconds = Double(took.components.seconds) * 1e3 + Double(took.components.attoseconds) / 1e15
        try compare(pattern, .number(milliseconds.rounded(.down)))
    }
}

private func compare(_ pattern: JSON, _ actual: JSON) throws {
    do {
        try Pattern.check(pattern, actual)
    } catch {
        throw Scenario.Failure("expected \(pattern)\nfound    \(actual)\n\(error)")
    }
}

private func allow(_ keys: Set<String>, in object: JSON) throws {
    let unknown = Set(object.fields.keys).subtracting(keys)
    if !unknown.isEmpty { throw Scenario.Failure("unknown: \(unknown.sorted()) in \(object)") }
}
