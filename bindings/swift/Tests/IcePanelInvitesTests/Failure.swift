import IcePanelInvites
import Testing

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
