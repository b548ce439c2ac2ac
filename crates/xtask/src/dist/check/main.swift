import IcePanelInvites
import IcePanelInvitesTesting

let sandbox = try Sandbox()
let guest = NewInvite(email: "ada@example.com", permission: .read, expires: .days(14))
if case .created = try await sandbox.client().ensure(guest) {
    print("created", try sandbox.report().invitesMade["ada@example.com"] ?? 0)
}
