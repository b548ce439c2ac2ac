/// Makes a call that ends with its task.
///
/// A cancelled task does not end the future of a call in Rust, so each call has a handle for it: the request is dropped
/// and its connection closed. In a task that was cancelled before, the handle is used before the call begins, and
/// nothing is sent.
func call<T: Sendable>(
    _ operation: String,
    _ body: @Sendable (CancelHandle) async throws -> T
) async throws(InviteError) -> T {
    let handle = CancelHandle()
    do {
        return try await withTaskCancellationHandler {
            try await body(handle)
        } onCancel: {
            handle.cancel()
        }
    } catch {
        throw InviteError(catching: error, mayExist: nativeCancelled(operation: operation).parts.inviteMayExist)
    }
}

/// Runs a function that does not wait.
func translatingErrors<T>(_ body: () throws -> T) throws(InviteError) -> T {
    do {
        return try body()
    } catch {
        throw InviteError(catching: error, mayExist: false)
    }
}

extension InviteError {
    /// The error for anything that the library threw.
    fileprivate init(catching error: any Error, mayExist: Bool) {
        switch error {
        case let error as InviteError: self = error
        case Failure.Core(let details): self.init(details)
        default: self.init(brokenOff: error.localizedDescription, inviteMayExist: mayExist)
        }
    }
}
