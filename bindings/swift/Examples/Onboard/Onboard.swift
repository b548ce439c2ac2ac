// Onboards the people of a file: one invite each. People who are already members or invited are skipped.
//
//     onboard people.csv            a line a person: address, permission (read unless set)
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
        // Ctrl-C finishes the running steps, and reports on everybody.
        let stop = Stop()
        signal(SIGINT, SIG_IGN)
        let interrupt = DispatchSource.makeSignalSource(signal: SIGINT)
        interrupt.setEventHandler { stop.stop() }
        interrupt.resume()
        do {
            exit(try await onboard(people(in: text), stop) ? 0 : 1)
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

    /// Invites all, and returns whether all are members or invited now.
    static func onboard(_ people: [NewInvite], _ stop: Stop) async throws -> Bool {
        let client = try InviteClient.fromEnvironment(.init(userAgentSuffix: "onboard"))
        let plan = try await client.plan(Roster(people))
        print(plan)
        let run = client.run(plan, options: ApplyOptions(stop: stop))
        for try await progress in run {
            print("\(progress.done) of \(progress.total): \(progress.line)")
        }
        let done = try await run.report.isComplete
        print(done ? "everybody is in or invited" : "not everybody is settled; run it again to go on")
        return done
    }
}
