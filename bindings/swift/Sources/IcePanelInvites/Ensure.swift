import Foundation

extension Ensured {
    /// How the person's invite or membership differs from what is asked for at `now`: see ``Invite/differs(from:at:)``. Of a
    /// member only the permission is compared, and an invite that was just created does not differ.
    ///
    /// - Throws: `invalidInput` if a date is too far off.
    public func differs(from asked: NewInvite, at now: Date = Date()) throws(InviteError) -> [Difference] {
        try translatingErrors { try ensuredDiffersFrom(ensured: self, asked: asked, now: now) }
    }
}

/// As JSON: `{"outcome": "created", "invite": …}`, `{"outcome": "existing", "invite": …}` or
/// `{"outcome": "member", "member": …}`.
extension Ensured: Codable {
    /// `created`, `existing` or `member`.
    public var outcome: String {
        switch self {
        case .created: "created"
        case .existing: "existing"
        case .member: "member"
        }
    }

    /// The invite, unless the person is a member.
    public var invite: Invite? {
        switch self {
        case .created(let invite), .existing(let invite): invite
        case .member: nil
        }
    }

    enum CodingKeys: String, CodingKey {
        case outcome, invite, member
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        switch try fields.decode(String.self, forKey: .outcome) {
        case "created": self = .created(try fields.decode(Invite.self, forKey: .invite))
        case "existing": self = .existing(try fields.decode(Invite.self, forKey: .invite))
        case "member": self = .member(try fields.decode(Member.self, forKey: .member))
        case let unknown:
            throw DecodingError.dataCorruptedError(
                forKey: .outcome, in: fields, debugDescription: "there is no outcome \(unknown)")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(outcome, forKey: .outcome)
        switch self {
        case .created(let invite), .existing(let invite): try fields.encode(invite, forKey: .invite)
        case .member(let member): try fields.encode(member, forKey: .member)
        }
    }
}
