/// A value that the API names: known ones as cases, later ones kept as they came.
///
/// As text, and in JSON, it is what the API says.
public protocol OpenValue: RawRepresentable<String>, Hashable, Sendable, Codable, CustomStringConvertible {
    /// Any text is taken: a known one in whatever letter case, another one as it is.
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

/// A text that is no known value of its kind. Only `init(rawValue:)` makes one, so that what is known is never
/// hidden in it: `Permission(rawValue: "Write")` is ``Permission/write``.
public struct OtherValue: Hashable, Sendable, CustomStringConvertible {
    /// As the service spells it.
    public let text: String
    public var description: String { text }

    fileprivate init(text: String) { self.text = text }
}

/// What a person may do in the organization. `write` and `admin` cost a paid seat, `read` and
/// `billing` are free on every plan.
public enum Permission: OpenValue {
    /// May look. Free.
    case read
    /// May change landscapes. Costs a seat.
    case write
    /// May do everything. Costs a seat.
    case admin
    /// May see and change the billing. Free.
    case billing
    /// A value that did not exist when this was built, as the service spells it.
    case other(OtherValue)

    public init(rawValue: String) {
        self.init(spelling: permissionSpelling(text: .other(OtherValue(text: rawValue))))
    }

    /// Of the API's own spelling.
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

    /// Whether it costs a paid seat: `write` and `admin` do. Of a value that is not documented
    /// nobody knows, and this says no.
    public var isPaid: Bool { permissionIsPaid(permission: self) }
}

/// Who did something. An invite made with a key always says `api-key`.
public enum Actor: OpenValue {
    /// A person.
    case user
    /// An API key.
    case apiKey
    /// A notification key.
    case notificationKey
    /// The service itself.
    case service
    /// A value that did not exist when this was built, as the service spells it.
    case other(OtherValue)

    public init(rawValue: String) {
        self.init(spelling: actorSpelling(text: .other(OtherValue(text: rawValue))))
    }

    /// Of the API's own spelling.
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

/// Where an invite stands, by the service's clock.
public enum InviteStatus: OpenValue {
    /// Not used, not revoked, and its expiry lies in the future.
    case active
    /// Accepted by the person.
    case used
    /// Revoked before it was used.
    case revoked
    /// Neither used nor revoked, and its expiry has passed.
    case expired
    /// A value that did not exist when this was built.
    case other(OtherValue)

    public init(rawValue: String) {
        self.init(spelling: statusSpelling(text: .other(OtherValue(text: rawValue))))
    }

    /// Of the API's own spelling.
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
