/// The library's log, for the log of your app:
///
/// ```swift
/// try InviteLog.start(from: .warn) { print("\($0.message)") }
/// ```
///
/// It has the entries of this library's clients, and none of the HTTP library below. No entry contains the API key, and
/// no entry above the level `debug` contains an e-mail address.
public enum InviteLog {
    /// Passes the entries of all clients, from this level upwards, to `sink`, one after another, on its own thread. It
    /// replaces the previous sink. No call waits for it: if 1,024 entries wait, further ones are dropped, and the next
    /// entry says how many.
    ///
    /// - Throws: `connection` if the system has no thread left for it.
    public static func start(
        from level: LogLevel,
        _ sink: @escaping @Sendable (LogEntry) -> Void
    ) throws(InviteError) {
        try translatingErrors { try startLog(level: level, listener: Entries(sink)) }
    }

    /// Ends the log. Entries written before are still delivered.
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
