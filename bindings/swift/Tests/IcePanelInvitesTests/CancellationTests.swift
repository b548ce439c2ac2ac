import IcePanelInvites
import IcePanelInvitesTesting
import Testing

/// Cancelling a task reaches the request.
@Suite(.serialized) struct CancellationTests {
    static let guest = NewInvite(email: "ada@example.com", permission: .read, expires: .days(7))

    /// Waits until the sandbox has this number of running requests of this operation. Others may
    /// come before: a create may read the organization first.
    private func waitFor(_ operation: String, _ count: Int = 1, at sandbox: Sandbox) async throws {
        try await until {
            let report = try sandbox.report()
            return report.requests[operation] == count && report.inFlight == count
        }
    }

    /// How long the sandbox takes to see the connection go, from now on.
    private func timeUntilAbandoned(_ sandbox: Sandbox) async throws -> Duration {
        let clock = ContinuousClock()
        let began = clock.now
        while try sandbox.report().abandoned == 0 {
            // Less than the 30 seconds after which the client itself gives up waiting for an answer.
            try #require(clock.now - began < .seconds(20), "the request goes on")
            try await Task.sleep(for: .milliseconds(1))
        }
        return clock.now - began
    }

    /// The connection must be gone within 100 ms in one of up to 20 trials: a machine that is busy with
    /// other things is late now and then, and a request that goes on is late each time.
    private func within100Milliseconds(_ trial: () async throws -> Duration) async throws {
        var took: [Duration] = []
        while took.count < 20 {
            took.append(try await trial())
            if took[took.count - 1] < .milliseconds(100) { return }
        }
        Issue.record("the connection was gone after \(took)")
    }

    @Test func aCancelledListIsGivenUpWithin100Milliseconds() async throws {
        try await within100Milliseconds {
            let sandbox = try Sandbox(["faults": [["fault": "hang", "on": "list"]]])
            let client = try sandbox.client()
            let task = Task { try await client.list() }
            try await waitFor("list", at: sandbox)
            task.cancel()
            let took = try await timeUntilAbandoned(sandbox)
            let error = await failure { try await task.value }
            #expect(error?.kind == .cancelled)
            #expect(error?.inviteMayExist == false)
            return took
        }
    }

    @Test func aCancelledCreateSaysThatAnInviteMayExist() async throws {
        try await within100Milliseconds {
            let sandbox = try Sandbox(["faults": [["fault": "act_then_hang", "on": "create"]]])
            let client = try sandbox.client()
            let task = Task { try await client.create(Self.guest) }
            try await waitFor("create", at: sandbox)
            task.cancel()
            let took = try await timeUntilAbandoned(sandbox)
            let error = await failure { try await task.value }
            #expect(error?.kind == .cancelled)
            #expect(error?.inviteMayExist == true)
            #expect(error?.retryable == false)
            #expect(error?.localizedDescription.contains("An invite may exist") == true)
            // And it does.
            #expect(try sandbox.report().invitesMade == ["ada@example.com": 1])
            #expect(try await client.ensure(Self.guest).outcome == "existing")
            #expect(try sandbox.report().addressesInvitedTwice == [])
            return took
        }
    }

    @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
        let sandbox = try Sandbox()
        let client = try sandbox.client()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await client.create(Self.guest)
        }
        task.cancel()
        let error = await failure { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(error?.inviteMayExist == false)
        #expect(try sandbox.report().requests["create"] == 0)
    }

    @Test func aWaitBetweenTriesIsCancelledToo() async throws {
        let sandbox = try Sandbox([
            "faults": [["fault": "status", "status": 429, "on": "list", "headers": ["retry-after": "60"]]]
        ])
        let client = try sandbox.client(InviteClient.Options(skipWaits: false))
        let clock = ContinuousClock()
        let began = clock.now
        let task = Task { try await client.list() }
        try await until { try sandbox.report().requests["list"] == 1 }
        task.cancel()
        let error = await failure { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(clock.now - began < .seconds(30))
    }

    @Test(.timeLimit(.minutes(1))) func aGroupThatFailsStopsItsOtherCalls() async throws {
        let sandbox = try Sandbox(["faults": [["fault": "hang", "on": "list", "times": nil]]])
        let client = try sandbox.client()
        await #expect(throws: InviteError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { _ = try await client.list() }
                }
                try await waitFor("list", 8, at: sandbox)
                group.addTask { try await client.revoke(id: "") }
                // Unlike waitForAll, this ends with the first that fails.
                while try await group.next() != nil {}
            }
        }
        try await until { try sandbox.report().abandoned == 8 }
    }

    @Test func aClientMayGoWhileItsCallIsUnderWay() async throws {
        let sandbox = try Sandbox(["faults": [["fault": "slow_headers", "delayMs": 200, "times": nil]]])
        // Nobody holds the client but its calls, which end as they would have.
        let answered = Task { try await sandbox.client().list() }
        #expect(try await answered.value.isEmpty)
        // And with the task cancelled, the client and the call go at once, many times over.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for n in 0..<100 {
                group.addTask {
                    let task = Task { try await sandbox.client().list() }
                    try await Task.sleep(for: .milliseconds(n % 10))
                    task.cancel()
                    _ = await task.result
                }
            }
            try await group.waitForAll()
        }
    }

    static let guests = (0..<30).map {
        NewInvite(email: "p\($0)@example.com", permission: .read, expires: .days(7))
    }

    @Test(arguments: [true, false])
    func aRunEndsWithTheTaskThatWaitsForIt(_ iterates: Bool) async throws {
        try await within100Milliseconds {
            let sandbox = try Sandbox(["faults": [["fault": "hang", "on": "create", "times": nil]]])
            let client = try sandbox.client()
            let plan = try await client.plan(Roster(Self.guests))
            let task = Task {
                let run = client.run(plan)
                if iterates { for try await _ in run {} }
                return try await run.report
            }
            try await until { try sandbox.report().requests["create"] != 0 }
            task.cancel()
            let took = try await timeUntilAbandoned(sandbox)
            let error = await failure { try await task.value }
            #expect(error?.kind == .cancelled && error?.inviteMayExist == true)
            return took
        }
    }

    /// As in the README, where the run is held beyond its loop.
    @Test func aRunThatIsStillHeldEndsWhenItsLoopIsLeft() async throws {
        let hang: JSON = ["fault": "hang", "on": "create", "times": nil, "skip": 1]
        let sandbox = try Sandbox(["faults": [hang]])
        let client = try sandbox.client()
        let plan = try await client.plan(Roster(Self.guests))
        let run = client.run(plan)
        for try await progress in run where progress.line.outcome == .done {
            try await until { try sandbox.report().inFlight > 0 }
            break
        }
        // Were it not left, this would wait for a create that is never answered.
        let error = await failure { try await run.report }
        #expect(error?.kind == .cancelled && error?.inviteMayExist == true)
        _ = try await timeUntilAbandoned(sandbox)
        try await until { try sandbox.report().inFlight == 0 }
        #expect(try sandbox.report().invitesMade.count == 1)
        #expect(await failure { try await run.report }?.kind == .cancelled)
    }

    @Test func aRunThatWasStoppedReportsThoughItsLoopIsLeft() async throws {
        let slow: JSON = ["fault": "slow_headers", "delayMs": 1000, "on": "create", "times": nil, "skip": 1]
        let sandbox = try Sandbox(["faults": [slow]])
        let client = try sandbox.client()
        let run = client.run(try await client.plan(Roster(Self.guests)))
        for try await _ in run {
            try await until { try sandbox.report().inFlight > 0 }
            run.stop()
            break
        }
        let report = try await run.report
        let seen = try sandbox.report()
        #expect(report.stopped && report.count(.done) == seen.invitesMade.count && seen.abandoned == 0)
    }

    @Test func aRunEndsWhenItsLoopIsLeft() async throws {
        let hang: JSON = ["fault": "hang", "on": "create", "times": nil, "skip": 1]
        let sandbox = try Sandbox(["faults": [hang]])
        let client = try sandbox.client()
        let plan = try await client.plan(Roster(Self.guests))
        for try await progress in client.run(plan) where progress.line.outcome == .done {
            // Left only with another create under way, or there may be no request to give up.
            try await until { try sandbox.report().inFlight > 0 }
            break
        }
        _ = try await timeUntilAbandoned(sandbox)
        try await until { try sandbox.report().inFlight == 0 }
        try sandbox.setState([:])
        #expect(try await client.apply(plan).isComplete)
    }
}
