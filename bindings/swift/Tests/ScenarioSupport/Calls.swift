import Foundation
import IcePanelInvites
import IcePanelInvitesTesting

/// A mistake of who asks, not an outcome of the call.
struct WrongRequest: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Makes one call, given by name and arguments as in `tests/scenarios`.
func result(of call: String, _ args: JSON, on client: InviteClient) async throws -> any Encodable {
    let email = args["email"].text ?? ""
    switch call {
    case "close":
        client.close()
        return JSON.object([:])
    case "list": return try await client.list(filter(args))
    case "find_active": return try await client.findActive(email: email)
    case "create": return try await client.create(newInvite(args))
    case "ensure":
        let ensured = try await client.ensure(newInvite(args))
        var fields = try json(ensured).fields
        fields["differs"] = try json(ensured.differs(from: newInvite(args)))
        return JSON.object(fields)
    case "revoke": return try await client.revoke(id: args["id"].text ?? "")
    case "revoke_active": return try await client.revokeActive(email: email)
    case "members": return try await client.members()
    case "update_member":
        let landscapes = args["landscapePermissions"]
        return try await client.updateMember(
            args["member"].text ?? "", permission: Permission(rawValue: args["permission"].text ?? ""),
            landscapePermissions: landscapes == .null ? nil : landscapes.fields.mapValues { $0 == true })
    case "remove_member": return try await client.removeMember(args["member"].text ?? "")
    case "seats": return try await client.seats()
    case "plan": return try await plan(args, on: client)
    case "apply":
        let plan = try await args["plan"] == .null ? plan(args, on: client) : read(args["plan"])
        return try await apply(plan, args, on: client)
    case "dump": return try await client.dump(membersExpire: expiry(args["membersExpireInMs"], .null))
    case "renew":
        let end = expiry(args["expiresInMs"], args["expiresAt"]) ?? .at(.distantPast)
        return try await client.renew(args["target"].text ?? "", expires: end)
    default: throw WrongRequest("there is no call \(call)")
    }
}

private func plan(_ args: JSON, on client: InviteClient) async throws -> Plan {
    let margin = args["marginMs"].number.map { Duration.milliseconds($0) }
    let roster: Roster = try args["roster"] == .null ? Roster(args["people"].elements.map(newInvite)) : read(args["roster"])
    let options = PlanOptions(
        margin: margin, prune: args["prune"] == true, skipRevoked: args["skipRevoked"] == true,
        maxInvites: args["maxInvites"].number.map { Int($0) }, allowEmpty: args["allowEmpty"] == true,
        manageMembers: args["manageMembers"] == true, pruneMembers: args["pruneMembers"] == true,
        protect: args["protect"].elements.compactMap(\.text), minAdmins: args["minAdmins"].number.map { Int($0) },
        allowDomains: args["allowDomains"] == .null ? nil : args["allowDomains"].elements.compactMap(\.text),
        expiringWithin: args["expiringWithinMs"].number.map { Duration.milliseconds($0) },
        noInvites: args["noInvites"] == true)
    return try await client.plan(roster, options: options)
}

/// Applies step by step, and checks that every step was reported.
private func apply(_ plan: Plan, _ args: JSON, on client: InviteClient) async throws -> Report {
    var options = ApplyOptions(partial: args["partial"] == true)
    options.pruneGuard =
        args["pruneAtMost"].number.map { .atMost(Int($0)) } ?? args["pruneShare"].number.map { .share($0) }
    options.removeGuard =
        args["removeAtMost"].number.map { .atMost(Int($0)) } ?? args["removeShare"].number.map { .share($0) }
    options.inviteAtMost = args["inviteAtMost"].number.map { Int($0) }
    options.adminsAtMost = args["adminsAtMost"].number.map { Int($0) }
    let run = client.run(plan, options: options)
    var reported = Set<Int>()
    for try await progress in run {
        reported.insert(progress.index)
        if Double(progress.done) == args["stopAfter"].number { run.stop() }
    }
    guard reported.count == plan.steps.count else {
        throw WrongRequest("\(reported.count) of \(plan.steps.count) steps were reported")
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
        landscapePermissions: landscapes.isEmpty ? nil : landscapes,
        until: args["until"].text.flatMap(wireTime)
    )
}

private func expiry(_ milliseconds: JSON, _ time: JSON) -> Expiry? {
    milliseconds.number.map { .after(.milliseconds(Int64($0))) }
        ?? time.text.map { .at(wireTime($0) ?? .distantPast) }
}

/// RFC 3339, read by Foundation, which takes no more than milliseconds: the rest is added.
package func wireTime(_ text: String) -> Date? {
    var whole = text
    var fraction = 0.0
    if let dot = text.firstIndex(of: ".") {
        let digits = text[text.index(after: dot)...].prefix { $0.isNumber }
        fraction = Double("0.\(digits)") ?? 0
        whole.removeSubrange(dot..<digits.endIndex)
    }
    return (try? Date.ISO8601FormatStyle().parse(whole))?.addingTimeInterval(fraction)
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
    var fields: [String: JSON] { if case .object(let fields) = self { fields } else { [:] } }

    /// The same with the number of a call wherever a text says `{n}`.
    func numbered(_ n: Int) -> JSON {
        switch self {
        case .string(let text): .string(text.replacing("{n}", with: "\(n)"))
        case .array(let list): .array(list.map { $0.numbered(n) })
        case .object(let fields): .object(fields.mapValues { $0.numbered(n) })
        default: self
        }
    }
}
