package icepanel.invites

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicNode
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows
import java.io.File

/** Runs every file of `tests/scenarios`. The README there says what is in them. */
internal class ScenarioTest {
    private val folder = File(System.getProperty("icepanel.scenarios"))

    private fun files(): List<File> =
        folder.walkTopDown().filter { it.extension == "json" && it.parentFile != folder }.sorted().toList()

    @TestFactory
    fun scenarios(): List<DynamicNode> = files().map { file ->
        val name = "${file.parentFile.name}/${file.nameWithoutExtension}"
        dynamicTest(name) { Scenario(json.readTree(file)).use(Scenario::run) }
    }

    private val controls = json.readTree(File(folder, "patterns.json"))

    @Test
    fun `no file is left out`() {
        assertEquals(controls["scenarios"].intValue(), files().size)
    }

    /** A runner that cannot fail shows nothing. */
    @TestFactory
    fun `what is not as told fails`(): List<DynamicNode> = controls["failing"].map { control ->
        dynamicTest(control["name"].textValue()) {
            assertThrows<AssertionError> { Scenario(control["scenario"]).use(Scenario::run) }
        }
    }

    @TestFactory
    fun `patterns match what they say and nothing else`(): List<DynamicNode> = controls["patterns"].map { control ->
        dynamicTest(control["name"].textValue()) {
            val found = runCatching { Pattern.check(control["pattern"], control["actual"]) }.exceptionOrNull()
            when (val path = control["mismatch"]?.textValue()) {
                null -> assertNull(found)
                else -> assertTrue(found?.message.orEmpty().startsWith("at ${path.ifEmpty { "the top" }}: "), "$found")
            }
        }
    }
}
