import Foundation

/// Why a call failed.
///
/// Every function of the client throws this type, so a `catch` needs no cast:
///
/// ```swift
/// do {
///     try await client.ensure(guest)
/// } catch {
///     switch error.kind {
///     case .seatsExhausted: print("buy a seat, or invite with read")
///     case _ where error.retryable: print("later")
///     default: print(error.localizedDescription)
///     }
/// }
/// ```
///
/// `localizedDescription` is ``full``: what happened and what to do next. No part of it contains the API key.
public struct InviteError: Error, Hashable, Sendable {
    /// What kind of error this is.
    public let kind: Kind
    /// What happened, without the advice and without a full stop.
    public let message: String
    /// What to do next.
    public let advice: String
    /// The message and the advice as whole sentences: the text to print.
    public let full: String
    /// The HTTP status of the last response, if there was one.
    public let status: Int?
    /// `code` of the service's error body.
    public let code: String?
    /// `errors` of the service's error body: what it did not accept.
    public let errors: [String]
    /// The service's id of the last request, for its support.
    public let requestId: String?
    /// How often the request that failed was sent: 0 if none was.
    public let attempts: Int
    /// Whether the same call may succeed later and is safe to repeat: no invite was made.
    public let retryable: Bool
    /// How long the service asked to wait, if it did.
    public let retryAfter: Duration?
    /// Whether an invite may have been made although the call returned none. True for
    /// ``Kind/outcomeUnknown``, and for a create or an ensure that was cancelled.
    public let inviteMayExist: Bool

    /// An error of these parts: for tests. Without `full` it is the message and the advice.
    public init(
        kind: Kind,
        message: String,
        advice: String = "",
        full: String? = nil,
        status: Int? = nil,
        code: String? = nil,
        errors: [String] = [],
        requestId: String? = nil,
        attempts: Int = 1,
        retryable: Bool = false,
        retryAfter: Duration? = nil,
        inviteMayExist: Bool = false
    ) {
        self.kind = kind
        self.message = message
        self.advice = advice
        self.full = full ?? (advice.isEmpty ? message : "\(message). \(advice)")
        self.status = status
        self.code = code
        self.errors = errors
        self.requestId = requestId
        self.attempts = attempts
        self.retryable = retryable
        self.retryAfter = retryAfter
        self.inviteMayExist = inviteMayExist
    }

    /// The kind of an error. A later version may have more kinds, so a `switch` should end with
    /// `default`.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// An argument or an option is invalid. Nothing was sent.
        case invalidInput = "invalid_input"
        /// 401: the service does not know the key.
        case unauthorized
        /// 403: the key is not allowed to do this.
        case forbidden
        /// 404: no such organization or invite, or the key is not allowed to see it.
        case notFound = "not_found"
        /// 409 to a create: all paid seats are assigned.
        case seatsExhausted = "seats_exhausted"
        /// Any other 409. Its causes are not documented; the message has the service's text.
        case conflict
        /// 400, 422 or another rejection: the service read the request and did not accept it.
        case rejected
        /// 429, and the requested wait is longer than the time left for the call.
        case rateLimited = "rate_limited"
        /// 5xx: the service, or a server in front of it, failed.
        case server
        /// A time limit was reached: connecting, the first byte, a read of the body, or the whole call.
        case timeout
        /// No connection could be made, or it broke.
        case connection
        /// The response does not match the API documentation: HTML, a redirect, missing fields, too large.
        case unexpectedAnswer = "unexpected_answer"
        /// A create was sent, no response came, and the list of invites could not show in time
        /// whether the invite was made.
        case outcomeUnknown = "outcome_unknown"
        /// The task was cancelled.
        case cancelled
        /// The client was closed, before the call or during it.
        case closed
        /// The client itself failed: a bug, please report it. After a create or an ensure, an
        /// invite may exist.
        case `internal`
    }
}

extension InviteError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
    public var failureReason: String? { message }
    public var recoverySuggestion: String? { advice }
    public var description: String { full }
}

/// The same JSON as in every language.
extension InviteError: WrittenJSON {
    func write() throws -> String { try writeError(error: parts) }

    var parts: ErrorParts {
        ErrorParts(
            kind: kind.rawValue,
            message: message,
            advice: advice,
            full: full,
            status: status.map(Int64.init),
            code: code,
            errors: errors,
            requestId: requestId,
            attempts: Int64(attempts),
            retryable: retryable,
            retryAfterMs: retryAfter?.wholeMilliseconds,
            inviteMayExist: inviteMayExist
        )
    }
}
