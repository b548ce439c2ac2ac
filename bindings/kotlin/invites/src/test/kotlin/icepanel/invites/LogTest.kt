package icepanel.invites

import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.TimeSource

/** The library's log in the app's. */
internal class LogTest {
    private val entries = ConcurrentLinkedQueue<LogEntry>()
    private val threads = ConcurrentLinkedQueue<String>()

    private fun note(entry: LogEntry) {
        threads += Thread.currentThread().run { "$name, ${if (isDaemon) "daemon" else "user"}" }
        entries += entry
        if (threads.size == 1) error("a sink that throws misses no entry")
    }

    private suspend fun until(condition: () -> Boolean) {
        val began = TimeSource.Monotonic.markNow()
        while (!condition()) {
            check(began.elapsedNow() < LESS_THAN_A_READ) { entries }
            delay(1)
        }
    }

    @Test
    fun `a sink gets what the clients write, at its level, on a thread of its own`() = runBlocking {
        Sandbox("""{"faults": [{"fault": "act_then_status", "on": "create", "status": 503}]}""").use { sandbox ->
            clientOf(sandbox).use { client ->
                InviteLog.start(LogLevel.WARN, ::note)
                client.create(guest)
                until { entries.any { "reading the list" in it.message } }
                assertTrue(entries.all { it.level <= LogLevel.WARN && "@" !in it.message }, "$entries")
                assertTrue(entries.any { "operation=create_invite attempt=1 status=503" in it.message }, "$entries")

                InviteLog.start(LogLevel.DEBUG, ::note)
                client.members()
                until { entries.any { it.level == LogLevel.DEBUG && "operation=list_members" in it.message } }
                assertEquals(setOf("icepanel-invites-log, daemon"), threads.toSet())

                InviteLog.stop()
                val before = entries.count { "read_organization" in it.message }
                client.seats()
                assertEquals(before, entries.count { "read_organization" in it.message })
            }
        }
    }
}
