package icepanel.invites

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Cancelling a call stops its request. */
internal class CancelTest {
    private val hangs = """{"faults": [{"fault": "hang", "times": null}]}"""

    @Test
    fun `a cancelled coroutine drops its connection`() = withSandbox(hangs) { sandbox, client ->
        runBlocking(Dispatchers.Default) {
            val call = async { client.list() }
            sandbox.underWay("list")
            call.cancel()
            val gone = sandbox.until("abandoned", 1)
            assertTrue(gone < LESS_THAN_A_READ, "$gone")
            println("the connection of a cancelled call was gone after $gone")
        }
    }

    @Test
    fun `a create that is cancelled during the request says that an invite may exist`() = withSandbox(
        """{"faults": [{"fault": "act_then_hang", "on": "create"}]}""",
    ) { sandbox, client ->
        runBlocking(Dispatchers.Default) {
            var thrown: Throwable? = null
            val call = async(start = CoroutineStart.UNDISPATCHED) {
                try {
                    client.create(guest)
                } catch (cancellation: CancellationException) {
                    thrown = cancellation
                    throw cancellation
                }
            }
            sandbox.until("invitesMadeTotal", 1)
            sandbox.underWay("create")
            call.cancelAndJoin()
            val details = (thrown as CancellationException).invite
            assertEquals("cancelled", details?.kind)
            assertTrue(details?.inviteMayExist == true)
            assertTrue("An invite may exist" in thrown?.message.orEmpty(), thrown?.message)
            sandbox.until("abandoned", 1)
        }
        Unit
    }

    @Test
    fun `a read that is cancelled leaves nothing behind`() = withSandbox(hangs) { sandbox, client ->
        runBlocking(Dispatchers.Default) {
            var thrown: CancellationException? = null
            val call = async {
                try {
                    client.seats()
                } catch (cancellation: CancellationException) {
                    thrown = cancellation
                    throw cancellation
                }
            }
            sandbox.until("inFlight", 2)
            call.cancelAndJoin()
            assertEquals(false, thrown?.invite?.inviteMayExist)
        }
    }

    /** On a machine that is busy a call may not have sent its request by the end of the first. */
    private val timeOuts = listOf(500.milliseconds, 5.seconds, 20.seconds)

    @Test
    fun `a time-out of kotlinx stops a call and is still one`() = withSandbox(hangs) { sandbox, client ->
        runBlocking {
            for (time in timeOuts) {
                assertNull(withTimeoutOrNull(time) { client.findActive("ada@example.com") })
                sandbox.until("inFlight", 0)
                if (sandbox.reported()["requests"]["list"].intValue() > 0) break
            }
            assertTrue(sandbox.reported()["abandoned"].intValue() > 0, sandbox.report())
        }
    }

    @Test
    fun `a create that a time-out of kotlinx stops says that an invite may exist`() = withSandbox(
        """{"faults": [{"fault": "act_then_hang", "on": "create", "times": null}]}""",
    ) { sandbox, client ->
        for ((n, time) in timeOuts.withIndex()) {
            // Somebody else each time: a create that is given up may come late, and the next for that person finds it.
            val person = guest.copy(email = "p$n@example.com")
            val thrown = assertThrows(TimeoutCancellationException::class.java) {
                runBlocking(Dispatchers.Default) {
                    withTimeout(time) {
                        client.create(person)
                    }
                }
            }
            if (!sandbox.reported()["invitesMade"].has(person.email)) continue
            assertEquals(true, thrown.invite?.inviteMayExist)
            return@withSandbox
        }
        fail<Unit>("no create has come: ${sandbox.report()}")
    }

    @Test
    fun `many calls can be cancelled at every stage and the client goes on`() = withSandbox { sandbox, client ->
        runBlocking(Dispatchers.Default) {
            (0 until 200).map { n ->
                async { withTimeoutOrNull((n * 50).toLong().milliseconds / 1000) { client.list() } }
            }.awaitAll()
            assertTrue(client.list().isEmpty())
            assertEquals(0, sandbox.reported()["invitesMadeTotal"].intValue())
        }
    }

    @Test
    fun `a call is not begun in a coroutine that is cancelled already`() = withSandbox { sandbox, client ->
        runBlocking {
            val call = async(start = CoroutineStart.LAZY) { client.create(guest) }
            call.cancel()
            assertThrows(CancellationException::class.java) { runBlocking { call.await() } }
            assertEquals(0, sandbox.reported()["requests"]["create"].intValue())
        }
    }
}
