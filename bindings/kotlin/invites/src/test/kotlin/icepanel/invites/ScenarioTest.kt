package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import org.junit.jupiter.api.Assertions.assertEquals
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

    @Test
    fun `no file is left out`() {
        assertTrue(files().size >= 320, "${files().size} files")
    }

    /** A runner that cannot fail shows nothing. */
    @Test
    fun `what is not as told fails`() {
        val told = """{"sandbox": {}, "steps": [{"call": "seats", "expect": {"result": {"paid": 11}}}]}"""
        val failure = assertThrows<AssertionError> { Scenario(json.readTree(told)).use(Scenario::run) }
        assertTrue("at .paid: expected 11, found 10" in failure.message.orEmpty(), failure.message)
    }

    @Test
    fun `patterns match what they say and nothing else`() {
        fun tree(text: String): JsonNode = json.readTree(text)
        fun matches(pattern: String, value: String) = runCatching { Pattern.check(tree(pattern), tree(value)) }.isSuccess
        val cases = listOf(
            Triple("1", "1.0", "2"),
            Triple("""{"a": null}""", "{}", """{"a": 1}"""),
            Triple("""{"a": {"${'$'}absent": true}}""", """{"a": null}""", """{"a": false}"""),
            Triple("""{"a": {"${'$'}any": true}}""", """{"a": 0}""", "{}"),
            Triple("""{"${'$'}not": "x"}""", "\"y\"", "\"x\""),
            Triple("""{"${'$'}contains": "SEAT"}""", "\"a seat\"", "null"),
            Triple("""{"${'$'}notContains": "key"}""", "\"\"", "null"),
            Triple("""{"${'$'}min": 1, "${'$'}max": 2}""", "1.5", "3"),
            Triple("""{"${'$'}length": 2}""", "[1, 2]", "[1]"),
            Triple("""{"${'$'}some": 2}""", "[1, 2]", "[]"),
            Triple("""{"${'$'}unordered": [{"${'$'}any": true}, 1]}""", "[1, 2]", "[2, 3]"),
            Triple("[1, 2]", "[1, 2]", "[2, 1]"),
            Triple(
                """{"${'$'}time": "2026-01-01T00:00:00Z", "toleranceMs": 1}""",
                "\"2026-01-01T01:00:00.001+01:00\"",
                "\"2026-01-01T00:00:00.002Z\"",
            ),
        )
        for ((pattern, good, bad) in cases) {
            assertEquals(listOf(true, false), listOf(matches(pattern, good), matches(pattern, bad)), pattern)
        }
    }
}
