import Foundation

/// A member of the organization. As JSON it has the API's field names, and `userId` beside.
public struct Member: Hashable, Sendable, Identifiable {
    /// The user's id.
    public var userId: String
    /// The member's address.
    public var email: String
    /// What the member may do.
    public var permission: Permission
    /// The member's name.
    public var name: String?
    /// The member's role at work.
    public var jobRole: String?
    /// When the member was last seen.
    public var lastActiveAt: Date?
    /// Which landscapes the member may see, if that is limited.
    public var landscapePermissions: [String: Bool]?

    /// The user's id.
    public var id: String { userId }
}

extension Member: Codable {
    enum CodingKeys: String, CodingKey {
        case userId, email, permission, name, jobRole, lastActiveAt, landscapePermissions
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        userId = try fields.decode(String.self, forKey: .userId)
        email = try fields.decode(String.self, forKey: .email)
        permission = try fields.decode(Permission.self, forKey: .permission)
        name = try fields.decodeIfPresent(String.self, forKey: .name)
        jobRole = try fields.decodeIfPresent(String.self, forKey: .jobRole)
        lastActiveAt = try fields.decodeTimeIfPresent(forKey: .lastActiveAt)
        landscapePermissions = try fields.decodeIfPresent([String: Bool].self, forKey: .landscapePermissions)
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(userId, forKey: .userId)
        try fields.encode(email, forKey: .email)
        try fields.encode(permission, forKey: .permission)
        try fields.encodeIfPresent(name, forKey: .name)
        try fields.encodeIfPresent(jobRole, forKey: .jobRole)
        try fields.encodeTime(lastActiveAt, forKey: .lastActiveAt)
        try fields.encodeIfPresent(landscapePermissions, forKey: .landscapePermissions)
    }
}

/// The organization's paid seats. `write` and `admin` take one, for a member and for an active
/// invite alike; the service gives none out once `taken` and `promised` reach `paid`.
public struct Seats: Hashable, Sendable, Codable {
    /// Seats paid for.
    public var paid: UInt64
    /// Members with `write` or `admin`.
    public var taken: UInt64
    /// Active invites with `write` or `admin`.
    public var promised: UInt64
    /// Seats left: `paid` less the other two, and never below zero.
    public var free: UInt64
}
