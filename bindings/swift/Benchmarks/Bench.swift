// The package beside Foundation's URLSession with JSONDecoder, on the same work in one run:
//
//     cargo xtask bench swift
//
// Each measurement is a separate process, so that its memory can be measured; the server is another one.

import Foundation
import IcePanelInvites
import IcePanelInvitesTesting

let invites = 100_000
let active = 1000
let sought = "user-\(invites - 1)@example.com"

@main
struct Bench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        if let work = arguments.first.flatMap(Work.init(rawValue:)), arguments.count == 3 {
            let subject: any Subject =
                arguments[2] == "client" ? try Client(arguments[3]) : Peer(arguments[3])
            print(try await work.measure(subject).line)
        } else {
            try compare()
        }
    }

    /// Runs every measure in a child, and prints the table.
    static func compare() throws {
        let sandbox = try Sandbox([
            "rateLimit": nil,
            "generate": ["invites": .number(Double(invites)), "active": .number(Double(active)), "seed": 7],
        ])
        // A server that says the same to every create, as fast as a connection carries it.
        let canned = ProcessInfo.processInfo.environment["ICEPANEL_BENCH_SERVER"] ?? sandbox.baseURL
        print("| work | client | URLSession | client's of the peer's |\n|---|---|---|---|")
        for work in Work.allCases {
            let server = work.isList ? sandbox.baseURL : canned
            let client = try child(work, "client", server)
            let peer = work.hasPeer ? try child(work, "peer", server) : nil
            let ratio = peer.map { String(format: "%.2f", client.median / $0.median) } ?? ""
            print("| \(work.title) | \(client.text(work)) | \(peer?.text(work) ?? "") | \(ratio) |")
        }
    }

    static func child(_ work: Work, _ subject: String, _ url: String) throws -> Measured {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = [work.rawValue, subject, url]
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard let measured = Measured(line: String(decoding: output, as: UTF8.self)) else {
            throw InvalidOutput(description: "\(work) by \(subject): \(String(decoding: output, as: UTF8.self))")
        }
        return measured
    }

    struct InvalidOutput: Error, CustomStringConvertible { let description: String }
}

/// What is measured.
enum Work: String, CaseIterable {
    case list, find, sequential, parallel, million

    var isList: Bool { self == .list || self == .find }
    var hasPeer: Bool { self != .million }

    var title: String {
        switch self {
        case .list: "`list` of \(invites) invites"
        case .find: "`findActive` in \(invites) invites"
        case .sequential: "creates, one after another"
        case .parallel: "creates, 64 in flight"
        case .million: "memory over 1,000,000 creates, after the first 10,000"
        }
    }

    func measure(_ subject: any Subject) async throws -> Measured {
        // Connections and lazy parts first.
        for _ in 0..<20 where !isList { try await subject.create() }
        switch self {
        case .list: return try await Measured.rounds(5) { _ = try await subject.list() }
        case .find: return try await Measured.rounds(5) { try await subject.find() }
        case .sequential:
            return try await Measured.rounds(5, each: 2000) {
                for _ in 0..<2000 { try await subject.create() }
            }
        case .parallel:
            return try await Measured.rounds(5, each: 10_000) { try await flood(subject, 10_000) }
        case .million:
            try await flood(subject, 10_000)
            return try await Measured.rounds(1, each: 990_000) { try await flood(subject, 990_000) }
        }
    }

    private func flood(_ subject: any Subject, _ calls: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<64 {
                group.addTask {
                    for _ in stride(from: worker, to: calls, by: 64) { try await subject.create() }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Seconds for one piece of work, and by how much the process grew at its most.
struct Measured {
    let seconds: [Double]
    let grownKiB: Int

    var median: Double { seconds.sorted()[seconds.count / 2] }

    static func rounds(_ count: Int, each: Int = 1, _ body: () async throws -> Void) async throws -> Measured {
        let before = status("VmRSS")
        // Forgets the peak so far.
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        var seconds: [Double] = []
        let clock = ContinuousClock()
        for _ in 0..<count {
            let took = try await clock.measure(body)
            let (whole, atto) = took.components
            seconds.append((Double(whole) + Double(atto) / 1e18) / Double(each))
        }
        return Measured(seconds: seconds, grownKiB: status("VmHWM") - before)
    }

    private static func status(_ name: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }

    var line: String { "\(grownKiB) " + seconds.map { "\($0)" }.joined(separator: " ") }

    init(seconds: [Double], grownKiB: Int) {
        (self.seconds, self.grownKiB) = (seconds, grownKiB)
    }

    init?(line: String) {
        let numbers = line.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard numbers.count > 1 else { return nil }
        self.init(seconds: Array(numbers.dropFirst()), grownKiB: Int(numbers[0]))
    }

    func text(_ work: Work) -> String {
        let (low, high) = (seconds.min() ?? 0, seconds.max() ?? 0)
        let mebibytes = String(format: "%.1f MiB", Double(grownKiB) / 1024)
        switch work {
        case .list, .find:
            return String(format: "%.0f ms (%.0f to %.0f), ", median * 1e3, low * 1e3, high * 1e3) + mebibytes
        case .sequential: return String(format: "%.0f µs (%.0f to %.0f)", median * 1e6, low * 1e6, high * 1e6)
        case .parallel: return String(format: "%.0f a second (%.0f to %.0f)", 1 / median, 1 / high, 1 / low)
        case .million: return "+\(mebibytes)"
        }
    }
}

/// Who does the work.
protocol Subject: Sendable {
    func list() async throws -> Int
    func find() async throws
    func create() async throws
}

struct NotFound: Error {}

struct Client: Subject {
    let client: InviteClient

    init(_ url: String) throws {
        let key = "sandbox:" + String(repeating: "5a4db0c", count: 9) + "5"
        client = try InviteClient(
            apiKey: key, organizationId: "sandbox", options: .init(baseURL: url, pacing: .none))
    }

    func list() async throws -> Int { try await client.list().count }

    func find() async throws {
        guard try await client.findActive(email: sought) != nil else { throw NotFound() }
    }

    func create() async throws {
        try await client.create(NewInvite(email: "ada@example.com", permission: .read, expires: .days(7)))
    }
}
