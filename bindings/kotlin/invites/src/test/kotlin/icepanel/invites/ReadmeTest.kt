package icepanel.invites

import icepanel.invites.testing.Sandbox
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import java.io.File

/**
 * The examples of README.md run as they are printed, each as a program of its own against a sandbox. `cargo xtask` takes them
 * out of the page, and they are compiled with these tests.
 */
internal class ReadmeTest {
    private val blocks = Regex("^```(kotlin|java)\n(.*?)^```$", setOf(RegexOption.DOT_MATCHES_ALL, RegexOption.MULTILINE))
        .findAll(File("../README.md").readText()).map { it.groupValues[1] to it.groupValues[2] }.toList()

    /** What each prints. */
    private val printed = listOf(
        Regex("invited until 20.*Z\n"),
        Regex("Created\\(invite=.*"),
        Regex("\\w+: 200 in .*\n(.*\n)*10 seats are free\n"),
        Regex("invite  ada@example.com: (.*\n)*invite  grace@example.com: (.*\n)*2 of 2: (.*\n)*everybody is as wanted: true\n"),
        Regex(""),
    )

    @TestFactory
    fun examples(): List<DynamicTest> {
        assertEquals(printed.size, blocks.size)
        return blocks.mapIndexed { index, (language, code) ->
            dynamicTest("example ${index + 1}, in $language") { runs(index + 1, language, code) }
        }
    }

    private fun runs(number: Int, language: String, code: String) = Sandbox().use { sandbox ->
        val ending = if (language == "kotlin") "kt" else language
        assertEquals(code, File("../generated/readme/Example$number.$ending").readText(), "run `cargo xtask kotlin`")
        val main = when (language) {
            "kotlin" -> "Example${number}Kt"
            else -> Regex("class (\\w+)").find(code)!!.groupValues[1]
        }
        val text = output(main, sandbox)
        assertTrue(printed[number - 1].containsMatchIn(text), text)
        if (printed[number - 1].pattern.isEmpty()) assertEquals("", text)
    }

    private fun output(main: String, sandbox: Sandbox): String {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val program = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), main)
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
