import Foundation

/// When an invite ends.
public enum Expiry: Hashable, Sendable {
    /// At this instant, to the microsecond: a `Date` has no more.
    case at(Date)
    /// So long after it is sent, by the service's clock, to the millisecond.
    case after(Duration)

    /// So many days of 24 hours after it is sent.
    public static func days(_ days: Int) -> Self { .after(.seconds(days.times(86_400))) }
    /// So many hours after it is sent.
    public static func hours(_ hours: Int) -> Self { .after(.seconds(hours.times(3_600))) }
}

extension Int {
    /// A product that does not overflow: past the bounds it is the bound, which the client rejects.
    fileprivate func times(_ factor: Int64) -> Int64 {
        let (product, overflow) = Int64(self).multipliedReportingOverflow(by: factor)
        return overflow ? (self < 0 ? .min : .max) : product
    }
}

/// An invite to be made.
///
/// ```swift
/// let guest = NewInvite(email: "ada@example.com", permission: .read, expires: .days(14))
/// ```
public struct NewInvite: Hashable, Sendable {
    /// The person's address. Sent as given, compared without letter case.
    public var email: String
    /// What the person may do once in.
    public var permission: Permission
    /// When the invite ends. The API demands an end, and does not document how far off it may be.
    public var expiry: Expiry
    /// Which landscapes the person may see, by id; none given means that nothing is said about them.
    public var landscapePermissions: [String: Bool]?

    /// An invite for `email` that ends at an instant or so long from now.
    public init(
        email: String,
        permission: Permission,
        expires expiry: Expiry,
        landscapePermissions: [String: Bool]? = nil
    ) {
        self.email = email
        self.permission = permission
        self.expiry = expiry
        self.landscapePermissions = landscapePermissions
    }
}

/// As JSON, in every language: `{"email", "permission", "expiresAt" or "expiresInMs", "landscapePermissions"?}`.
extension NewInvite: Codable {
    enum CodingKeys: String, CodingKey {
        case email, permission, expiresAt, expiresInMs, landscapePermissions
    }

    /// Reads what ``encode(to:)`` writes, and nothing else: a name with a slip in it is an error.
    public init(from decoder: any Decoder) throws {
        let names = try decoder.container(keyedBy: AnyName.self).allKeys
        if let unknown = names.first(where: { CodingKeys(stringValue: $0.stringValue) == nil }) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath + [unknown], debugDescription: "there is no such field"))
        }
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        email = try fields.decode(String.self, forKey: .email)
        permission = try fields.decode(Permission.self, forKey: .permission)
        landscapePermissions = try fields.decodeIfPresent([String: Bool].self, forKey: .landscapePermissions)
        let instant = try fields.decodeTimeIfPresent(forKey: .expiresAt)
        let span = try fields.decodeIfPresent(Int64.self, forKey: .expiresInMs)
        switch (instant, span) {
        case (let date?, nil): expiry = .at(date)
        case (nil, let milliseconds?): expiry = .after(.milliseconds(milliseconds))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .expiresAt, in: fields, debugDescription: "give expiresAt or expiresInMs, one of the two")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(email, forKey: .email)
        try fields.encode(permission, forKey: .permission)
        switch expiry {
        case .at(let date): try fields.encodeTime(date, forKey: .expiresAt)
        case .after(let span): try fields.encode(span.wholeMilliseconds, forKey: .expiresInMs)
        }
        try fields.encodeIfPresent(landscapePermissions, forKey: .landscapePermissions)
    }

    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
