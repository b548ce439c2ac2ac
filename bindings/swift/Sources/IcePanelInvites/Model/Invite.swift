import Foundation

/// An invite of a person to the organization.
///
/// The fields are those of the API, and ``status``. As JSON it is what the API says, with `status`
/// beside, whatever date strategy the encoder has.
public struct Invite: Hashable, Sendable, Identifiable {
    /// The invite's id.
    public var id: String
    /// The organization's id.
    public var organizationId: String
    /// The address that was invited, in the letter case in which the service keeps it.
    public var email: String
    /// What the person may do once in.
    public var permission: Permission
    /// Which landscapes the person may see, if that was limited.
    public var landscapePermissions: [String: Bool]?
    /// Where the invite stood, by the service's clock, when the service told of it.
    public var status: InviteStatus
    /// When it ends.
    public var expiresAt: Date
    /// When it was made, by the service's clock.
    public var createdAt: Date
    /// Who made it.
    public var createdBy: Actor
    /// The id of who made it.
    public var createdById: String
    /// When it was revoked.
    public var revokedAt: Date?
    /// Who revoked it.
    public var revokedBy: Actor?
    /// The id of who revoked it.
    public var revokedById: String?
    /// When it was accepted.
    public var usedAt: Date?
    /// The id of the user who accepted it.
    public var usedByUserId: String?

    /// Whether it was active when the service told of it.
    public var isActive: Bool { status == .active }

    /// Where the invite stands at `date`, which is best a time of the service's clock.
    ///
    /// A used invite stays used and a revoked one revoked, whatever its expiry.
    public func status(at date: Date) -> InviteStatus {
        if usedAt != nil {
            .used
        } else if revokedAt != nil {
            .revoked
        } else if expiresAt > date {
            .active
        } else {
            .expired
        }
    }
}

extension Invite: Codable {
    enum CodingKeys: String, CodingKey {
        case id, organizationId, email, permission, landscapePermissions, status
        case expiresAt, createdAt, createdBy, createdById
        case revokedAt, revokedBy, revokedById, usedAt, usedByUserId
    }

    /// Reads what the API says or what ``encode(to:)`` writes. Without `status` it is judged by
    /// this machine's clock.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        organizationId = try fields.decode(String.self, forKey: .organizationId)
        email = try fields.decode(String.self, forKey: .email)
        permission = try fields.decode(Permission.self, forKey: .permission)
        landscapePermissions = try fields.decodeIfPresent([String: Bool].self, forKey: .landscapePermissions)
        expiresAt = try fields.decodeTime(forKey: .expiresAt)
        createdAt = try fields.decodeTime(forKey: .createdAt)
        createdBy = try fields.decode(Actor.self, forKey: .createdBy)
        createdById = try fields.decode(String.self, forKey: .createdById)
        revokedAt = try fields.decodeTimeIfPresent(forKey: .revokedAt)
        revokedBy = try fields.decodeIfPresent(Actor.self, forKey: .revokedBy)
        revokedById = try fields.decodeIfPresent(String.self, forKey: .revokedById)
        usedAt = try fields.decodeTimeIfPresent(forKey: .usedAt)
        usedByUserId = try fields.decodeIfPresent(String.self, forKey: .usedByUserId)
        status = .active
        status = try fields.decodeIfPresent(InviteStatus.self, forKey: .status) ?? status(at: Date())
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(id, forKey: .id)
        try fields.encode(organizationId, forKey: .organizationId)
        try fields.encode(email, forKey: .email)
        try fields.encode(permission, forKey: .permission)
        try fields.encodeIfPresent(landscapePermissions, forKey: .landscapePermissions)
        try fields.encode(status, forKey: .status)
        try fields.encodeTime(expiresAt, forKey: .expiresAt)
        try fields.encodeTime(createdAt, forKey: .createdAt)
        try fields.encode(createdBy, forKey: .createdBy)
        try fields.encode(createdById, forKey: .createdById)
        try fields.encodeTime(revokedAt, forKey: .revokedAt)
        try fields.encodeIfPresent(revokedBy, forKey: .revokedBy)
        try fields.encodeIfPresent(revokedById, forKey: .revokedById)
        try fields.encodeTime(usedAt, forKey: .usedAt)
        try fields.encodeIfPresent(usedByUserId, forKey: .usedByUserId)
    }
}
