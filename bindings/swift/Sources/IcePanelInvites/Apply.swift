extension InviteClient {
    /// Compares the organization with a roster, and returns what `apply` would change (a dry run). Changes nothing.
    ///
    /// Invites, members and seats are read at the same time. Only the list entries of people on the roster are stored;
    /// with `prune` every active invite.
    ///
    /// - Throws: `invalidInput` for people whose expiry has passed, by the service's clock, with a
    ///   line for each.
    public func plan(_ roster: Roster, options: PlanOptions = PlanOptions()) async throws(InviteError) -> Plan {
        try await call("plan") { [core] cancel in
            Plan(try await core.plan(roster: roster.entries, options: options.crossing, cancel: cancel))
        }
    }

    /// Applies a plan, and reports the result for every person.
    ///
    /// Several invites are made at the same time, as fast as the rate limits allow. What has changed since the plan was
    /// made is reported and not overwritten. An invite that is replaced is revoked only once the new one exists. If a
    /// run was stopped or killed, it continues when the same plan is applied again.
    ///
    /// - Parameter onProgress: receives each step when it has ended, in order, on a thread of the run; the report
    ///   follows the last one. ``run(_:options:)`` has the same as an `AsyncSequence`.
    /// - Throws: `invalidInput` or `seatsExhausted` if the plan is rejected before anything is sent, and the errors of
    ///   its first reads. Later errors are in the report, except that a cancelled task throws `cancelled`:
    ///   ``ApplyOptions/stop`` ends the run with a report.
    @discardableResult
    public func apply(
        _ plan: Plan,
        options: ApplyOptions = ApplyOptions(),
        onProgress: (@Sendable (Run.Progress) -> Void)? = nil
    ) async throws(InviteError) -> Report {
        try await call("apply") { [core] cancel in
            Report(
                try await core.apply(
                    plan: plan.json,
                    options: options.crossing,
                    stop: options.stop?.core,
                    listener: onProgress.map(ProgressFunction.init),
                    cancel: cancel
                ))
        }
    }

    /// The organization as a roster: everybody with an active invite, and, if `membersExpire` is given, the members
    /// too.
    public func dump(membersExpire: Expiry? = nil) async throws(InviteError) -> Roster {
        try await call("dump") { [core] cancel in
            Roster(received: try await core.dump(members: membersExpire, cancel: cancel))
        }
    }

    /// Replaces an active invite, named by its id or its address, by one that expires later. The new one is made first,
    /// then the old one is revoked. If it fails in between, make the same call again to continue.
    ///
    /// - Throws: `notFound` if there is no active invite, `conflict` if an address has several that differ
    ///   in permission or landscapes, and as ``create(_:)``.
    @discardableResult
    public func renew(_ target: String, expires expiry: Expiry) async throws(InviteError) -> Renewed {
        try await call("renew") { [core] cancel in
            try await core.renew(target: target, expiry: expiry, cancel: cancel)
        }
    }
}

/// Options for applying a plan.
public struct ApplyOptions: Sendable {
    /// Whether to invite as many people as possible if there are too few seats, free permissions first, instead of an
    /// error before anything is sent.
    public var partial: Bool
    /// How many people may lose their invites by pruning. Unless set: at most ten, at most a quarter of those who have
    /// an active invite, but at least one. Above it nothing is done at all, because an incomplete roster must not empty
    /// an organization. ``Plan/pruning`` has the figures.
    public var pruneGuard: PruneGuard?
    /// Stops the run from outside.
    public var stop: Stop?
    /// How many members may be removed. Unless set: at most ten, at most a quarter of them, and one in any case. Past it
    /// nothing is done at all. ``Plan/removal`` has the figures.
    public var removeGuard: PruneGuard?
    /// How many people may be invited. Past it nothing is done at all.
    public var inviteAtMost: Int?
    /// How many people may be invited as admins or made admins. Past it nothing is done at all.
    public var adminsAtMost: Int?

    /// Options of what is given.
    public init(
        partial: Bool = false,
        pruneGuard: PruneGuard? = nil,
        stop: Stop? = nil,
        removeGuard: PruneGuard? = nil,
        inviteAtMost: Int? = nil,
        adminsAtMost: Int? = nil
    ) {
        self.partial = partial
        self.pruneGuard = pruneGuard
        self.stop = stop
        self.removeGuard = removeGuard
        self.inviteAtMost = inviteAtMost
        self.adminsAtMost = adminsAtMost
    }
}

/// How much pruning, or removing of members, is no mistake.
public enum PruneGuard: Hashable, Sendable {
    /// At most this number of people.
    case atMost(Int)
    /// At most this share, from 0 to 1, of the people who have an active invite, or of the members.
    case share(Double)
}

/// Stops a run: running steps are finished, further steps do not begin, and the report is returned.
/// May be used from any task.
public final class Stop: Sendable {
    let core = NativeStop()

    /// Nothing is stopped yet.
    public init() {}

    /// Stops the run. A second time has no effect.
    public func stop() { core.stop() }

    /// Whether it was stopped.
    public var isStopped: Bool { core.isStopped() }
}

private final class ProgressFunction: ProgressListener {
    private let see: @Sendable (Run.Progress) -> Void

    init(see: @escaping @Sendable (Run.Progress) -> Void) {
        self.see = see
    }

    func onProgress(progress: NativeProgress) throws {
        see(Run.Progress(progress))
    }
}
