import Foundation
import IcePanelInvites
import IcePanelInvitesTesting

/// What came out of a call, in JSON.
package enum Outcome: Sendable {
    case result(JSON)
    case error(JSON)
}

/// A mistake of who asks, not an outcome of the call.
package struct WrongRequest: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// The plan that the last `plan` returned, as JSON: an `apply` without people takes it.
package actor Plans {
    var last = JSON.null

    package init() {}

    func keep(_ plan: JSON) { last = plan }
}

/// Makes one call, told by name and arguments as in `tests/scenarios`. `see` sees the result or the
/// error itself. What it throws is no error of the client's.
package func perform(
    _ call: String, _ args: JSON, on client: InviteClient, _ plans: Plans,
    see: @Sendable (Any) -> Void = { _ in }
) async throws -> Outcome {
    do {
        let result = try await result(of: call, args, on: client, plans)
        see(result)
        return .result(try json(result))
    } catch let error as InviteError {
        see(error)
        return .error(try json(error))
    }
}

private func result(
    of call: String, _ args: JSON, on client: InviteClient, _ plans: Plans
) async throws -> any Encodable {
    let email = args["email"].text ?? ""
    switch call {
    case "client": return JSON.object([:])
    case "list": return try await client.list(filter(args))
    case "find_active": return try await client.findActive(email: email)
    case "create": return try await client.create(newInvite(args))
    case "ensure": return try await client.ensure(newInvite(args))
    case "revoke": return try await client.revoke(id: args["id"].text ?? "")
    case "revoke_active": return try await client.revokeActive(email: email)
    case "members": return try await client.members()
    case "seats": return try await client.seats()
    case "plan":
        let plan = try await plan(args, on: client)
        await plans.keep(try json(plan))
        return plan
    case "apply":
        let plan = try await args["people"] == .null ? read(plans.last) : plan(args, on: client)
        return try await apply(plan, args, on: client)
    case "dump": return try await client.dump(membersExpire: expiry(args["membersExpireInMs"], .null))
    case "renew":
        let end = expiry(args["expiresInMs"], args["expiresAt"]) ?? .at(.distantPast)
        return try await client.renew(args["target"].text ?? "", expires: end)
    default: throw WrongRequest("there is no call \(call)")
    }
}

private func plan(_ args: JSON, on client: InviteClient) async throws(InviteError) -> Plan {
    let margin = args["marginMs"].number.map { Duration.milliseconds($0) }
    let roster = try Roster(args["people"].elements.map(newInvite))
    let options = PlanOptions(
        margin: margin, prune: args["prune"] == true, skipRevoked: args["skipRevoked"] == true,
        maxInvites: args["maxInvites"].number.map { Int($0) }, allowEmpty: args["allowEmpty"] == true)
    return try await client.plan(roster, options: options)
}

/// Applies step by step, and looks whether every step has been told.
private func apply(_ plan: Plan, _ args: JSON, on client: InviteClient) async throws -> Report {
    var options = ApplyOptions(partial: args["partial"] == true)
    options.pruneGuard =
        args["pruneAtMost"].number.map { .atMost(Int($0)) } ?? args["pruneShare"].number.map { .share($0) }
    let run = client.run(plan, options: options)
    var told = Set<Int>()
    for try await progress in run {
        told.insert(progress.index)
        if Double(progress.done) == args["stopAfter"].number { run.stop() }
    }
    guard told.count == plan.steps.count else {
        throw WrongRequest("of \(plan.steps.count) steps \(told.count) were told")
    }
    return try await run.report
}

private func filter(_ args: JSON) -> InviteFilter {
    InviteFilter(
        status: args["status"].text.map(InviteStatus.init(rawValue:)),
        email: args["email"].text,
        permission: args["permission"].text.map(Permission.init(rawValue:)),
        createdBy: args["createdBy"].text.map(Actor.init(rawValue:)),
        expiringWithin: args["expiringWithinMs"].number.map { .milliseconds($0) }
    )
}

private func newInvite(_ args: JSON) -> NewInvite {
    let landscapes = args["landscapePermissions"].fields.mapValues { $0 == true }
    return NewInvite(
        email: args["email"].text ?? "",
        permission: Permission(rawValue: args["permission"].text ?? ""),
        expires: expiry(args["expiresInMs"], args["expiresAt"]) ?? .at(.distantPast),
        landscapePermissions: landscapes.isEmpty ? nil : landscapes
    )
}

private func expiry(_ milliseconds: JSON, _ time: JSON) -> Expiry? {
    milliseconds.number.map { .after(.milliseconds(Int64($0))) }
        ?? time.text.map { .at(Pattern.time($0) ?? .distantPast) }
}

/// A value as JSON, through its own `Codable`.
package func json(_ value: some Encodable) throws -> JSON {
    try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(value))
}

private func read<T: Decodable>(_ json: JSON) throws -> T {
    try JSONDecoder().decode(T.self, from: JSONEncoder().encode(json))
}

extension JSON {
    /// The fields of an object; none if this is no object.
    package var fields: [String: JSON] { if case .object(let fields) = self { fields } else { [:] } }

    /// The same with the number of a call wherever a text says `{n}`.
    package func numbered(_ n: Int) -> JSON {
        switch self {
        case .string(let text): .string(text.replacing("{n}", with: "\(n)"))
        case .array(let list): .array(list.map { $0.numbered(n) })
        case .object(let fields): .object(fields.mapValues { $0.numbered(n) })
        default: self
        }
    }
}
