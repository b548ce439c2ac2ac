import IcePanelInvites
import IcePanelInvitesTesting

/// Makes a client with the options of a scenario, and with those that only the proof has: `skipWaits`,
/// `proxy`, `caCertificatePem`, `clientCertificatePem`.
func makeClient(_ given: JSON, onEvent: (@Sendable (Event) -> Void)?) throws(InviteError) -> InviteClient {
    var options = InviteClient.Options(onEvent: onEvent, skipWaits: given["skipWaits"] == true)
    // Written by `cargo xtask options`: read.
    options.baseURL = given["baseUrl"].text
    options.timeout = given["timeoutMs"].number.map { .milliseconds($0) }
    options.connectTimeout = given["connectTimeoutMs"].number.map { .milliseconds($0) }
    options.readTimeout = given["readTimeoutMs"].number.map { .milliseconds($0) }
    options.caCertificatePEM = given["caCertificatePem"].text
    options.userAgentSuffix = given["userAgentSuffix"].text
    options.maxBodyBytes = given["maxBodyBytes"].number.map { Int($0) }
    options.idleTimeout = given["idleTimeoutMs"].number.map { .milliseconds($0) }
    // Written by `cargo xtask options` to here.
    options.retry = given["maxAttempts"].number.map { RetryPolicy(maxAttempts: Int($0)) }
    options.proxy = given["proxy"].text.map { Secret($0) }
    options.clientCertificatePEM = given["clientCertificatePem"].text.map { Secret($0) }
    options.pacing = pace(given["pacing"])
    return try InviteClient(
        apiKey: given["apiKey"].text ?? "", organizationId: given["organizationId"].text ?? "", options: options)
}

/// `"none"`, or `{"reads", "writes"}`, each `"none"` or `{"requests", "windowMs"}`; what is null or left out is as
/// documented.
private func pace(_ given: JSON) -> Pacing {
    if given == "none" { return .none }
    func limit(_ given: JSON, or documented: RateLimit) -> RateLimit {
        if given == "none" { return .none }
        guard let requests = given["requests"].number else { return documented }
        return RateLimit(requests: Int(requests), window: .milliseconds(given["windowMs"].number ?? 0))
    }
    let documented = Pacing.documented
    return Pacing(
        reads: limit(given["reads"], or: documented.reads), writes: limit(given["writes"], or: documented.writes))
}
