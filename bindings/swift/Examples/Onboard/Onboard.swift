// Onboards the people of a file: one invite each, whoever is in or invited already is left alone.
//
//     onboard people.csv            a line a person: address, permission (read unless told)
//
// The key and the organization come from ICEPANEL_API_KEY and ICEPANEL_ORGANIZATION_ID.

import Dispatch
import Foundation
import IcePanelInvites

@main
struct Onboard {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard let file = arguments.first, arguments.count == 1,
            let text = try? String(contentsOfFile: file, encoding: .utf8)
        else {
            print("usage: onboard FILE, a readable file with a line a person: address, permission")
            exit(2)
        }
        let run = Task { try await onboard(people(in: text)) }
        // Ctrl-C stops the requests under way; each person not yet settled is told as such.
        signal(SIGINT, SIG_IGN)
        let interrupt = DispatchSource.makeSignalSource(signal: SIGINT)
        interrupt.setEventHandler { run.cancel() }
        interrupt.resume()
        do {
            exit(try await run.value ? 0 : 1)
        } catch {
            print(error.localizedDescription)
            exit(1)
        }
    }

    /// A line a person: `ada@example.com, write`.
    static func people(in text: String) -> [NewInvite] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let fields = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let email = fields.first, !email.isEmpty, !email.hasPrefix("#") else { return nil }
            let permission = fields.count > 1 ? Permission(rawValue: fields[1]) : .read
            return NewInvite(email: email, permission: permission, expires: .days(14))
        }
    }

    /// Invites all, and says whether all are in or invited now.
    static func onboard(_ people: [NewInvite]) async throws -> Bool {
        let client = try InviteClient.fromEnvironment(.init(userAgentSuffix: "onboard"))
        let wanted = people.count { $0.permission.isPaid }
        let seats = try await client.seats()
        print("\(people.count) people, \(wanted) of them for a paid seat; \(seats.free) of \(seats.paid) are free")

        var failed = 0
        await withTaskGroup(of: (String, Bool).self) { group in
            var waiting = people.makeIterator()
            func next() {
                guard let person = waiting.next() else { return }
                group.addTask { await settle(person, client) }
            }
            // Eight at a time: the client keeps to the service's limits however many there are.
            for _ in 0..<8 { next() }
            for await (line, settled) in group {
                print(line)
                failed += settled ? 0 : 1
                next()
            }
        }
        print(failed == 0 ? "everybody is in or invited" : "\(failed) of \(people.count) are not settled")
        return failed == 0
    }

    static func settle(_ person: NewInvite, _ client: InviteClient) async -> (String, Bool) {
        do {
            switch try await client.ensure(person) {
            case .created(let invite):
                return ("\(person.email): invited, until \(invite.expiresAt.formatted(.iso8601))", true)
            case .existing(let invite):
                return ("\(person.email): invited before, with \(invite.permission)", true)
            case .member(let member):
                return ("\(person.email): a member already, with \(member.permission)", true)
            }
        } catch {
            return ("\(person.email): \(error.localizedDescription)", false)
        }
    }
}
