import Foundation

/// What `apply` would change to make the organization match a roster: a value that can be inspected, stored as JSON and
/// applied later, in this language or another.
public struct Plan: Sendable {
    /// The whole plan, in the JSON that all languages share.
    let json: String
    /// The organization that it is for.
    public let organizationId: String
    /// When it was made, by the service's clock.
    public let plannedAt: Date
    /// The margin in its options.
    public let margin: Duration?
    /// Whether it excludes people whose last invite was revoked.
    public let skipRevoked: Bool
    /// How often a person may be invited at most.
    public let maxInvites: Int?
    /// One for each person: first those of the roster in its order, then those to be pruned.
    public let steps: [Step]
    /// Paid seats needed, held, free.
    public let seats: Seats
    /// The pruned people, and the default guard; none without `prune`.
    public let pruning: Pruning?
    /// How many write requests it takes.
    public let writes: Int
    /// How long applying it takes under the rate limits: the client's pacing, or the documented limits.
    public let estimate: Duration
    /// Whether it gives members the permission and the landscapes of the roster.
    public let manageMembers: Bool
    /// Whether it removes members.
    public let pruneMembers: Bool
    /// The addresses of members who are neither removed nor demoted.
    public let protect: [String]
    /// How many admins the organization has at least; nothing: 1.
    public let minAdmins: Int?
    /// Who is removed, and what the default guard allows; nothing without `pruneMembers`.
    public let removal: Removal?
    /// How many e-mails go where, and how many admins there will be.
    public let summary: Summary?
    /// Whose access ends soon, with `expiringWithin`; the soonest first.
    public let expiring: [Expiring]
    /// Whether it makes no invite.
    public let noInvites: Bool

    init(_ plan: NativePlan) {
        json = plan.json
        organizationId = plan.organizationId
        plannedAt = plan.plannedAt
        margin = plan.marginMs.map { .milliseconds(Int64(clamping: $0)) }
        skipRevoked = plan.skipRevoked
        maxInvites = plan.maxInvites.map { Int(clamping: $0) }
        steps = plan.steps
        seats = plan.seats
        pruning = plan.pruning
        writes = Int(clamping: plan.writes)
        estimate = .milliseconds(Int64(clamping: plan.estimateMs))
        manageMembers = plan.manageMembers
        pruneMembers = plan.pruneMembers
        protect = plan.protect
        minAdmins = plan.minAdmins.map { Int(clamping: $0) }
        removal = plan.removal
        summary = plan.summary
        noInvites = plan.noInvites
        expiring = plan.expiring
    }

    /// The number of people with an action.
    public func count(_ action: Action) -> Int { steps.count { $0.action == action } }

    /// Whether there is anything to change.
    public var changesAnything: Bool { writes > 0 }

    /// The planned action for a person.
    public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        /// An invite is made.
        case invite
        /// The active invite remains.
        case keep
        /// An invite is made, then the active one is revoked.
        case replace
        /// Nothing: the person is already a member.
        case member
        /// The active invites are revoked: the person is not on the roster, or the access has ended.
        case revoke
        /// Nothing: an option leaves the person alone, or the access has ended. The reason says which.
        case skip
        /// A member is given the permission and the landscapes of the roster.
        case update
        /// A member is removed: the person is not on the roster, or the access has ended.
        case remove
    }

    /// The planned action for one person, and the reason.
    public typealias Step = IcePanelInvites.Step
    /// What a person has already: a membership or an active invite.
    public typealias Held = IcePanelInvites.Held
    /// Paid seats, and how the plan changes them.
    public typealias Seats = PlanSeats
    /// How many people lose their invites by the plan, and how many the default guard allows.
    public typealias Pruning = PlanPruning
    /// How many members the plan removes, and how many the default guard allows.
    public typealias Removal = PlanRemoval
    /// The e-mails of the plan, and the admins.
    public typealias Summary = PlanSummary
    /// How many invites go to a domain.
    public typealias Domain = PlanDomain
    /// Somebody whose access ends soon.
    public typealias Expiring = PlanExpiring
}

extension PlanPruning {
    /// Whether the default guard rejects the plan.
    public var needsGuard: Bool { people > allowed }
}

extension PlanRemoval {
    /// Whether the default guard rejects the plan.
    public var needsGuard: Bool { people > allowed }
}

extension Plan: Hashable {
    public static func == (one: Self, other: Self) -> Bool { one.json == other.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

/// Options for making a plan.
public struct PlanOptions: Hashable, Sendable {
    /// How much sooner than wanted an active invite may expire without being replaced. Unless set: zero for an expiry
    /// given as an instant, and half of a duration.
    public var margin: Duration?
    /// Whether active invites for people who are not on the roster are to be revoked.
    public var prune: Bool
    /// Whether people whose last invite was revoked are not invited again.
    public var skipRevoked: Bool
    /// How often a person is invited at most, from 1. Each invite that the service lists for the person counts: active,
    /// used, revoked and expired ones. People at this limit are not invited again.
    public var maxInvites: Int?
    /// Whether `prune` and `pruneMembers` may be used with a roster of nobody, which revokes every active invite, or removes
    /// every member who is not protected.
    public var allowEmpty: Bool
    /// Whether members are given the permission and the landscapes of the roster.
    public var manageMembers: Bool
    /// Whether members who are not on the roster, or whose access has ended, are removed. Needs ``protect``.
    public var pruneMembers: Bool
    /// The addresses of members who are neither removed nor demoted: the owner of the key, say.
    public var protect: [String]
    /// How many admins the organization has at least at any moment, from 1. 1 unless set.
    public var minAdmins: Int?
    /// The domains to which invites may go. A roster with another address is rejected. All unless set.
    public var allowDomains: [String]?
    /// The people whose access ends within this duration from now are in ``Plan/expiring``.
    public var expiringWithin: Duration?
    /// Whether no invite is made: nobody is invited, and no active invite is replaced. For offboarding, with `prune` or
    /// `pruneMembers`.
    public var noInvites: Bool

    /// Options with the given values.
    public init(
        margin: Duration? = nil,
        prune: Bool = false,
        skipRevoked: Bool = false,
        maxInvites: Int? = nil,
        allowEmpty: Bool = false,
        manageMembers: Bool = false,
        pruneMembers: Bool = false,
        protect: [String] = [],
        minAdmins: Int? = nil,
        allowDomains: [String]? = nil,
        expiringWithin: Duration? = nil,
        noInvites: Bool = false
    ) {
        self.margin = margin
        self.prune = prune
        self.skipRevoked = skipRevoked
        self.maxInvites = maxInvites
        self.allowEmpty = allowEmpty
        self.manageMembers = manageMembers
        self.pruneMembers = pruneMembers
        self.protect = protect
        self.minAdmins = minAdmins
        self.allowDomains = allowDomains
        self.expiringWithin = expiringWithin
        self.noInvites = noInvites
    }
}

extension Plan: CustomStringConvertible {
    /// A line for each person, then the seats, the pruned people, and the effort of applying it.
    public var description: String { (try? planText(plan: json)) ?? json }
}

/// The form that all languages share.
extension Plan: SharedJSON {
    static func read(_ json: String) throws -> Self { Plan(try readPlan(json: json)) }
    func write() throws -> String { json }
}
