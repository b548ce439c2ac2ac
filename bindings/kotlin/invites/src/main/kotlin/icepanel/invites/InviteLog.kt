package icepanel.invites

import java.util.logging.Level
import java.util.logging.Logger

/** Gets the entries of the library's log: see [InviteLog]. */
public fun interface LogSink {
    /** An entry was written. What this throws is logged, and disturbs no call. */
    public fun log(entry: LogEntry)
}

/**
 * The library's log, for the log of your app:
 *
 * ```kotlin
 * InviteLog.start(LogLevel.WARN) { entry -> logger.warn(entry.message) }
 * ```
 *
 * It has what the clients of this library write, and nothing of the HTTP library below. The API key is in no entry, and no
 * e-mail address is in one above [LogLevel.DEBUG].
 */
public object InviteLog {
    init {
        // It sets up the threads of callbacks, which must be done before the library is loaded.
        Class.forName(InviteClient::class.java.name)
    }

    /**
     * Hands the entries of all clients, from this level upwards, over to [sink], one after another, on a thread of its own.
     * It takes the place of the sink before. No call waits for it: if 1,024 entries wait, further ones are dropped, and the
     * next entry says how many.
     */
    @JvmStatic
    public fun start(level: LogLevel, sink: LogSink) {
        crossing { startLog(level, Entries(sink)) }
    }

    /** Ends the log. What was written before is still handed over. */
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
