import Foundation

/// The people who should be in the organization or invited to it, each once.
///
/// ```swift
/// let roster = try Roster([
///     NewInvite(email: "ada@example.com", permission: .write, expires: .days(14)),
///     NewInvite(email: "bob@example.com", permission: .read, expires: .days(14)),
/// ])
/// let plan = try await client.plan(roster)
/// ```
///
/// It is a collection of its entries, and as JSON `{"formatVersion": 1, "people": […]}`, in the form that all languages
/// share. The list of the people alone is read too.
public struct Roster: Hashable, Sendable {
    /// The people, in the order in which they were given.
    public let entries: [NewInvite]

    /// A roster of these people.
    ///
    /// - Throws: `invalidInput` with everything that is wrong, all at once: `errors` has a line for
    ///   each. The same person twice, in whatever letter case, is one of them.
    public init(_ entries: some Sequence<NewInvite>) throws(InviteError) {
        let entries = Array(entries)
        try translatingErrors { try checkRoster(entries: entries) }
        self.entries = entries
    }

    /// The roster in a document of JSON that any language, or a person, has written down.
    ///
    /// - Throws: as the other initializer, first of all for the roster of a newer version, and for entries that have not
    ///   the form of one. `Codable` reads the same, and throws a `DecodingError` with this error as `underlyingError`.
    public init(json: Data) throws(InviteError) {
        entries = try translatingErrors {
            try readRoster(json: String(decoding: json, as: UTF8.self))
        }
    }

    /// What the service told, which may be what nobody could type.
    init(told entries: [NewInvite]) {
        self.entries = entries
    }
}

extension Roster: RandomAccessCollection {
    public var startIndex: Int { entries.startIndex }
    public var endIndex: Int { entries.endIndex }
    public subscript(index: Int) -> NewInvite { entries[index] }
}

extension Roster: SharedJSON {
    static func read(_ json: String) throws -> Self { Roster(told: try readRoster(json: json)) }
    func write() throws -> String { try writeRoster(entries: entries) }
}
