import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The same by URLSession and JSONDecoder: what a person would write who has no client.
struct Peer: Subject {
    struct Invite: Decodable {
        let id, organizationId, email, permission: String
        let landscapePermissions: [String: Bool]?
        let expiresAt, createdAt: Date
        let createdBy, createdById: String
        let revokedAt: Date?
        let revokedBy, revokedById: String?
        let usedAt: Date?
        let usedByUserId: String?
    }

    struct Invites: Decodable { let organizationUserInvites: [Invite] }
    struct Made: Decodable { let organizationUserInvite: Invite }
    struct NewInvite: Encodable { let email, permission, expiresAt: String }

    private let session: URLSession
    private let url: URL

    init(_ url: String) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 64
        session = URLSession(configuration: configuration)
        self.url = URL(string: url + "/organizations/sandbox/users/invites")!
    }

    private func request() -> URLRequest {
        var request = URLRequest(url: url)
        let key = "sandbox:" + String(repeating: "5a4db0c", count: 9) + "5"
        request.setValue(key, forHTTPHeaderField: "x-api-key")
        request.setValue("application/json", forHTTPHeaderField: "accept")
        return request
    }

    private static let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private func send<T: Decodable>(_ request: URLRequest, _: T.Type) async throws -> T {
        let (data, response) = try await session.data(for: request)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else { throw NotFound() }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            try Self.format.parse(decoder.singleValueContainer().decode(String.self))
        }
        return try decoder.decode(T.self, from: data)
    }

    private func all() async throws -> [Invite] {
        try await send(request(), Invites.self).organizationUserInvites
    }

    func list() async throws -> Int { try await all().count }

    func find() async throws {
        let now = Date()
        let found = try await all().first {
            $0.email.lowercased() == sought && $0.usedAt == nil && $0.revokedAt == nil && $0.expiresAt > now
        }
        if found == nil { throw NotFound() }
    }

    func create() async throws {
        var request = request()
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        request.httpBody = try JSONEncoder().encode(
            NewInvite(
                email: "ada@example.com", permission: "read",
                expiresAt: Self.format.format(Date(timeIntervalSinceNow: 7 * 86_400))))
        _ = try await send(request, Made.self)
    }
}
