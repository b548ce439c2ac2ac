package icepanel.invites

import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS
import java.nio.file.Path
import java.time.Instant
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.io.path.readLines
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.seconds

internal class ClientTest {
    @Test
    fun `a person is invited once`() = withSandbox { _, client ->
        runBlocking {
            val made = client.ensure(guest) as Ensured.Created
            assertEquals(InviteStatus.Active, made.invite.status)
            assertTrue(made.invite.expiresAt > Instant.now())
            assertEquals(made.invite.id, client.ensure(guest).invite?.id)
            assertEquals(InviteStatus.Revoked, client.revoke(made.invite.id).status)
            assertNull(client.findActive(guest.email))
        }
    }

    @Test
    fun `a program that takes the interface is tested with a fake`() = withSandbox { _, client ->
        val full = object : InviteOperations by client {
            override suspend fun seats() = Seats(paid = 1, taken = 1, promised = 0, free = 0)

            override suspend fun ensure(invite: NewInvite): Ensured =
                throw InviteException.SeatsExhausted(InviteException.Details("all seats are taken"))
        }
        suspend fun onboard(operations: InviteOperations) = operations.ensure(guest)
        assertThrows<InviteException.SeatsExhausted> { runBlocking { onboard(full) } }
        assertTrue(runBlocking { onboard(client) } is Ensured.Created)
    }

    @Test
    fun `values that did not exist are kept`() = withSandbox(
        """{"invites": [{"email": "ada@example.com", "permission": "observer", "createdBy": "robot"}]}""",
    ) { _, client ->
        val invite = runBlocking { client.list() }.single()
        assertEquals(Permission.of("observer"), invite.permission)
        assertEquals("robot", invite.createdBy.text)
        assertFalse(invite.permission.isPaid)
        assertEquals(Permission.Write, Permission.of("WRITE"))
    }

    @Test
    fun `each attempt is an event`() {
        val seen = ConcurrentLinkedQueue<Event>()
        Sandbox("""{"faults": [{"fault": "status", "on": "list"}]}""").use { sandbox ->
            clientOf(sandbox) {
                skipWaits = true
                onEvent = { seen += it }
            }.use { runBlocking { it.list() } }
        }
        assertEquals(listOf("retry", "done"), seen.map { it.next })
        assertEquals(listOf("server", null), seen.map { it.error })
        assertEquals(listOf(503, 200), seen.map { it.status })
        assertTrue(seen.first().wait!! >= Duration.ZERO)
    }

    @Test
    fun `a function for events that throws harms no call`() = Sandbox().use { sandbox ->
        clientOf(sandbox) { onEvent = { error("on purpose") } }.use { client ->
            assertEquals(emptyList<Invite>(), runBlocking { client.list() })
        }
    }

    @Test
    fun `invalid values are rejected before anything is sent`() = withSandbox { sandbox, client ->
        fun refused(run: suspend () -> Unit) = assertThrows<InviteException.InvalidInput> { runBlocking { run() } }
        refused { InviteClient("no key", "acme") }
        refused { clientOf(sandbox) { timeout = (-1).seconds } }
        refused { clientOf(sandbox) { timeout = Duration.ZERO } }
        refused { clientOf(sandbox) { timeout = (-1).microseconds } }
        refused { clientOf(sandbox) { connectTimeout = (-1).seconds } }
        refused { clientOf(sandbox) { readTimeout = -Duration.INFINITE } }
        refused { clientOf(sandbox) { maxBodyBytes = -1 } }
        refused { clientOf(sandbox) { retry = RetryPolicy(baseDelay = (-1).seconds) } }
        refused { clientOf(sandbox) { retry = RetryPolicy(maxDelay = (-1).seconds) } }
        refused { clientOf(sandbox) { pacing = Pacing(reads = RateLimit(-1, 60.seconds)) } }
        refused { clientOf(sandbox) { pacing = Pacing(writes = RateLimit(60, (-1).seconds)) } }
        refused { clientOf(sandbox) { clientCertificatePem = "no certificate" } }
        refused { client.withTimeout((-1).seconds) }
        refused { client.withTimeout(Duration.ZERO) }
        refused { client.withRetry(RetryPolicy(0)) }
        refused { client.withRetry(RetryPolicy(-1)) }
        refused { client.create(NewInvite("ada\ud800@example.com", Permission.Read, 7.days)) }
        refused { client.create(NewInvite("ada@example.com", Permission.Read, Instant.MAX)) }
        refused { client.create(NewInvite("ada@example.com", Permission.Read, Instant.MIN)) }
        refused { client.create(NewInvite("ada@example.com", Permission.Read, Duration.INFINITE)) }
        refused { client.create(NewInvite("ada@example.com", Permission.Read, -Duration.INFINITE)) }
        refused { client.findActive("") }
        assertEquals(0, sandbox.reported()["requests"]["create"].intValue())
    }

    @Test
    fun `a client keeps to the pace it is given`() {
        assertEquals(Pacing(RateLimit(2400, 60.seconds), RateLimit(60, 60.seconds)), Pacing.documented())
        assertEquals(Pacing(RateLimit.NONE, RateLimit.NONE), Pacing.NONE)
        assertEquals("Pacing(reads=RateLimit.NONE, writes=null)", Pacing(RateLimit.NONE).toString())
        Sandbox("""{"rateLimit": {"reads": 2, "windowMs": 100}}""").use { sandbox ->
            // A window so much longer that a request which is late on its way is still in the next one of the service.
            val paced = clientOf(sandbox) { pacing = Pacing(reads = RateLimit(2, 1.seconds)) }
            paced.use { runBlocking { repeat(6) { paced.list() } } }
            assertEquals(0, sandbox.reported()["rateLimited"].intValue(), sandbox.report())
        }
    }

    @Test
    fun `limits of any length are borne`() = Sandbox().use { sandbox ->
        val endless: ClientOptions.() -> Unit = {
            timeout = Duration.INFINITE
            connectTimeout = Duration.INFINITE
            readTimeout = Duration.INFINITE
            retry = RetryPolicy(Int.MAX_VALUE, Duration.INFINITE, Duration.INFINITE)
            maxBodyBytes = Long.MAX_VALUE
        }
        clientOf(sandbox, endless).use { assertTrue(runBlocking { it.list() }.isEmpty()) }
        // Less than a millisecond is not nothing, which would be refused.
        clientOf(sandbox) { timeout = 1.microseconds }.close()
    }

    @Test
    fun `numbers of the library's that are larger than any here are the largest here`() {
        assertEquals(listOf(0L, 7L, Long.MAX_VALUE), listOf(0UL, 7UL, ULong.MAX_VALUE).map { it.toLongOrMax() })
        assertEquals(listOf(7, Int.MAX_VALUE), listOf(7UL, UInt.MAX_VALUE.toULong()).map { it.toIntOrMax() })
    }

    @Test
    fun `a secret among the options is in nothing that is printed`() = withSandbox { sandbox, _ ->
        val secret = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0"
        val options = ClientOptions().clientCertificatePem(secret).baseUrl(sandbox.baseUrl)
        assertFalse("secret" in options.toString() || "c2VjcmV0" in options.toString())
        val thrown = assertThrows<InviteException.InvalidInput> { InviteClient(Sandbox.API_KEY, "acme", options) }
        assertFalse("c2VjcmV0" in thrown.stackTraceToString(), "$thrown")
    }

    @Test
    fun `an exception has all its parts and no key`() = withSandbox("""{"seats": 0}""") { _, client ->
        val thrown = assertThrows<InviteException.SeatsExhausted> {
            runBlocking { client.create(guest.copy(permission = Permission.Write)) }
        }
        assertEquals(409, thrown.status)
        assertEquals("seats_exhausted", thrown.kind)
        assertEquals(1, thrown.attempts)
        assertTrue(thrown.requestId != null)
        assertFalse(thrown.isRetryable || thrown.inviteMayExist)
        assertEquals("${thrown.reason}. ${thrown.advice}", thrown.message)
        assertFalse(".." in thrown.toString(), "$thrown")
        assertFalse(Sandbox.API_KEY.substringAfter(':') in thrown.stackTraceToString())
    }

    @Test
    fun `a connection that cannot be made says why`() {
        InviteClient(Sandbox.API_KEY, "acme") {
            baseUrl = "http://127.0.0.1:9/v1"
            retry = RetryPolicy(1)
        }.use {
            val thrown = assertThrows<InviteException.Connection> { runBlocking { it.list() } }
            assertTrue(thrown.isRetryable)
            assertTrue(thrown.cause != null)
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    fun `what is tested is the library of the jar and no other build of it`() = withSandbox { _, _ ->
        val loaded = Path.of("/proc/self/maps").readLines().filter { "icepanel_invites_ffi" in it }
        // Here the classes lie as they will in the jar.
        assertTrue(loaded.isNotEmpty() && loaded.all { "/classes/" in it }, "$loaded")
    }

    @Test
    fun `the sandbox refuses what it does not know`() {
        assertThrows<IllegalArgumentException> { Sandbox("""{"seat": 1}""") }
        Sandbox().use { assertThrows<IllegalArgumentException> { it.addFaults("""[{"fault": "slash"}]""") } }
    }
}
