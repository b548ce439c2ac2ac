package icepanel.invites.bench

import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.io.File
import java.util.Locale
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.measureTime

/**
 * Runs every row with both contenders, in this one process, and prints a table. `bench.rows` names the groups to run:
 * `lists`, `calls`, `memory`; `bench.calls` the calls of the last.
 */
fun main(): Unit = runBlocking(Dispatchers.Default) {
    val calls = System.getProperty("bench.calls", "1000000").toInt()
    val groups = System.getProperty("bench.rows", "lists,calls,memory").split(',')
    val rows = Rows()
    if ("lists" in groups) {
        Sandbox("""{"generate": {"invites": 100000, "active": 1000, "seed": 7}, "rateLimit": null}""").use { lists(it, rows) }
    }
    Sandbox("""{"rateLimit": null}""").use { sandbox ->
        val contenders = listOf(Ours(sandbox), Peer(sandbox))
        if ("calls" in groups) calls(contenders, rows)
        if ("memory" in groups) memory(contenders, calls, rows)
        contenders.filterIsInstance<Peer>().forEach { println("sent again by java.net.http: ${it.sentAgain}") }
        contenders.forEach(Contender::close)
    }
    println("\n| | icepanel-invites | java.net.http, Jackson | of its peer's |\n|---|---|---|---|")
    rows.forEach(::println)
}

private suspend fun lists(sandbox: Sandbox, rows: Rows) {
    val contenders = listOf(Ours(sandbox), Peer(sandbox))
    // Before anything has grown the process: the client's peak is its own.
    rows += Row(
        "growth of the process by find_active in 100,000, MiB",
        contenders.map { one ->
            one.members()
            one.findActive("nobody@example.com")
            peakGrowth { one.findActive("user-99999@example.com") }
        },
    )
    rows += Row("list of 100,000, ms", alternating(contenders) { it.list() })
    rows += Row("find_active in 100,000, ms", alternating(contenders) { it.findActive("user-99999@example.com") })
    contenders.forEach(Contender::close)
}

private suspend fun calls(contenders: List<Contender>, rows: Rows) {
    val number = AtomicInteger()
    rows += Row(
        "create, one after another, µs",
        best(contenders) { one ->
            perCall(3_000) { one.create("one-${number.incrementAndGet()}@example.com") }
        },
    )
    rows += Row(
        "create, 64 in flight, a second",
        best(contenders, highest = true) { one ->
            val took = measureTime {
                inFlight(10_000) { one.create("many-${number.incrementAndGet()}@example.com") }
            }
            10_000 / took.inSeconds()
        },
    )
}

private suspend fun memory(contenders: List<Contender>, calls: Int, rows: Rows) {
    rows += Row(
        "growth over %,d calls, MiB".format(Locale.ROOT, calls),
        contenders.map { one ->
            inFlight(calls / 10) { one.members() }
            System.gc()
            val before = status("VmRSS")
            inFlight(calls) { one.members() }
            System.gc()
            (status("VmRSS") - before) / 1024.0
        },
    )
}

/** Shows each row once it is there. */
private class Rows {
    private val rows = mutableListOf<Row>()

    operator fun plusAssign(row: Row) {
        println(row)
        rows += row
    }

    fun forEach(see: (Row) -> Unit) = rows.forEach(see)
}

private class Row(private val name: String, private val values: List<Double>) {
    override fun toString(): String =
        "| %s | %.1f | %.1f | %.2f |".format(Locale.ROOT, name, values[0], values[1], values[0] / values[1])
}

private fun Duration.inSeconds() = inWholeNanoseconds / 1e9

/** The median of 11 turns each, taken in turns, after 6 to warm up, in milliseconds. */
private suspend fun alternating(contenders: List<Contender>, run: suspend (Contender) -> Unit): List<Double> {
    val times = contenders.map { mutableListOf<Double>() }
    repeat(17) { turn ->
        contenders.forEachIndexed { i, one ->
            val took = measureTime { run(one) }
            if (turn >= 6) times[i] += took.inSeconds() * 1e3
        }
    }
    return times.map { it.sorted()[it.size / 2] }
}

/** The best of 5 turns each, taken in turns, after 3 to warm up. */
private suspend fun best(
    contenders: List<Contender>,
    highest: Boolean = false,
    run: suspend (Contender) -> Double,
): List<Double> {
    val found = contenders.map { mutableListOf<Double>() }
    repeat(8) { turn ->
        contenders.forEachIndexed { i, one ->
            val value = run(one)
            if (turn >= 3) found[i] += value
        }
    }
    return found.map { if (highest) it.max() else it.min() }
}

private suspend fun perCall(times: Int, call: suspend () -> Unit): Double =
    measureTime { repeat(times) { call() } }.inSeconds() * 1e6 / times

private suspend fun inFlight(times: Int, call: suspend () -> Unit) = coroutineScope {
    val left = AtomicInteger(times)
    repeat(64) { launch { while (left.decrementAndGet() >= 0) call() } }
}

/** By how many MiB the process grew at its peak. */
private suspend fun peakGrowth(run: suspend () -> Unit): Double {
    System.gc()
    val before = status("VmRSS")
    // Sets the peak back to what is resident now.
    File("/proc/self/clear_refs").writeText("5")
    run()
    return (status("VmHWM") - before) / 1024.0
}

/** A line of `/proc/self/status`, in KiB. */
private fun status(field: String): Long =
    File("/proc/self/status").readLines().first { it.startsWith("$field:") }.split(Regex("\\s+"))[1].toLong()
