extension InviteClient {
    /// Carries out a plan as ``apply(_:options:onProgress:)`` does, step by step:
    ///
    /// ```swift
    /// let run = client.run(plan)
    /// for try await progress in run {
    ///     print("\(progress.done) of \(progress.total): \(progress.line)")
    /// }
    /// let report = try await run.report
    /// ```
    ///
    /// It begins at once. Leaving the loop, if nobody else holds the run, ends it at once and without a
    /// report; ``Run/stop()`` ends it with one.
    public func run(_ plan: Plan, options: ApplyOptions = ApplyOptions()) -> Run {
        Run(self, plan, options)
    }
}

/// A run under way: a sequence of its steps as they end, and its report. To be iterated once.
///
/// Cancelling a task that iterates it or waits for its report cancels the run.
public final class Run: AsyncSequence, Sendable {
    private let steps: AsyncStream<Progress>
    private let outcome: Task<Result<Report, InviteError>, Never>
    private let stopping: Stop

    fileprivate init(_ client: InviteClient, _ plan: Plan, _ options: ApplyOptions) {
        var options = options
        let stopping = options.stop ?? Stop()
        options.stop = stopping
        let (steps, told) = AsyncStream.makeStream(of: Progress.self)
        (self.steps, self.stopping) = (steps, stopping)
        outcome = Task { [options] in
            defer { told.finish() }
            do throws(InviteError) {
                return .success(try await client.apply(plan, options: options) { told.yield($0) })
            } catch {
                return .failure(error)
            }
        }
    }

    deinit {
        outcome.cancel()
    }

    /// Finishes what is under way, leaves the rest, and makes the report.
    public func stop() { stopping.stop() }

    /// The report, once the run has ended.
    ///
    /// - Throws: as ``InviteClient/apply(_:options:onProgress:)``.
    public var report: Report {
        get async throws(InviteError) {
            let ended = await withTaskCancellationHandler {
                await outcome.value
            } onCancel: {
                outcome.cancel()
            }
            return try ended.get()
        }
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(run: self, steps: steps.makeAsyncIterator())
    }

    /// Tells each step when it has ended, and throws what the run throws.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let run: Run
        fileprivate var steps: AsyncStream<Progress>.Iterator

        public mutating func next() async throws(InviteError) -> Progress? {
            if let step = await steps.next() { return step }
            _ = try await run.report
            return nil
        }
    }

    /// A step of a run has ended.
    public struct Progress: Hashable, Sendable {
        /// Which step of the plan, from 0.
        public let index: Int
        /// How many steps have ended.
        public let done: Int
        /// How many there are.
        public let total: Int
        /// How long the rest takes under the service's limits.
        public let left: Duration
        /// What became of it. If the last look at the list changes that, the step is told once more.
        public let line: Report.Line
    }
}
