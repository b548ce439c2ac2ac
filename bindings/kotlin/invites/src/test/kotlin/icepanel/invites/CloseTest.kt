package icepanel.invites

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import kotlin.time.Duration.Companion.seconds

internal class CloseTest {
    @Test
    fun `use after close is an exception`() = withSandbox { _, client ->
        client.close()
        client.close()
        val thrown = assertThrows<IllegalStateException> { runBlocking { client.list() } }
        assertEquals("the client is closed", thrown.message)
        assertThrows<IllegalStateException> { client.organizationId }
        assertThrows<IllegalStateException> { client.withTimeout(1.seconds) }
        Unit
    }

    @Test
    fun `closing stops the calls that are under way`() = withSandbox(
        """{"faults": [{"fault": "hang", "on": "create"}]}""",
    ) { sandbox, client ->
        runBlocking(Dispatchers.Default) {
            val call = async { runCatching { client.create(guest) }.exceptionOrNull() }
            sandbox.underWay("create")
            client.close()
            val thrown = call.await()
            assertTrue(thrown is InviteException.Cancelled, "$thrown")
            assertTrue((thrown as InviteException.Cancelled).inviteMayExist)
            sandbox.until("abandoned", 1)
        }
        Unit
    }

    @Test
    fun `a client made from another one outlives it`() = withSandbox { _, client ->
        client.withTimeout(5.seconds).withRetry(RetryPolicy(1)).use { other ->
            client.close()
            assertEquals(10, runBlocking { other.seats() }.paid)
        }
    }
}
