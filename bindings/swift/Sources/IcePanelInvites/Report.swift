/// The result of applying a plan: a line for every person, in the plan's order.
public struct Report: Hashable, Sendable {
    /// A line for each step of the plan.
    public let lines: [Line]
    /// Whether the run was stopped from outside.
    public let stopped: Bool
    /// Whether everybody is as the plan wants: each line is `done` or `kept`.
    public let isComplete: Bool

    /// A report of these parts: for tests.
    public init(
        lines: [Line],
        stopped: Bool = false,
        isComplete: Bool
    ) {
        self.lines = lines
        self.stopped = stopped
        self.isComplete = isComplete
    }

    /// The number of people with an outcome.
    public func count(_ outcome: Outcome) -> Int { lines.count { $0.outcome == outcome } }

    /// The result of one person's step.
    public struct Line: Hashable, Sendable {
        /// The person's address.
        public let email: String
        /// What was planned.
        public let action: Plan.Action
        /// The outcome.
        public let outcome: Outcome
        /// The outcome, as text.
        public let note: String
        /// The invite that was made, or the one that the person already has.
        public let invite: Invite?
        /// Why it failed.
        public let error: InviteError?
        /// The service's id of the request that decided the outcome, for the service's support: the request that
        /// failed, that made the invite, or, if none was made, the last revocation.
        public let requestId: String?
        /// The note for programs.
        public let reasonCode: StepReason?

        /// A line of these parts: for tests.
        public init(
            email: String,
            action: Plan.Action,
            outcome: Outcome,
            note: String,
            invite: Invite? = nil,
            error: InviteError? = nil,
            requestId: String? = nil,
            reasonCode: StepReason? = nil
        ) {
            self.email = email
            self.action = action
            self.outcome = outcome
            self.note = note
            self.invite = invite
            self.error = error
            self.requestId = requestId
            self.reasonCode = reasonCode
        }
    }

    /// The outcome of a person's step.
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// It was carried out.
        case done
        /// There was nothing to do: the invite is as wanted, the person is a member, an option excludes the person, or
        /// the invite is no longer active.
        case kept
        /// It was not begun: no seat was left, or the run ended before it.
        case skipped
        /// It failed, or was carried out only in part: the note says whether an invite was made.
        case failed
        /// An invite may have been made, or a member changed. The same plan, applied again, finds out.
        case unknown
        /// Somebody else changed something since the plan was made; the step was not carried out.
        case changed
        /// It would leave too few admins until somebody accepts an invite. A later run does it.
        case deferred
    }
}

/// The same JSON as in every language.
extension Report: WrittenJSON, CustomStringConvertible {
    func write() throws -> String { try writeReport(lines: lines.map(\.parts), stopped: stopped) }

    /// A line for each person, and the number of people with each outcome.
    public var description: String { reportText(lines: lines.map(\.parts), stopped: stopped) }
}

extension Report.Line: WrittenJSON, CustomStringConvertible {
    func write() throws -> String { try writeReportLine(line: parts) }

    /// `done    ada@example.com: invited`
    public var description: String { reportLineText(line: parts) }

    fileprivate var parts: LineParts {
        LineParts(
            email: email,
            action: action,
            outcome: outcome,
            note: note,
            invite: invite,
            error: error?.parts,
            requestId: requestId,
            reasonCode: reasonCode
        )
    }
}

/// As text, and in JSON, its name, the same in every language: `not_invited`.
extension StepReason: Encodable, CustomStringConvertible {
    public var description: String { stepReasonName(reason: self) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
