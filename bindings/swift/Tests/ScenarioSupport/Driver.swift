import Foundation
import IcePanelInvites
import IcePanelInvitesTesting

/// Makes clients and calls as requests ask for them, a line of JSON each, and answers in lines of JSON, in any order:
/// `tests/prove/README.md` has their forms.
package struct Driver: Sendable {
    private let answers: FileHandle
    private let talk: Talk?
    private let writing = NSLock()

    package init(answers: FileHandle, talk: Talk? = nil) {
        self.answers = answers
        self.talk = talk
    }

    /// Answers requests until they end, or until the judge's verdict, which is returned. The clients are
    /// closed then.
    package func drive(_ requests: FileHandle) async -> JSON? {
        var clients: [String: InviteClient] = [:]
        defer { for client in clients.values { client.close() } }
        // Clients are made and dropped in the order of the lines; only calls run beside.
        for await request in lines(of: requests) {
            let name = request["client"].text ?? ""
            if request["id"] == .null {
                return request
            } else if let closed = request["close"].text {
                clients.removeValue(forKey: closed)?.close()
                answer(request, ["result": [:]])
            } else if let call = request["call"].text {
                guard let client = clients[name] else {
                    answer(request, ["crash": "there is no client \(name)"])
                    continue
                }
                Task { answer(request, await called(call, request, on: client)) }
            } else {
                do throws(InviteError) {
                    let client = try makeClient(request["options"], onEvent: talk?.hook)
                    talk?.about(client)
                    clients[name] = client
                    answer(request, ["result": [:]])
                } catch {
                    answer(request, failed(error))
                }
            }
        }
        return nil
    }

    private func answer(_ request: JSON, _ fields: [String: JSON]) {
        var fields = fields
        fields["id"] = request["id"]
        let line = JSON.object(fields).description + "\n"
        // The result of a call that ends after the verdict is not needed.
        writing.withLock { try? answers.write(contentsOf: Data(line.utf8)) }
    }

    private func called(_ call: String, _ request: JSON, on client: InviteClient) async -> [String: JSON] {
        if request["repeat"] != .null { return await many(call, request, on: client) }
        let task = Task { await once(call, request["args"], on: client) }
        if let milliseconds = request["cancelAfterMs"].number {
            Task {
                try? await Task.sleep(for: .milliseconds(milliseconds))
                task.cancel()
            }
        }
        return await task.value
    }

    private func once(_ call: String, _ args: JSON, on client: InviteClient) async -> [String: JSON] {
        do {
            let result = try await result(of: call, args, on: client)
            talk?.about(result)
            return ["result": try json(result)]
        } catch let error as InviteError {
            return failed(error)
        } catch DecodingError.dataCorrupted(let context) {
            // A value that cannot be read is an error of Codable, with the library's words.
            return ["error": ["kind": "invalid_input", "message": .string(context.debugDescription)]]
        } catch {
            return ["crash": .string(String(reflecting: error))]
        }
    }

    /// An error of the taxonomy; a cancellation by the client is not one.
    private func failed(_ error: InviteError) -> [String: JSON] {
        talk?.about(error)
        guard error.kind != .internal, let error = try? json(error) else { return ["crash": "\(error)"] }
        return ["error": error]
    }

    /// The same call many times, `inFlight` of them at the same time: counted, not stored.
    private func many(_ call: String, _ request: JSON, on client: InviteClient) async -> [String: JSON] {
        let calls = Int(request["repeat"].number ?? 0)
        let workers = max(1, Int(request["inFlight"].number ?? 1))
        let from = Int(request["from"].number ?? 0)
        let counts = await withTaskGroup(of: [String: Int].self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var counts: [String: Int] = [:]
                    for n in stride(from: worker, to: calls, by: workers) {
                        let answer = await once(call, request["args"].numbered(from + n), on: client)
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

/// The lines of a file, read by a thread of its own: no thread of the calls waits for them. What is no JSON is null.
private func lines(of file: FileHandle) -> AsyncStream<JSON> {
    AsyncStream { lines in
        Thread.detachNewThread {
            var read = Data()
            while case let more = file.availableData, !more.isEmpty {
                read += more
                while let end = read.firstIndex(of: UInt8(ascii: "\n")) {
                    lines.yield((try? JSONDecoder().decode(JSON.self, from: read[..<end])) ?? .null)
                    read.removeSubrange(...end)
                }
            }
            lines.finish()
        }
    }
}

/// Says on stderr all that Swift can show of a value.
package struct Talk: Sendable {
    private let writing = NSLock()

    package init() {}

    var hook: @Sendable (Event) -> Void { { about($0) } }

    func about(_ value: Any) {
        var text = "\(value)\n\(String(reflecting: value))\n"
        dump(value, to: &text)
        if let error = value as? any Error {
            text += "\(error.localizedDescription)\n\(error as NSError)\n\((error as NSError).userInfo)\n"
        }
        writing.withLock { FileHandle.standardError.write(Data(text.utf8)) }
    }
}
