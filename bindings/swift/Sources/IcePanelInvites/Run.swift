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
    /// It begins immediately. Leaving the loop before its end (`break`, `return`, an error) ends the run immediately:
    /// running requests are dropped, and ``Run/report`` then throws an error of kind `cancelled`. To end it early with
    /// a report, call ``Run/stop()`` first; running steps are then finished, even if the loop is left.
    public func run(_ plan: Plan, options: ApplyOptions = ApplyOptions()) -> Run {
        Run(self, plan, options)
    }
}

/// A running apply: a sequence of its steps as they end, and its report. It can be iterated once.
///
/// Cancelling a task that iterates it or waits for its report cancels the run. So does leaving its loop before the end,
/// even while the run is still referenced, and releasing the run. A run that was stopped still ends by itself.
public final class Run: AsyncSequence, Sendable {
    private let steps: AsyncStream<Progress>
    private let outcome: Task<Result<Report, InviteError>, Never>
    private let stopping: Stop

    fileprivate init(_ client: InviteClient, _ plan: Plan, _ options: ApplyOptions) {
        var options = options
        let stopping = options.stop ?? Stop()
        options.stop = stopping
        let (steps, progress) = AsyncStream.makeStream(of: Progress.self)
        (self.steps, self.stopping) = (steps, stopping)
        outcome = Task { [options] in
            defer { progress.finish() }
            do throws(InviteError) {
                return .success(try await client.apply(plan, options: options) { progress.yield($0) })
            } catch {
                return .failure(error)
            }
        }
    }

    deinit {
        abandon()
    }

    /// Nobody waits for further steps: the run ends immediately, unless it was stopped and ends by itself.
    private func abandon() {
        if !stopping.isStopped { outcome.cancel() }
    }

    /// Finishes the running steps, skips the rest, and makes the report.
    public func stop() { stopping.stop() }

    /// The report, once the run has ended.
    ///
    /// - Throws: as ``InviteClient/apply(_:options:onProgress:)``; `cancelled` if the loop was left before its end.
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

    /// The loop that iterates a run, shared by the copies of its iterator.
    fileprivate final class Loop: Sendable {
        let run: Run

        init(of run: Run) { self.run = run }

        // At its end, or before. At its end this has no effect.
        deinit { run.abandon() }
    }

    /// Returns each step when it has ended, and throws what the run throws. Once the iterator and its copies are gone,
    /// the run ends.
    public struct Iterator: AsyncIteratorProtocol {
        private let loop: Loop
        private var steps: AsyncStream<Progress>.Iterator

        fileprivate init(run: Run, steps: AsyncStream<Progress>.Iterator) {
            (loop, self.steps) = (Loop(of: run), steps)
        }

        public mutating func next() async throws(InviteError) -> Progress? {
            if let step = await steps.next() { return step }
            _ = try await loop.run.report
            return nil
        }
    }

    /// A step of a run has ended.
    public struct Progress: Hashable, Sendable {
        /// Which step of the plan, from 0.
        public let index: Int
        /// How many steps have ended.
        public let done: Int
        /// The total number.
        public let total: Int
        /// How long the rest takes under the rate limits.
        public let left: Duration
        /// The result. If the last reading of the list changes it, the step is reported again.
        public let line: Report.Line

        /// A step of these parts: for tests.
        public init(
            index: Int,
            done: Int,
            total: Int,
            left: Duration,
            line: Report.Line
        ) {
            self.index = index
            self.done = done
            self.total = total
            self.left = left
            self.line = line
        }
    }
}
