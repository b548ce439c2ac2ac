package icepanel.invites.sample

import icepanel.invites.InviteClient
import icepanel.invites.Permission
import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream

internal class OnboardTest {
    private val people = listOf("ada@example.com", "grace@example.com", "no address")

    @Test
    fun `everybody has a line and nobody is invited twice`() {
        Sandbox("""{"seats": 3, "members": [{"email": "ada@example.com", "permission": "admin"}]}""").use { sandbox ->
            val client = InviteClient(Sandbox.API_KEY, Sandbox.ORGANIZATION_ID) { baseUrl = sandbox.baseUrl }
            client.use {
                val (code, lines) = run(it)
                assertEquals(1, code)
                assertEquals("ada@example.com: already a member, with admin", lines[0])
                assertTrue(lines[1].startsWith("grace@example.com: invited until "), lines[1])
                assertTrue(lines[2].endsWith("Nothing was sent. Correct the value and call again."), lines[2])
                assertEquals("seats: 2 of 3 free", lines[3])
                assertTrue("invited already" in run(it).second[1])
            }
            assertTrue("\"invitesMadeTotal\":1" in sandbox.report())
        }
    }

    /** The program itself, in a process of its own, as the README shows it. */
    @Test
    fun `the program runs`() {
        Sandbox().use { sandbox ->
            val java = File(System.getProperty("java.home"), "bin/java").path
            val classes = System.getProperty("java.class.path")
            val program = ProcessBuilder(java, "-cp", classes, "icepanel.invites.sample.OnboardKt", "read", "ada@example.com")
            program.environment() += mapOf(
                "ICEPANEL_API_KEY" to Sandbox.API_KEY,
                "ICEPANEL_ORGANIZATION_ID" to Sandbox.ORGANIZATION_ID,
                "ICEPANEL_BASE_URL" to sandbox.baseUrl,
            )
            val process = program.redirectErrorStream(true).start()
            val text = process.inputStream.bufferedReader().readText()
            assertEquals(0, process.waitFor(), text)
            assertTrue("ada@example.com: invited until " in text, text)
        }
    }

    private fun run(client: InviteClient): Pair<Int, List<String>> {
        val out = ByteArrayOutputStream()
        val code = runBlocking { onboard(client, Permission.Read, people, PrintStream(out, true)) }
        return code to out.toString().trim().lines()
    }
}
