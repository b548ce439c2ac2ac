package icepanel.invites

import java.util.logging.Level
import java.util.logging.Logger

/** Receives the entries of the library's log: see [InviteLog]. */
public fun interface LogSink {
    /** An entry was written. Exceptions are logged, and do not affect calls. */
    public fun log(entry: LogEntry)
}

/**
 * The library's log, for the log of your app:
 *
 * ```kotlin
 * InviteLog.start(LogLevel.WARN) { entry -> logger.warn(entry.message) }
 * ```
 *
 * It has the entries of this library's clients, and none of the HTTP library below. No entry contains the API key, and
 * no entry above [LogLevel.DEBUG] contains an e-mail address.
 */
public object InviteLog {
    init {
        // It sets up the threads of callbacks, which must be done before the library is loaded.
        Class.forName(InviteClient::class.java.name)
    }

    /**
     * Passes the entries of all clients, from this level upwards, to [sink], one after another, on its own thread. It
     * replaces the previous sink. No call waits for it: if 1,024 entries wait, further ones are dropped, and the next
     * entry says how many.
     */
    @JvmStatic
    public fun start(level: LogLevel, sink: LogSink) {
        crossing { startLog(level, Entries(sink)) }
    }

    /** Ends the log. Entries written before are still delivered. */
    @JvmStatic
    public fun stop(): Unit = stopLog()
}

private class Entries(private val sink: LogSink) : LogListener {
    override fun onEntry(entry: LogEntry) {
        try {
            sink.log(entry)
        } catch (thrown: Throwable) {
            Logger.getLogger("icepanel.invites").log(Level.WARNING, "a log sink threw", thrown)
        }
    }
}
