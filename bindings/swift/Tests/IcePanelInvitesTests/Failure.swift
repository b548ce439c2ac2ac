import IcePanelInvites
import Testing

/// Waits until this is true, for a minute at most. Each look evaluates it once.
func until(
    _ location: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let began = ContinuousClock.now
    while try await !condition() {
        try #require(ContinuousClock.now - began < .seconds(60), "not within a minute", sourceLocation: location)
        try await Task.sleep(for: .milliseconds(1))
    }
}

/// The error of a call that must fail; a call that does not is an issue of the test.
func failure<T: Sendable>(
    _ location: SourceLocation = #_sourceLocation,
    of call: () async throws -> T
) async -> InviteError? {
    do {
        let result = try await call()
        Issue.record("it did not fail, but returned \(result)", sourceLocation: location)
    } catch let error as InviteError {
        return error
    } catch {
        Issue.record("it failed with \(error)", sourceLocation: location)
    }
    return nil
}
