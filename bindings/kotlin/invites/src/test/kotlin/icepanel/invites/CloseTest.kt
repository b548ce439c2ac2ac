package icepanel.invites

import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import kotlin.time.Duration.Companion.seconds

internal class CloseTest {
    @Test
    fun `use after close is an exception`() = withSandbox { _, client ->
        client.close()
        client.close()
        val thrown = assertThrows<InviteException.Closed> { runBlocking { client.list() } }
        assertEquals("closed", thrown.kind)
        assertFalse(thrown.inviteMayExist || thrown.isRetryable)
        assertThrows<InviteException.Closed> { client.withTimeout(1.seconds) }
        assertTrue(client.isClosed)
        assertEquals(Sandbox.ORGANIZATION_ID, client.organizationId)
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
            assertTrue(thrown is InviteException.Closed, "$thrown")
            assertTrue((thrown as InviteException.Closed).inviteMayExist)
            sandbox.until("abandoned", 1)
        }
        Unit
    }

    @Test
    fun `clients that were made from one another are closed together`() {
        for (closing in 0..2) {
            withSandbox { sandbox, client ->
                val timed = client.withTimeout(5.seconds)
                val all = listOf(client, timed, timed.withRetry(RetryPolicy(1)))
                assertFalse(all.any { it.isClosed })
                all[closing].close()
                for (each in all) {
                    assertTrue(each.isClosed)
                    assertThrows<InviteException.Closed> { runBlocking { each.seats() } }
                }
                assertEquals(0, sandbox.reported()["requests"]["organization"].intValue())
                all.forEach(InviteClient::close)
            }
        }
    }
}
