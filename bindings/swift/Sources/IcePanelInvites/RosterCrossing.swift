import Foundation

extension Plan {
    /// Throws what ``InviteClient/apply(_:options:onProgress:)`` would throw for this plan with these options, by the
    /// figures in the plan. Call it before you ask for confirmation. `apply` counts again.
    ///
    /// - Throws: `invalidInput` if it prunes, removes or invites more people than the options allow, `seatsExhausted` if seats are missing and
    ///   partial work is not asked for.
    public func check(_ options: ApplyOptions = ApplyOptions()) throws(InviteError) {
        try translatingErrors { try checkPlan(plan: json, options: options.crossing) }
    }
}

// What comes.

extension NewInvite {
    init(_ parts: NewInviteParts) {
        self.init(
            email: parts.email,
            permission: parts.permission,
            expires: Expiry(parts.expiry),
            landscapePermissions: parts.landscapePermissions,
            until: parts.until
        )
    }
}

extension Expiry {
    init(_ parts: ExpiryParts) {
        switch parts {
        case .at(let time): self = .at(time)
        case .in(let milliseconds): self = .after(.milliseconds(milliseconds))
        }
    }
}

extension Plan.Action {
    /// The library returns only these.
    init(lifting name: String) throws {
        guard let action = Self(rawValue: name) else {
            throw InviteError(brokenOff: "there is no action \(name)", inviteMayExist: false)
        }
        self = action
    }
}

extension Report.Outcome {
    /// The library returns only these.
    init(lifting name: String) throws {
        guard let outcome = Self(rawValue: name) else {
            throw InviteError(brokenOff: "there is no outcome \(name)", inviteMayExist: true)
        }
        self = outcome
    }
}

extension Report {
    init(_ report: NativeReport) {
        self.init(lines: report.lines.map(Line.init), stopped: report.stopped, isComplete: report.complete)
    }
}

extension Report.Line {
    init(_ line: NativeReportLine) {
        self.init(
            email: line.email,
            action: line.action,
            outcome: line.outcome,
            note: line.note,
            invite: line.invite,
            error: line.error.map(InviteError.init),
            requestId: line.requestId,
            reasonCode: line.reasonCode
        )
    }
}

extension Run.Progress {
    init(_ progress: NativeProgress) {
        self.init(
            index: Int(progress.index),
            done: Int(progress.done),
            total: Int(progress.total),
            left: .milliseconds(Int64(clamping: progress.leftMs)),
            line: Report.Line(progress.line)
        )
    }
}

// What goes.

extension PlanOptions {
    var crossing: NativePlanOptions {
        NativePlanOptions(
            marginMs: margin?.crossing,
            prune: prune,
            skipRevoked: skipRevoked,
            maxInvites: maxInvites.map(Int64.init),
            allowEmpty: allowEmpty,
            manageMembers: manageMembers,
            pruneMembers: pruneMembers,
            protect: protect,
            minAdmins: minAdmins.map(Int64.init),
            allowDomains: allowDomains,
            expiringWithinMs: expiringWithin?.crossing,
            noInvites: noInvites
        )
    }
}

extension ApplyOptions {
    var crossing: NativeApplyOptions {
        NativeApplyOptions(
            partial: partial,
            pruneAtMost: pruneGuard?.people,
            pruneShare: pruneGuard?.share,
            removeAtMost: removeGuard?.people,
            removeShare: removeGuard?.share,
            inviteAtMost: inviteAtMost.map(Int64.init),
            adminsAtMost: adminsAtMost.map(Int64.init)
        )
    }
}

extension PruneGuard {
    fileprivate var people: Int64? {
        guard case .atMost(let people) = self else { return nil }
        return Int64(people)
    }

    fileprivate var share: Double? {
        guard case .share(let share) = self else { return nil }
        return share
    }
}
