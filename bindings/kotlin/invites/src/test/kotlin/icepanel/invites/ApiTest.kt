package icepanel.invites

import org.jetbrains.kotlin.abi.tools.AbiToolsFactory
import org.jetbrains.kotlin.abi.tools.api.AbiFilters
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.extension
import kotlin.io.path.readText
import kotlin.io.path.walk
import kotlin.io.path.writeText

/** The public API is the one that was reviewed: `api.txt`. With `UPDATE_API=1` the test writes the file. */
internal class ApiTest {
    @Test
    fun `the public API is as reviewed`() {
        val classes = Path.of("target/classes/icepanel").walk().filter { it.extension == "class" }.map { it.toFile() }
        val dump = buildString { AbiToolsFactory().get().v2.printJvmDump(this, classes.toList(), AbiFilters.EMPTY) }
        val reviewed = Path.of("api.txt")
        if (System.getenv("UPDATE_API") == "1") reviewed.writeText(dump)
        assertEquals(if (reviewed.exists()) reviewed.readText() else "", dump, "UPDATE_API=1 writes api.txt; review what changed")
    }
}
