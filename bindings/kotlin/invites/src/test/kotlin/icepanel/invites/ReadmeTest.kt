package icepanel.invites

import icepanel.invites.testing.Sandbox
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** The examples of README.md are compiled, word for word, and run. */
internal class ReadmeTest {
    private val sources = File("src/test").walk().filter { it.extension in setOf("kt", "java") }.map { words(it.readText()) }
        .toList()

    /** Without the imports, and without regard to indentation. */
    private fun words(code: String) = code.lines().map(String::trim)
        .filterNot { it.startsWith("import ") || it.startsWith("//") || it.isEmpty() }.joinToString("\n")

    @Test
    fun `each example is in a source that is compiled`() {
        val blocks = Regex("```(?:kotlin|java)\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(File("../README.md").readText())
            .map { words(it.groupValues[1]) }.toList()
        assertEquals(5, blocks.size)
        blocks.forEach { block -> assertTrue(sources.any { block in it }, block) }
    }

    @Test
    fun `the examples run`() = Sandbox().use { sandbox ->
        val kotlin = run("ReadmeExamplesKt", sandbox)
        assertTrue(kotlin.startsWith("invited until "), kotlin)
        assertTrue("invite  grace@example.com: " in kotlin && "2 of 2: " in kotlin, kotlin)
        assertTrue(kotlin.trim().endsWith("everybody is as wanted: true"), kotlin)
        val java = run("ReadmeExample", sandbox)
        assertTrue(java.startsWith("Existing(invite="), java)
    }

    private fun run(main: String, sandbox: Sandbox): String {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val program = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "icepanel.invites.$main")
        program.environment() += mapOf(
            "ICEPANEL_API_KEY" to Sandbox.API_KEY,
            "ICEPANEL_ORGANIZATION_ID" to Sandbox.ORGANIZATION_ID,
            "ICEPANEL_BASE_URL" to sandbox.baseUrl,
        )
        val process = program.redirectErrorStream(true).start()
        val text = process.inputStream.bufferedReader().readText()
        assertEquals(0, process.waitFor(), text)
        return text
    }
}
