package icepanel.invites

import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTimeoutPreemptively
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.time.Duration.Companion.milliseconds

/** Code of the user that blocks, wherever it runs, holds up nobody else: all calls and time-outs go on. */
internal class BlockingTest {
    /** More than the library has threads, and more than there are cores. */
    private val many = 4 + 2 * Runtime.getRuntime().availableProcessors()

    /** Calls of another client, one that ends and one whose time-out must pass. */
    private fun othersGoOn() = Sandbox().use { sandbox ->
        clientOf(sandbox) { retry = RetryPolicy(1) }.use { other ->
            assertEquals(10, runBlocking { other.seats() }.paid)
            sandbox.addFaults("""[{"fault": "hang", "on": "list"}]""")
            assertThrows<InviteException.Timeout> { runBlocking { other.withTimeout(200.milliseconds).list() } }
        }
    }

    private fun <T> endsInTime(test: () -> T): T = assertTimeoutPreemptively(Duration.ofSeconds(60), test)

    /** Many at once. A call that ends very soon does not leave its thread, so each has its own. */
    private fun eachOnItsThread(run: () -> Unit) = List(many) { thread(isDaemon = true) { run() } }

    /** As `suspend fun main` does it: a coroutine of the language alone, without a dispatcher. */
    private fun <T> withoutDispatcher(block: suspend () -> T): CompletableFuture<T> {
        val ended = CompletableFuture<T>()
        block.startCoroutine(
            Continuation(EmptyCoroutineContext) { result ->
                result.fold(ended::complete, ended::completeExceptionally)
            },
        )
        return ended
    }

    @Test
    fun `a blocking line after a call without a dispatcher holds up no other call`() = withSandbox { _, client ->
        val (entered, release) = CountDownLatch(many) to CountDownLatch(1)
        val blocked = eachOnItsThread {
            withoutDispatcher {
                client.seats()
                entered.countDown()
                release.await()
            }.join()
        }
        endsInTime {
            entered.await()
            othersGoOn()
            release.countDown()
            blocked.forEach(Thread::join)
        }
    }

    @Test
    fun `a blocking line after a call in an unconfined coroutine may wait for another call`() = withSandbox { _, client ->
        val (entered, ended) = CountDownLatch(many) to ConcurrentLinkedQueue<Long>()
        val blocked = eachOnItsThread {
            runBlocking(Dispatchers.Unconfined) {
                client.findActive(guest.email)
                entered.countDown()
                // All of them block at once.
                entered.await()
                ended += client.futures().seats().join().paid
            }
        }
        endsInTime { blocked.forEach(Thread::join) }
        assertEquals(List(many) { 10L }, ended.toList())
    }

    @Test
    fun `the code after a call runs on none of the library's threads`() = withSandbox { _, client ->
        val threads = ConcurrentLinkedQueue<String>()
        val direct = Executor { it.run() }
        client.futures(direct).seats().thenRun { threads += Thread.currentThread().name }.join()
        withoutDispatcher {
            client.seats()
            threads += Thread.currentThread().name
        }.join()
        listOf(Dispatchers.Default, Dispatchers.IO).forEach {
            runBlocking(it) {
                client.seats()
                threads += Thread.currentThread().name
            }
        }
        assertEquals(4, threads.size)
        assertFalse(threads.any { it.startsWith("icepanel-invites") }, "$threads")
    }

    @Test
    fun `a function for events that waits for another client's call holds up no other call`() = Sandbox().use { sandbox ->
        val (entered, release) = CountDownLatch(1) to CountDownLatch(1)
        val seen = ConcurrentLinkedQueue<String>()
        val waits: ClientOptions.() -> Unit = {
            onEvent = {
                seen += Thread.currentThread().name
                entered.countDown()
                release.await()
            }
        }
        clientOf(sandbox, waits).use { client ->
            val call = client.futures().list()
            endsInTime {
                entered.await()
                othersGoOn()
                assertFalse(call.isDone, "its event has not been delivered")
                release.countDown()
                assertEquals(emptyList<Invite>(), call.join())
            }
        }
        assertTrue(seen.all { it == "icepanel-invites-events" }, "$seen")
    }

    @Test
    fun `a function for progress that waits for another call holds up no other call`() = Sandbox().use { sandbox ->
        sandbox.client().use { client ->
            val plan = runBlocking { client.plan(Roster(guest)) }
            val waited = AtomicBoolean()
            val report = endsInTime {
                client.futures().apply(plan, ApplyOptions()) {
                    othersGoOn()
                    // A call of the very client that the run belongs to, too.
                    assertEquals(1, client.futures().list().join().size)
                    waited.set(true)
                }.join()
            }
            assertTrue(report.isComplete && waited.get())
            assertEquals(1, sandbox.reported()["invitesMadeTotal"].intValue())
        }
    }

    @Test
    fun `the thread for events ends with its client`() {
        fun threads() = Thread.getAllStackTraces().keys.count { it.name == "icepanel-invites-events" && it.isAlive }
        val before = threads()
        Sandbox().use { sandbox ->
            repeat(50) { clientOf(sandbox) { onEvent = {} }.use { runBlocking { it.list() } } }
        }
        endsInTime { while (threads() > before) Thread.sleep(1) }
    }
}
