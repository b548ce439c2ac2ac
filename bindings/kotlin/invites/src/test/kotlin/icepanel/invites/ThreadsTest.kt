package icepanel.invites

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

/** One client and many threads. */
internal class ThreadsTest {
    /** What each of a thousand threads has in the end; they begin before `meanwhile`. */
    private fun thousand(call: suspend (Int) -> Any?, meanwhile: () -> Unit = {}): Map<Any?, Int> {
        val ends = ConcurrentLinkedQueue<Any>()
        val threads = List(1_000) { n ->
            thread { ends += runCatching { runBlocking { call(n) } }.getOrElse { it.javaClass } ?: "null" }
        }
        meanwhile()
        threads.forEach { it.join(60_000) }
        return ends.groupingBy { it }.eachCount()
    }

    @Test
    fun `a thousand threads share a client`() = withSandbox("""{"rateLimit": null}""") { sandbox, client ->
        val ends = thousand({ n -> client.create(guest.copy(email = "p$n@example.com")).permission })
        assertEquals(mapOf<Any?, Int>(Permission.Read to 1_000), ends)
        assertEquals(1_000, sandbox.reported()["activeInvitesTotal"].intValue())
    }

    @Test
    fun `a client is closed while a thousand threads wait for it`() = withSandbox(
        """{"rateLimit": null, "faults": [{"fault": "hang", "times": null}]}""",
    ) { sandbox, _ ->
        // On a busy machine the last begins more than half a minute after the first, which must still wait by then.
        val client = clientOf(sandbox) {
            timeout = 1.hours
            readTimeout = 1.hours
        }
        val ends = thousand({ client.list() }) {
            runBlocking { sandbox.until("inFlight", 1_000, within = 5.minutes) }
            client.close()
        }
        assertEquals(mapOf<Any?, Int>(InviteException.Closed::class.java to 1_000), ends)
        runBlocking { sandbox.until("abandoned", 1_000) }
        Unit
    }
}
