/// A value of the API: known ones as cases, later ones as the service spells them.
///
/// As text, and in JSON, it is the API's spelling.
public protocol OpenValue: RawRepresentable<String>, Hashable, Sendable, Codable, CustomStringConvertible {
    /// Any text is accepted: a known value in any letter case, an unknown one as it is.
    init(rawValue: String)
}

extension OpenValue {
    public var description: String { rawValue }

    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// A text that is not a known value. Only `init(rawValue:)` makes one, so that it is never a known value:
/// `Permission(rawValue: "Write")` is ``Permission/write``.
public struct OtherValue: Hashable, Sendable, CustomStringConvertible {
    /// As the service spells it.
    public let text: String
    public var description: String { text }

    fileprivate init(text: String) { self.text = text }
}

/// What a person may do in the organization. `write` and `admin` cost a paid seat, `read` and
/// `billing` are free on every plan.
public enum Permission: OpenValue {
    /// May read. Free.
    case read
    /// May change landscapes. Costs a seat.
    case write
    /// May do everything. Costs a seat.
    case admin
    /// May see and change the billing. Free.
    case billing
    /// A value that this version does not know, as the service spells it.
    case other(OtherValue)

    public init(rawValue: String) {
        self.init(spelling: permissionSpelling(text: .other(OtherValue(text: rawValue))))
    }

    /// From the API's spelling.
    init(spelling: String) {
        switch spelling {
        case "read": self = .read
        case "write": self = .write
        case "admin": self = .admin
        case "billing": self = .billing
        default: self = .other(OtherValue(text: spelling))
        }
    }

    public var rawValue: String {
        switch self {
        case .read: "read"
        case .write: "write"
        case .admin: "admin"
        case .billing: "billing"
        case .other(let value): value.text
        }
    }

    /// Whether it costs a paid seat: `write` and `admin` do. For an undocumented value it is
    /// unknown, and this returns false.
    public var isPaid: Bool { permissionIsPaid(permission: self) }
}

/// The kind of actor. An invite made with a key always has `api-key`.
public enum Actor: OpenValue {
    /// A person.
    case user
    /// An API key.
    case apiKey
    /// A notification key.
    case notificationKey
    /// The service itself.
    case service
    /// A value that this version does not know, as the service spells it.
    case other(OtherValue)

    public init(rawValue: String) {
        self.init(spelling: actorSpelling(text: .other(OtherValue(text: rawValue))))
    }

    /// From the API's spelling.
    init(spelling: String) {
        switch spelling {
        case "user": self = .user
        case "api-key": self = .apiKey
        case "notification-key": self = .notificationKey
        case "service": self = .service
        default: self = .other(OtherValue(text: spelling))
        }
    }

    public var rawValue: String {
        switch self {
        case .user: "user"
        case .apiKey: "api-key"
        case .notificationKey: "notification-key"
        case .service: "service"
        case .other(let value): value.text
        }
    }
}

/// The status of an invite, by the service's clock.
public enum InviteStatus: OpenValue {
    /// Not used, not revoked, and its expiry is in the future.
    case active
    /// Accepted by the person.
    case used
    /// Revoked before it was used.
    case revoked
    /// Neither used nor revoked, and its expiry has passed.
    case expired
    /// A value that this version does not know.
    case other(OtherValue)

    public init(rawValue: String) {
        self.init(spelling: statusSpelling(text: .other(OtherValue(text: rawValue))))
    }

    /// From the API's spelling.
    init(spelling: String) {
        switch spelling {
        case "active": self = .active
        case "used": self = .used
        case "revoked": self = .revoked
        case "expired": self = .expired
        default: self = .other(OtherValue(text: spelling))
        }
    }

    public var rawValue: String {
        switch self {
        case .active: "active"
        case .used: "used"
        case .revoked: "revoked"
        case .expired: "expired"
        case .other(let value): value.text
        }
    }
}
