package icepanel.invites

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.io.File
import java.io.PrintStream
import java.lang.ProcessBuilder.Redirect

/** `tests/scenarios`. */
internal val scenarios = File(System.getProperty("icepanel.scenarios"))

private val program: File by lazy {
    val name = if (File.separatorChar == '\\') "scenario-judge.exe" else "scenario-judge"
    System.getenv("SCENARIO_JUDGE")?.let(::File) ?: File(scenarios, "../../target/debug/$name")
}

/**
 * Has a scenario judged: `scenario-judge` says what to do, the driver does it, and the last line is the verdict.
 *
 * @return what the client does otherwise than the scenario says; null if it passes
 */
internal fun judged(vararg scenario: String): String? {
    check(program.exists()) { "there is no $program: `cargo build -p scenario-judge` builds it" }
    val judge = ProcessBuilder(program.path, *scenario).redirectError(Redirect.INHERIT).start()
    try {
        val driver = Driver(PrintStream(judge.outputStream, true, Charsets.UTF_8))
        val verdict = runBlocking(Dispatchers.Default) { driver.drive(judge.inputStream.bufferedReader()) }
        checkNotNull(verdict) { "the judge ended with ${judge.waitFor()}, without a verdict" }
        return if (verdict.path("passed").booleanValue()) null else verdict["failed"].textValue()
    } finally {
        judge.destroy()
    }
}
