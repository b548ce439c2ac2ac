import Foundation
import IcePanelInvites
internal import IcePanelSandboxFFI

/// A server on loopback that responds as the API does, from memory, fails on request, and reports
/// afterwards what really happened: for tests of programs that use the client.
///
/// ```swift
/// let sandbox = try Sandbox(["seats": 3, "members": [["email": "ada@example.com", "permission": "admin"]]])
/// try sandbox.addFaults([["fault": "act_then_cut", "on": "create"]])
/// try await sandbox.client().ensure(NewInvite(email: "bob@example.com", permission: .write, expires: .days(7)))
/// #expect(try sandbox.report().invitesMade == ["bob@example.com": 1])
/// ```
///
/// States and faults are those of the control API (`docs/control-api.md` of the sandbox). The server
/// ends when the value and the clients that it has made are released.
public final class Sandbox: Sendable {
    private let server: SandboxServer
    /// The base URL of its API.
    public let baseURL: String
    /// Its API key.
    public let apiKey: String
    /// Its organization.
    public let organizationId: String

    /// Starts a server with a state.
    public init(_ state: JSON = [:]) throws(SandboxError) {
        server = try refusals { try SandboxServer.start(state: state.description) }
        baseURL = try refusals { [server] in try server.baseUrl() }
        apiKey = state["apiKey"].text ?? sandboxApiKey()
        organizationId = state["organizationId"].text ?? sandboxOrganizationId()
    }

    deinit {
        // Ending may wait a moment for connections: not on the thread that released the last use.
        DispatchQueue.global().async { [server] in
            try? server.close()
        }
    }

    /// A client of this sandbox. Waits between attempts take no time, unless `skipWaits` is false; without options it
    /// has no rate limit of its own.
    public func client(
        _ options: InviteClient.Options = InviteClient.Options(pacing: .none)
    ) throws(InviteError) -> InviteClient {
        var options = options
        options.baseURL = options.baseURL ?? baseURL
        options.skipWaits = options.skipWaits ?? true
        // The server lives as long as a client: Swift may release the sandbox after its last use.
        options.onEvent = { [see = options.onEvent] event in
            withExtendedLifetime(self) { see?(event) }
        }
        return try InviteClient(apiKey: apiKey, organizationId: organizationId, options: options)
    }

    /// Deletes its data and starts from this state.
    public func setState(_ state: JSON) throws(SandboxError) {
        try refusals { try server.setState(state: state.description) }
    }

    /// Adds faults after the existing ones.
    public func addFaults(_ faults: [JSON]) throws(SandboxError) {
        try refusals { try server.addFaults(faults: JSON.array(faults).description) }
    }

    /// Marks the active invite with this address or id as used; the person becomes a member.
    public func markUsed(_ emailOrId: String) throws(SandboxError) {
        try refusals { try server.markUsed(emailOrId: emailOrId) }
    }

    /// What happened since the state was set.
    public func report() throws(SandboxError) -> SandboxReport {
        SandboxReport(json: try reportJSON())
    }

    /// The same, as the control API returns it.
    public func reportJSON() throws(SandboxError) -> JSON {
        try refusals { try JSONDecoder().decode(JSON.self, from: Data(server.report().utf8)) }
    }
}

/// Why a call of a sandbox failed.
public struct SandboxError: Error, LocalizedError, Sendable, CustomStringConvertible {
    /// In a sentence.
    public let description: String
    public var errorDescription: String? { description }
}

private func refusals<T>(_ body: () throws -> T) throws(SandboxError) -> T {
    do {
        return try body()
    } catch SandboxFailure.Refused(let reason) {
        throw SandboxError(description: reason)
    } catch {
        throw SandboxError(description: "the sandbox broke off: \(error.localizedDescription)")
    }
}
