import Foundation
internal import IcePanelInvitesFFI

// A plan crosses as its JSON, there and back, for it is written down and read as that anyway.

extension Plan {
    init(_ plan: Core.Plan) throws {
        self = try JSONDecoder().decode(Plan.self, from: Data(plan.json.utf8))
    }

    func crossing() throws -> String {
        do {
            return String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        } catch {
            throw InviteError(Core.invalidInput("the plan has no form in JSON: \(error)"))
        }
    }
}

extension Plan {
    /// Throws what ``InviteClient/apply(_:options:onProgress:)`` would throw for this plan with these options, by the
    /// plan's own figures: to be seen before anybody is asked to agree. `apply` counts again.
    ///
    /// - Throws: `invalidInput` if it prunes more people than the guard allows, `seatsExhausted` if seats are missing and
    ///   partial work is not asked for.
    public func check(_ options: ApplyOptions = ApplyOptions()) throws(InviteError) {
        try translatingErrors { try checkPlan(plan: crossing(), options: options.crossing) }
    }
}

// What comes.

extension NewInvite {
    init(_ invite: Core.NewInvite) {
        self.init(
            email: invite.email,
            permission: Permission(invite.permission),
            expires: Expiry(invite.expiry),
            landscapePermissions: invite.landscapePermissions
        )
    }
}

extension Expiry {
    init(_ expiry: Core.Expiry) {
        switch expiry {
        case .at(let seconds, let nanoseconds):
            self = .at(Date(secondsSince1970: seconds, nanoseconds: nanoseconds))
        case .in(let milliseconds):
            self = .after(.milliseconds(milliseconds))
        }
    }
}

extension Report {
    init(_ report: Core.Report) throws {
        self.init(lines: try report.lines.map(Line.init), stopped: report.stopped, isComplete: report.complete)
    }
}

extension Report.Line {
    init(_ line: Core.ReportLine) throws {
        guard let action = Plan.Action(rawValue: line.action),
            let outcome = Report.Outcome(rawValue: line.outcome)
        else {
            throw InviteError(brokenOff: "there is no \(line.action) or no \(line.outcome)", inviteMayExist: true)
        }
        self.init(
            email: line.email,
            action: action,
            outcome: outcome,
            note: line.note,
            invite: line.invite.map(Invite.init),
            error: line.error.map(InviteError.init)
        )
    }
}

extension Run.Progress {
    init(_ progress: Core.Progress) throws {
        self.init(
            index: Int(progress.index),
            done: Int(progress.done),
            total: Int(progress.total),
            left: .milliseconds(Int64(clamping: progress.leftMs)),
            line: try Report.Line(progress.line)
        )
    }
}

extension Renewed {
    init(_ renewed: Core.Renewed) {
        self.init(invite: Invite(renewed.invite), replaced: renewed.replaced.map(Invite.init))
    }
}

// What goes.

extension PlanOptions {
    var crossing: Core.PlanOptions {
        Core.PlanOptions(
            marginMs: margin?.crossing,
            prune: prune,
            skipRevoked: skipRevoked,
            maxInvites: maxInvites.map(Int64.init),
            allowEmpty: allowEmpty
        )
    }
}

extension ApplyOptions {
    var crossing: Core.ApplyOptions {
        switch pruneGuard {
        case nil: Core.ApplyOptions(partial: partial)
        case .atMost(let people): Core.ApplyOptions(partial: partial, pruneAtMost: Int64(people))
        case .share(let share): Core.ApplyOptions(partial: partial, pruneShare: share)
        }
    }
}
