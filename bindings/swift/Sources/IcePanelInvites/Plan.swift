import Foundation

/// What would have to change for a roster to be true: a value that can be looked at, written down as
/// JSON and applied later, in this language or another.
public struct Plan: Hashable, Sendable {
    /// The organization that it is for.
    public var organizationId: String
    /// When it was made, by the service's clock.
    public var plannedAt: Date
    /// The margin that it was made with.
    public var margin: Duration?
    /// Whether it leaves people alone whose last invite was revoked.
    public var skipRevoked: Bool
    /// How often it lets a person be invited at most.
    public var maxInvites: UInt64?
    /// One for each person: first those of the roster in its order, then those to be pruned.
    public var steps: [Step]
    /// Paid seats needed, held, free.
    public var seats: Seats
    /// What is pruned, and what the default guard allows; nothing without `prune`.
    public var pruning: Pruning?
    /// How many requests that change something it takes.
    public var writes: UInt64
    /// How long applying it takes under the service's limits: the client's pacing, or what is
    /// documented.
    public var estimate: Duration

    /// How many people there are with an action.
    public func count(_ action: Action) -> Int { steps.count { $0.action == action } }

    /// Whether there is anything to do.
    public var changesAnything: Bool { writes > 0 }

    /// What would happen to a person.
    public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        /// An invite is made.
        case invite
        /// The active invite stays.
        case keep
        /// An invite is made, then the active one is revoked.
        case replace
        /// Nothing: the person is in already.
        case member
        /// The active invites are revoked: the person is not on the roster.
        case revoke
        /// Nothing: an option leaves the person alone. The reason says which.
        case skip
    }

    /// What would happen to one person, and why.
    public struct Step: Hashable, Sendable {
        /// The person's address.
        public var email: String
        /// What would happen.
        public var action: Action
        /// Why, in words.
        public var reason: String
        /// What the roster says; nothing for somebody who is not on it.
        public var wanted: NewInvite?
        /// What the person has already.
        public var held: Held?
        /// The ids of the active invites that go.
        public var revoke: [String]
    }

    /// What a person has already: a membership or an active invite.
    public struct Held: Hashable, Sendable {
        /// What the person may do, or may do once in.
        public var permission: Permission
        /// The active invite: of several the one that counts.
        public var inviteId: String?
        /// When that ends.
        public var expiresAt: Date?
        /// The member.
        public var userId: String?
        /// Which landscapes the person may see, if that is limited.
        public var landscapePermissions: [String: Bool]?
    }

    /// Paid seats, and what becomes of them.
    public struct Seats: Hashable, Sendable, Codable {
        /// Seats paid for.
        public var paid: UInt64
        /// Members with `write` or `admin`.
        public var taken: UInt64
        /// Active invites with `write` or `admin`.
        public var promised: UInt64
        /// Seats left now.
        public var free: UInt64
        /// Seats that the plan takes for people who have none yet.
        public var needed: UInt64
        /// Seats that the plan gives free: by revoking, and by replacing a paid invite by a free one.
        public var released: UInt64
        /// Seats that are missing. Above zero ``InviteClient/apply(_:options:onProgress:)`` refuses,
        /// unless partial work is asked for.
        public var missing: UInt64
    }

    /// How many people the plan takes their invites from, and how many the default guard of
    /// ``InviteClient/apply(_:options:onProgress:)`` allows. Above that it rejects the plan, unless
    /// ``ApplyOptions/pruneGuard`` is set.
    public struct Pruning: Hashable, Sendable, Codable {
        /// People who would lose their active invites.
        public var people: UInt64
        /// People with an active invite, on the roster or not.
        public var invited: UInt64
        /// How many the default guard allows: at most ten, at most a quarter of `invited`, and one in any case.
        public var allowed: UInt64

        /// Whether the default guard rejects the plan.
        public var needsGuard: Bool { people > allowed }
    }
}

/// How a plan is made.
public struct PlanOptions: Hashable, Sendable {
    /// How much sooner than wanted an active invite may end and still be kept. Unless set: not at all
    /// where the roster says an instant, and half of the time where it says how long from now.
    public var margin: Duration?
    /// Whether active invites for people who are not on the roster are to be revoked.
    public var prune: Bool
    /// Whether people whose last invite was revoked are left alone rather than invited again.
    public var skipRevoked: Bool
    /// How often a person is invited at most, from 1. Each invite that the service lists for the person counts: active,
    /// used, revoked and expired ones. Who was invited so often is left alone.
    public var maxInvites: Int?
    /// Whether `prune` may be used with a roster of nobody, which revokes every active invite.
    public var allowEmpty: Bool

    /// Options of what is given.
    public init(
        margin: Duration? = nil,
        prune: Bool = false,
        skipRevoked: Bool = false,
        maxInvites: Int? = nil,
        allowEmpty: Bool = false
    ) {
        self.margin = margin
        self.prune = prune
        self.skipRevoked = skipRevoked
        self.maxInvites = maxInvites
        self.allowEmpty = allowEmpty
    }
}

extension Plan: CustomStringConvertible {
    /// A line for each person, and one for all: `ada@example.com: invite, neither in nor invited`.
    public var description: String {
        let people = steps.map { "\($0.email): \($0.action.rawValue), \($0.reason)\n" }
        let counts = Action.allCases.map { ($0.rawValue, count($0)) }.filter { $0.1 > 0 }
        let all = counts.map { "\($0.1) to \($0.0)" }.joined(separator: ", ")
        let prune = pruning.map {
            "prune: \($0.people) of the \($0.invited) people with an active invite, \($0.allowed) allowed by default; "
        }
        return people.joined()
            + "\(all.isEmpty ? "nobody" : all); paid seats: \(seats.needed) needed, \(seats.released) given free, "
            + "\(seats.free) free, \(seats.missing) missing; \(prune ?? "")\(writes) writes, \(estimate)"
    }
}

// The form that all languages share.

extension Plan: Codable {
    enum CodingKeys: String, CodingKey {
        case organizationId, plannedAt, marginMs, skipRevoked, maxInvites, steps, seats, pruning, writes, estimateMs
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        organizationId = try fields.decode(String.self, forKey: .organizationId)
        plannedAt = try fields.decodeTime(forKey: .plannedAt)
        margin = try fields.decodeMillisecondsIfPresent(forKey: .marginMs)
        skipRevoked = try fields.decodeIfPresent(Bool.self, forKey: .skipRevoked) ?? false
        maxInvites = try fields.decodeIfPresent(UInt64.self, forKey: .maxInvites)
        steps = try fields.decode([Step].self, forKey: .steps)
        seats = try fields.decode(Seats.self, forKey: .seats)
        pruning = try fields.decodeIfPresent(Pruning.self, forKey: .pruning)
        writes = try fields.decode(UInt64.self, forKey: .writes)
        estimate = try fields.decodeMillisecondsIfPresent(forKey: .estimateMs) ?? .zero
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(organizationId, forKey: .organizationId)
        try fields.encodeTime(plannedAt, forKey: .plannedAt)
        try fields.encodeIfPresent(margin?.crossing, forKey: .marginMs)
        if skipRevoked { try fields.encode(skipRevoked, forKey: .skipRevoked) }
        try fields.encodeIfPresent(maxInvites, forKey: .maxInvites)
        try fields.encode(steps, forKey: .steps)
        try fields.encode(seats, forKey: .seats)
        try fields.encodeIfPresent(pruning, forKey: .pruning)
        try fields.encode(writes, forKey: .writes)
        try fields.encode(estimate.crossing, forKey: .estimateMs)
    }
}

extension Plan.Step: Codable {}

extension Plan.Held: Codable {
    enum CodingKeys: String, CodingKey {
        case permission, inviteId, expiresAt, userId, landscapePermissions
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        permission = try fields.decode(Permission.self, forKey: .permission)
        inviteId = try fields.decodeIfPresent(String.self, forKey: .inviteId)
        expiresAt = try fields.decodeTimeIfPresent(forKey: .expiresAt)
        userId = try fields.decodeIfPresent(String.self, forKey: .userId)
        landscapePermissions = try fields.decodeIfPresent([String: Bool].self, forKey: .landscapePermissions)
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(permission, forKey: .permission)
        try fields.encodeIfPresent(inviteId, forKey: .inviteId)
        try fields.encodeTime(expiresAt, forKey: .expiresAt)
        try fields.encodeIfPresent(userId, forKey: .userId)
        try fields.encodeIfPresent(landscapePermissions, forKey: .landscapePermissions)
    }
}
