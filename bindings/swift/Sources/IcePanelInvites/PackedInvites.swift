import Foundation

/// Reads many invites out of the bytes in which UniFFI hands over a list of them.
///
/// The code that it generates for the same takes several times as long, most of a list of 100,000: it
/// copies each number and each string out of a `Data` of its own. The fields come in the order of the
/// record in Rust, `bindings/uniffi/src/model/invite.rs`; numbers begin with their highest byte.
struct PackedInvites {
    private var rest: UnsafeRawBufferPointer

    /// The invites in these bytes.
    static func read(_ bytes: Data) throws -> [Invite] {
        try bytes.withUnsafeBytes { all in
            var packed = PackedInvites(rest: all)
            let count = try packed.length(ofEach: shortestInvite)
            var invites: [Invite] = []
            invites.reserveCapacity(count)
            for _ in 0..<count { invites.append(try packed.invite()) }
            guard packed.rest.isEmpty else { throw Unreadable() }
            return invites
        }
    }

    /// How many bytes an invite takes that has no text and nothing that may be missing.
    private static let shortestInvite = 58

    private mutating func invite() throws -> Invite {
        try Invite(
            id: string(),
            organizationId: string(),
            email: string(),
            permission: open(.read, .write, .admin, .billing, or: Permission.init),
            landscapePermissions: optional { try $0.landscapes() },
            status: open(.active, .used, .revoked, .expired, or: InviteStatus.init),
            expiresAt: date(),
            createdAt: date(),
            createdBy: actor(),
            createdById: string(),
            revokedAt: optional { try $0.date() },
            revokedBy: optional { try $0.actor() },
            revokedById: optional { try $0.string() },
            usedAt: optional { try $0.date() },
            usedByUserId: optional { try $0.string() }
        )
    }

    private mutating func actor() throws -> Actor {
        try open(.user, .apiKey, .notificationKey, .service, or: Actor.init)
    }

    private mutating func landscapes() throws -> [String: Bool] {
        var landscapes: [String: Bool] = [:]
        for _ in 0..<(try length(ofEach: 5)) { landscapes[try string()] = try integer(UInt8.self) != 0 }
        return landscapes
    }

    /// One of four values, by its number from 1, or a text that was not known in Rust.
    private mutating func open<T>(_ one: T, _ two: T, _ three: T, _ four: T, or other: (String) -> T) throws -> T {
        switch try integer(Int32.self) {
        case 1: one
        case 2: two
        case 3: three
        case 4: four
        case 5: other(try string())
        default: throw Unreadable()
        }
    }

    private mutating func optional<T>(_ read: (inout Self) throws -> T) throws -> T? {
        try integer(UInt8.self) == 0 ? nil : try read(&self)
    }

    private mutating func date() throws -> Date {
        let seconds = try integer(Int64.self)
        let nanoseconds = try integer(UInt32.self)
        guard nanoseconds < 1_000_000_000 else { throw Unreadable() }
        // Before 1970 UniFFI counts both backwards.
        return seconds >= 0 || nanoseconds == 0
            ? Date(secondsSince1970: seconds, nanoseconds: nanoseconds)
            : Date(secondsSince1970: seconds &- 1, nanoseconds: 1_000_000_000 - nanoseconds)
    }

    private mutating func string() throws -> String {
        String(decoding: try take(length(ofEach: 1)), as: UTF8.self)
    }

    /// How many follow, each of so many bytes or more: never more than there are bytes for.
    private mutating func length(ofEach size: Int) throws -> Int {
        let count = Int(try integer(Int32.self))
        guard count >= 0, count <= rest.count / size else { throw Unreadable() }
        return count
    }

    private mutating func integer<T: FixedWidthInteger>(_: T.Type) throws -> T {
        T(bigEndian: try take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
    }

    private mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= rest.count else { throw Unreadable() }
        let taken = UnsafeRawBufferPointer(rebasing: rest[..<count])
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return taken
    }

    /// The two sides of the library are not of one build.
    private struct Unreadable: LocalizedError {
        var errorDescription: String? { "the invites that it handed over cannot be read" }
    }
}
