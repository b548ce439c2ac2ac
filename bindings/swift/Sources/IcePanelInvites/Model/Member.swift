extension Member: Identifiable {
    /// The user's id.
    public var id: String { userId }
}

/// As JSON it has the API's field names, and `userId`.
extension Member: SharedJSON {
    static func read(_ json: String) throws -> Self { try readMember(json: json) }
    func write() throws -> String { try writeMember(member: self) }
}

extension Seats: SharedJSON {
    static func read(_ json: String) throws -> Self { try readSeats(json: json) }
    func write() throws -> String { try writeSeats(seats: self) }
}

extension Renewed: SharedJSON {
    static func read(_ json: String) throws -> Self { try readRenewed(json: json) }
    func write() throws -> String { try writeRenewed(renewed: self) }
}
