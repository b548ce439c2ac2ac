import Foundation
import IcePanelInvites
import IcePanelInvitesTesting
import IcePanelSandboxFFI
import ScenarioSupport
import Testing

/// What a failed call says.
@Suite struct ErrorTests {
    @Test func itsDescriptionSaysWhatHappenedAndWhatToDo() async throws {
        let sandbox = try Sandbox(["seats": 0])
        let guest = NewInvite(email: "ada@example.com", permission: .write, expires: .days(7))
        do {
            try await sandbox.client().create(guest)
            Issue.record("there is no seat")
        } catch {
            #expect(error.kind == .seatsExhausted)
            #expect(error.status == 409)
            #expect(error.attempts == 1)
            #expect(error.requestId != nil)
            #expect(!error.inviteMayExist)
            let words = (error as any Error).localizedDescription
            #expect(words == error.full && words.hasPrefix("\(error.message). "))
            #expect(words.hasSuffix(error.advice) && !words.contains(".."))
            #expect(words.contains("buy a seat"))
            #expect((error as NSError).localizedRecoverySuggestion == error.advice)
            #expect("\(error)" == words)
        }
    }

    /// No cast: the compiler knows the type.
    @Test func itsTypeIsKnown() async throws {
        let sandbox = try Sandbox()
        do throws(InviteError) {
            _ = try await InviteClient(
                apiKey: "wrong:00", organizationId: "acme",
                options: .init(baseURL: sandbox.baseURL)
            ).list()
            Issue.record("the key is wrong")
        } catch {
            #expect(error.kind == .unauthorized)
        }
    }

    @Test(arguments: [
        InviteClient.Options(timeout: .zero),
        .init(timeout: .nanoseconds(-1)),
        .init(connectTimeout: .seconds(-1)),
        .init(readTimeout: .zero),
        .init(readTimeout: .seconds(-1)),
        .init(retry: .init(maxAttempts: 0)),
        .init(retry: .init(maxAttempts: -1)),
        .init(retry: .init(baseDelay: .milliseconds(-1))),
        .init(retry: .init(maxDelay: .seconds(-5))),
        .init(pacing: .init(reads: .init(requests: -1, window: .seconds(1)))),
        .init(pacing: .init(writes: .init(requests: 1, window: .seconds(-1)))),
        .init(baseURL: "http://example.com"),
        .init(proxy: "no proxy"),
        .init(caCertificatePEM: "no certificate"),
        .init(userAgentSuffix: "a\r\nb"),
        .init(clientCertificatePEM: "no certificate"),
        .init(maxBodyBytes: 0),
        .init(maxBodyBytes: -1),
    ])
    func anInvalidOptionIsRejected(_ options: InviteClient.Options) async {
        let error = await failure {
            try InviteClient(apiKey: "id:5a4d", organizationId: "acme", options: options)
        }
        #expect(error?.kind == .invalidInput)
        #expect(error?.attempts == 0)
    }

    @Test func anInvalidLimitOfACallIsRejected() async throws {
        let sandbox = try Sandbox(["invites": [["email": "ada@example.com", "permission": "read"]]])
        let client = try sandbox.client()
        for timeout in [Duration.zero, .nanoseconds(-1), .seconds(-1), .seconds(Int64.min)] {
            #expect(await failure { try client.withTimeout(timeout) }?.kind == .invalidInput)
        }
        for retry in [RetryPolicy(maxAttempts: 0), .init(maxAttempts: -1), .init(maxDelay: .nanoseconds(-1))] {
            #expect(await failure { try client.withRetry(retry) }?.kind == .invalidInput)
        }
        let filter = InviteFilter(expiringWithin: .milliseconds(-1))
        #expect(await failure { try await client.list(filter) }?.kind == .invalidInput)
        let roster = try Roster([])
        for options in [PlanOptions(margin: .nanoseconds(-1)), .init(maxInvites: 0), .init(maxInvites: -1)] {
            #expect(await failure { try await client.plan(roster, options: options) }?.kind == .invalidInput)
        }
        let plan = try await client.plan(roster, options: PlanOptions(prune: true, allowEmpty: true))
        for share in [Double.nan, .infinity, -.infinity, -0.1, 1.1] {
            let options = ApplyOptions(pruneGuard: .share(share))
            #expect(await failure { try await client.apply(plan, options: options) }?.kind == .invalidInput)
        }
        let options = ApplyOptions(pruneGuard: .atMost(-1))
        #expect(await failure { try await client.apply(plan, options: options) }?.kind == .invalidInput)
        #expect(try sandbox.report().requests["revoke"] == 0)
    }

    @Test func limitsOfAnyLengthAreBorne() async throws {
        let sandbox = try Sandbox()
        let ever = Duration.seconds(Int64.max)
        let client = try sandbox.client(
            .init(
                timeout: ever, connectTimeout: ever, readTimeout: ever,
                retry: .init(baseDelay: ever, maxDelay: ever)))
        #expect(try await client.list().isEmpty)
        #expect(throws: InviteError.self) { try client.withTimeout(.zero) }
        #expect(throws: InviteError.self) { try client.withRetry(.init(maxAttempts: 0)) }
        try sandbox.addFaults([["fault": "hang", "on": "list"]])
        let short = try client.withTimeout(.nanoseconds(1)).withRetry(.never)
        #expect(await failure { try await short.list() }?.kind == .timeout)
    }

    /// By name, for Foundation ends the process where it describes the second and third.
    static let wrongExpiries: [String: Expiry] = [
        "long past": .at(.distantPast),
        "never": .at(Date(timeIntervalSince1970: .infinity)),
        "no number": .at(Date(timeIntervalSince1970: .nan)),
        "before all time": .at(Date(timeIntervalSince1970: -.infinity)),
        "more seconds than there are": .at(Date(timeIntervalSince1970: 1e18)),
        "more microseconds than there are": .at(Date(timeIntervalSince1970: 9.3e12)),
        "forever": .after(.seconds(Int64.max)),
        "since ever": .after(.seconds(Int64.min)),
        "at once": .after(.zero),
        "yesterday": .days(-1),
        "more days than there are": .days(.max),
        "fewer days than there are": .days(.min),
        "more hours than there are": .hours(.max),
    ]

    @Test(arguments: wrongExpiries.keys.sorted())
    func anInvalidExpiryIsRejected(_ name: String) async throws {
        let sandbox = try Sandbox()
        let expiry = try #require(Self.wrongExpiries[name])
        let error = await failure {
            try await sandbox.client().create(
                NewInvite(email: "ada@example.com", permission: .read, expires: expiry))
        }
        #expect(error?.kind == .invalidInput)
        #expect(try sandbox.report().requests["create"] == 0)
    }

    @Test(arguments: [0.001, 0.123, 0.999, 0.000_001, 0.123_457])
    func anInstantIsSentToTheMicrosecond(_ fraction: Double) async throws {
        let sandbox = try Sandbox()
        let date = Date(timeIntervalSince1970: 2_053_857_600 + fraction)
        try await sandbox.client().create(
            NewInvite(email: "ada@example.com", permission: .read, expires: .at(date)))
        let log = try sandbox.reportJSON()["log"].elements
        let sent = log.last.flatMap { $0["body"]["expiresAt"].text }
        var digits = String(Int((fraction * 1e6).rounded()) + 1_000_000).dropFirst()
        if digits.hasSuffix("000") { digits = digits.dropLast(3) }
        #expect(sent == "2035-01-31T12:00:00.\(digits)Z")
    }

    @Test func aPanicInRustIsAnErrorAndNotTheEnd() async throws {
        #expect(throws: (any Error).self) { try panicAtOnce() }
        await #expect(throws: (any Error).self) { try await panicInACall() }
        let sandbox = try Sandbox()
        #expect(try await sandbox.client().list().isEmpty)
    }

    @Test func asJSONItIsTheSameInEveryLanguage() async throws {
        let sandbox = try Sandbox(["faults": [["fault": "status", "status": 503, "times": nil]]])
        let client = try sandbox.client(.init(retry: .never))
        do throws(InviteError) {
            _ = try await client.list()
        } catch {
            let fields = try json(error)
            #expect(fields["kind"] == "server")
            #expect(fields["status"] == 503)
            #expect(fields["attempts"] == 1)
            #expect(fields["retryable"] == true)
            #expect(fields["retryAfterMs"] == nil)
            #expect(fields["advice"].text == error.advice)
        }
    }
}
