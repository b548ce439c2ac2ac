import Foundation

extension Plan {
    /// Throws what ``InviteClient/apply(_:options:onProgress:)`` would throw for this plan with these options, by the
    /// figures in the plan. Call it before you ask for confirmation. `apply` counts again.
    ///
    /// - Throws: `invalidInput` if it prunes more people than the guard allows, `seatsExhausted` if seats are missing
    ///   and `partial` is not set.
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
            landscapePermissions: parts.landscapePermissions
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
            allowEmpty: allowEmpty
        )
    }
}

extension ApplyOptions {
    var crossing: NativeApplyOptions {
        switch pruneGuard {
        case nil: NativeApplyOptions(partial: partial)
        case .atMost(let people): NativeApplyOptions(partial: partial, pruneAtMost: Int64(people))
        case .share(let share): NativeApplyOptions(partial: partial, pruneShare: share)
        }
    }
}
