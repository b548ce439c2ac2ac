import IcePanelInvites
import IcePanelInvitesTesting

/// Makes a client with the options of a scenario, and with those that only the proof has: `skipWaits`,
/// `proxy`, `caCertificatePem`, `pacing`. What a scenario's base URL calls `{port}` is `port`.
package func makeClient(
    _ given: JSON, port: String = "", onEvent: (@Sendable (Event) -> Void)? = nil
) throws(InviteError) -> InviteClient {
    var options = InviteClient.Options(onEvent: onEvent, skipsWaits: given["skipWaits"] == true)
    options.baseURL = given["baseUrl"].text?.replacing("{port}", with: port)
    options.timeout = given["timeoutMs"].number.map { .milliseconds($0) }
    options.connectTimeout = given["connectTimeoutMs"].number.map { .milliseconds($0) }
    options.readTimeout = given["readTimeoutMs"].number.map { .milliseconds($0) }
    options.retry = given["maxAttempts"].number.map { RetryPolicy(maxAttempts: UInt32($0)) }
    options.maxBodyBytes = given["maxBodyBytes"].number.map { UInt64($0) }
    options.userAgentSuffix = given["userAgentSuffix"].text
    options.proxy = given["proxy"].text
    options.caCertificatePEM = given["caCertificatePem"].text
    if let pacing = given.fields["pacing"] { options.pacing = pace(pacing) }
    return try InviteClient(
        apiKey: given["apiKey"].text ?? "", organizationId: given["organizationId"].text ?? "", options: options)
}

/// `null` for none, `"documented"`, or `{"reads": {"requests", "windowMs"}, "writes": …}`, where what is left
/// out is as documented.
private func pace(_ given: JSON) -> Pacing {
    guard given != .null else { return .none }
    func limit(_ given: JSON) -> RateLimit? {
        given["requests"].number.map {
            RateLimit(requests: UInt32($0), window: .milliseconds(given["windowMs"].number ?? 0))
        }
    }
    var pacing = Pacing.documented
    if let reads = given.fields["reads"] { pacing.reads = limit(reads) }
    if let writes = given.fields["writes"] { pacing.writes = limit(writes) }
    return pacing
}
