/// What became of a plan: a line for every person, in the plan's order.
public struct Report: Hashable, Sendable {
    /// A line for each step of the plan.
    public let lines: [Line]
    /// Whether the run was stopped from outside.
    public let stopped: Bool
    /// Whether everybody is as the plan wants: each line is done or kept.
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

    /// How many people there are with an outcome.
    public func count(_ outcome: Outcome) -> Int { lines.count { $0.outcome == outcome } }

    /// What became of one person's step.
    public struct Line: Hashable, Sendable {
        /// The person's address.
        public let email: String
        /// What was planned.
        public let action: Plan.Action
        /// What became of it.
        public let outcome: Outcome
        /// That in words.
        public let note: String
        /// The invite that was made, or the one that the person has.
        public let invite: Invite?
        /// Why it failed.
        public let error: InviteError?
        /// The service's id of the request that decided the outcome, to be named to the service's support: of the one
        /// that failed, that made the invite, or, where none was made, that revoked last.
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

    /// What became of a person's step.
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// It was carried out.
        case done
        /// There was nothing to do: invited as wanted, a member, or gone already.
        case kept
        /// It was not begun: no seat was left, or the run had ended before its turn.
        case skipped
        /// It could not be carried out, or not to its end: the note says whether an invite was made.
        case failed
        /// An invite may have been made. The same plan, applied again, finds out.
        case unknown
        /// What was planned would have undone what somebody else has done since; it was left.
        case changed
    }
}

/// The same JSON as in every language.
extension Report: WrittenJSON, CustomStringConvertible {
    func write() throws -> String { try writeReport(lines: lines.map(\.parts), stopped: stopped) }

    /// A line for each person, and how many there are with each outcome.
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
