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
    /// - Throws: `invalidInput` with all problems: `errors` has a line for each. The same person
    ///   twice, in any letter case, is a problem.
    public init(_ entries: some Sequence<NewInvite>) throws(InviteError) {
        let entries = Array(entries)
        try translatingErrors { try checkRoster(entries: entries) }
        self.entries = entries
    }

    /// The roster in a JSON document that any language, or a person, has written.
    ///
    /// - Throws: as the other initializer; also for the roster of a newer version, and for entries of another form.
    ///   `Codable` reads the same, and throws a `DecodingError` with this error as `underlyingError`.
    public init(json: Data) throws(InviteError) {
        entries = try translatingErrors {
            try readRoster(json: String(decoding: json, as: UTF8.self))
        }
    }

    /// Entries that the service returned, which may have values that a user could not enter.
    init(received entries: [NewInvite]) {
        self.entries = entries
    }
}

extension Roster: RandomAccessCollection {
    public var startIndex: Int { entries.startIndex }
    public var endIndex: Int { entries.endIndex }
    public subscript(index: Int) -> NewInvite { entries[index] }
}

extension Roster: SharedJSON {
    static func read(_ json: String) throws -> Self { Roster(received: try readRoster(json: json)) }
    func write() throws -> String { try writeRoster(entries: entries) }
}
