package icepanel.invites

import icepanel.invites.testing.ffi.InternalException
import icepanel.invites.testing.ffi.panicAtOnce
import icepanel.invites.testing.ffi.panicInACall
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** A panic in Rust is an exception, not the end of the process. */
internal class PanicTest {
    @Test
    fun `on the caller's thread`() {
        val thrown = assertThrows<InternalException> { panicAtOnce() }
        assertTrue("a panic on request" in thrown.message.orEmpty(), thrown.message)
    }

    @Test
    fun `in a call, and calls go on`() {
        repeat(3) {
            val thrown = assertThrows<InternalException> { runBlocking { panicInACall() } }
            assertTrue("a panic on request, in a call" in thrown.message.orEmpty(), thrown.message)
        }
        withSandbox { _, client -> assertEquals(10, runBlocking { client.seats() }.paid) }
    }

    @Test
    fun `in a client's call is a bug and says so`() {
        val panic = icepanel.invites.InternalException("a panic")
        val thrown = assertThrows<IllegalStateException> { crossing { throw panic } }
        assertEquals("a bug in icepanel-invites: a panic", thrown.message)
        assertEquals(panic, thrown.cause)
    }
}
