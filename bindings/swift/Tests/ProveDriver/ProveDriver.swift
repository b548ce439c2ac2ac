// Makes the calls that the proof asks for, a line of JSON each, and answers in lines of JSON. Calls run
// at once; answers come in whatever order.

import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import ScenarioSupport

@main
struct ProveDriver {
    static func main() {
        var clients: [String: Subject] = [:]
        // Clients are made and dropped in the order of the lines; only calls run beside.
        while let line = readLine() {
            let request = (try? JSONDecoder().decode(JSON.self, from: Data(line.utf8))) ?? .null
            let name = request["client"].text ?? ""
            if let closed = request["close"].text {
                clients.removeValue(forKey: closed)?.close()
                answer(request, ["result": [:]])
            } else if let call = request["call"].text {
                guard let client = clients[name] else {
                    answer(request, ["crash": "there is no client \(name)"])
                    continue
                }
                // Not on the main thread, which waits for the next line.
                Task.detached { answer(request, await client.answer(to: request, call)) }
            } else {
                do throws(InviteError) {
                    clients[name] = Subject(try makeClient(request["options"], onEvent: talk?.hook))
                    answer(request, ["result": [:]])
                } catch {
                    talk?.about(error)
                    answer(request, (try? failure(json(error))) ?? ["crash": "\(error)"])
                }
            }
        }
        // What is under way ends with the process.
        exit(0)
    }
}

/// A client, and the plan that it made last.
struct Subject: Sendable {
    private let client: InviteClient
    private let plans = Plans()

    init(_ client: InviteClient) {
        self.client = client
        talk?.about(client)
    }

    func close() { client.close() }

    func answer(to request: JSON, _ call: String) async -> [String: JSON] {
        if request["repeat"] != .null { return await many(request, call) }
        let task = Task { await once(call, request["args"]) }
        if let milliseconds = request["cancelAfterMs"].number {
            Task {
                try? await Task.sleep(for: .milliseconds(milliseconds))
                task.cancel()
            }
        }
        return await task.value
    }

    private func once(_ call: String, _ args: JSON) async -> [String: JSON] {
        do {
            switch try await perform(call, args, on: client, plans, see: { talk?.about($0) }) {
            case .result(let result): return ["result": result]
            case .error(let error): return failure(error)
            }
        } catch {
            return ["crash": .string(String(reflecting: error))]
        }
    }

    /// The same call many times, so many of them at once: counted, not kept.
    private func many(_ request: JSON, _ call: String) async -> [String: JSON] {
        let calls = Int(request["repeat"].number ?? 0)
        let workers = max(1, Int(request["inFlight"].number ?? 1))
        let from = Int(request["from"].number ?? 0)
        let counts = await withTaskGroup(of: [String: Int].self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var counts: [String: Int] = [:]
                    for n in stride(from: worker, to: calls, by: workers) {
                        let answer = await once(call, request["args"].numbered(from + n))
                        if let crash = answer["crash"] { counts["crash: \(crash)", default: 0] += 1 }
                        if let error = answer["error"] { counts[error["kind"].text ?? "", default: 0] += 1 }
                        if answer["result"] != nil { counts["ok", default: 0] += 1 }
                    }
                    return counts
                }
            }
            return await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        }
        if let crash = counts.keys.first(where: { $0.hasPrefix("crash") }) { return ["crash": .string(crash)] }
        let errors = counts.filter { $0.key != "ok" }.mapValues { JSON.number(Double($0)) }
        return ["result": ["ok": .number(Double(counts["ok"] ?? 0)), "errors": .object(errors)]]
    }
}

/// An error of the taxonomy; that the client broke off is none.
func failure(_ error: JSON) -> [String: JSON] {
    error["kind"] == "internal" ? ["crash": .string(error.description)] : ["error": error]
}

private let output = NSLock()

func answer(_ request: JSON, _ fields: [String: JSON]) {
    var fields = fields
    fields["id"] = request["id"]
    let line = JSON.object(fields).description + "\n"
    output.withLock { FileHandle.standardOutput.write(Data(line.utf8)) }
}

/// With `PROVE_TALKATIVE=1`: says on stderr all that Swift can show of a value.
let talk = ProcessInfo.processInfo.environment["PROVE_TALKATIVE"] == "1" ? Talk() : nil

struct Talk: Sendable {
    var hook: @Sendable (Event) -> Void { { about($0) } }

    func about(_ value: Any) {
        var text = "\(value)\n\(String(reflecting: value))\n"
        dump(value, to: &text)
        if let error = value as? any Error {
            text += "\(error.localizedDescription)\n\(error as NSError)\n\((error as NSError).userInfo)\n"
        }
        output.withLock { FileHandle.standardError.write(Data(text.utf8)) }
    }
}
