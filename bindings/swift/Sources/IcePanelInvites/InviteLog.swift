/// The library's log, for the log of your app:
///
/// ```swift
/// try InviteLog.start(from: .warn) { print("\($0.message)") }
/// ```
///
/// It has what the clients of this library write, and nothing of the HTTP library below. The API key is in no entry, and
/// no e-mail address is in one above the level `debug`.
public enum InviteLog {
    /// Hands the entries of all clients, from this level upwards, over to `sink`, one after another, on a thread of its
    /// own. It takes the place of the sink before. No call waits for it: if 1,024 entries wait, further ones are dropped,
    /// and the next entry says how many.
    ///
    /// - Throws: `connection` if the system gives no thread for it.
    public static func start(
        from level: LogLevel,
        _ sink: @escaping @Sendable (LogEntry) -> Void
    ) throws(InviteError) {
        try translatingErrors { try startLog(level: level, listener: Entries(sink)) }
    }

    /// Ends the log. What was written before is still handed over.
    public static func stop() { stopLog() }
}

private final class Entries: LogListener {
    private let sink: @Sendable (LogEntry) -> Void

    init(_ sink: @escaping @Sendable (LogEntry) -> Void) {
        self.sink = sink
    }

    func onEntry(entry: LogEntry) throws {
        sink(entry)
    }
}
