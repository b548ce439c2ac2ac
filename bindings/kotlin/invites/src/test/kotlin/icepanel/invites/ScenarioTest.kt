package icepanel.invites

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicNode
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.fail
import java.io.File

/** Runs every file of `tests/scenarios`. The README there says what is in them. */
internal class ScenarioTest {
    private fun files(): List<File> =
        scenarios.walkTopDown().filter { it.extension == "json" && it.parentFile != scenarios }.sorted().toList()

    @TestFactory
    fun scenarios(): List<DynamicNode> = files().map { file ->
        dynamicTest("${file.parentFile.name}/${file.nameWithoutExtension}") { judged(file.path)?.let { fail(it) } }
    }

    private val file = File(scenarios, "patterns.json")
    private val controls = json.readTree(file)

    @Test
    fun `no file is left out`() {
        assertEquals(controls["scenarios"].intValue(), files().size)
    }

    /** Tests that cannot fail show nothing. */
    @TestFactory
    fun `an unexpected result fails`(): List<DynamicNode> = controls["failing"].mapIndexed { number, control ->
        dynamicTest(control["name"].textValue()) {
            val why = judged(file.path, "--failing", "$number")
            assertTrue("\nexpected " in why.orEmpty(), "$why")
        }
    }
}
