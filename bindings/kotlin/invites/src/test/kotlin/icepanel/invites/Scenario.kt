package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.NullNode
import com.fasterxml.jackson.databind.node.ObjectNode
import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.net.URI
import kotlin.time.TimeSource

/** What came out of a call: its result or its error, in JSON. */
private class Ended(val result: JsonNode?, val error: JsonNode?)

/** One file of `tests/scenarios`, on a sandbox of its own. */
internal class Scenario(private val file: JsonNode) : AutoCloseable {
    private val sandbox = Sandbox(file["sandbox"].toString())
    private val made = mutableListOf<InviteClient>()
    private var client: InviteClient? = null
    private var lastInvite: JsonNode = NullNode.instance
    private val calls = Calls()

    override fun close() {
        made.forEach(InviteClient::close)
        sandbox.close()
    }

    fun run() {
        val steps = file["steps"].toList()
        steps.forEachIndexed { i, told ->
            val step = fillIn(told)
            telling("step ${i + 1} of ${steps.size}: $step") { runBlocking(Dispatchers.Default) { perform(step) } }
        }
        file["counted"]?.let { telling("counted") { compare(fillIn(it), report()) } }
    }

    private fun telling(what: String, run: () -> Unit) = try {
        run()
    } catch (wrong: Exception) {
        val requests = report()["log"].joinToString("\n  ")
        throw AssertionError("$what\n${wrong.message}\nthe sandbox saw:\n  $requests", wrong)
    }

    private suspend fun perform(step: JsonNode) {
        when {
            step.has("parallel") -> parallel(step)
            step.has("call") -> alone(step)
            step.has("report") -> compare(step["report"], report())
            step.has("close") -> checkNotNull(client) { "no call has made the client" }.close()
            step.has("pauseMs") -> delay(step["pauseMs"].longValue())
            else -> control(step["control"].textValue(), step["body"])
        }
    }

    private suspend fun alone(step: JsonNode) {
        val began = TimeSource.Monotonic.markNow()
        val outcome = outcome { calls.make(clientFor(step["client"]), step["call"].textValue(), step.path("args")) }
        val took = began.elapsedNow()
        outcome.result?.let(::inviteIn)?.let { lastInvite = it }
        when (val expected = step["expect"]) {
            // Any result passes.
            null -> outcome.error?.let { throw Exception("found the error $it") }
            else -> expect(expected, outcome)
        }
        step["tookMs"]?.let { compare(it, toJson(took.inWholeMilliseconds)) }
    }

    private suspend fun parallel(step: JsonNode) {
        val alone = if (step["clients"].textValue() == "separate") json.createObjectNode() else null
        val clients = List(step["parallel"].intValue()) { clientFor(alone) }
        val began = TimeSource.Monotonic.markNow()
        val outcomes = coroutineScope {
            clients.mapIndexed { n, client ->
                async { outcome { calls.make(client, step["call"].textValue(), numbered(step.path("args"), n)) } }
            }.awaitAll()
        }
        val took = began.elapsedNow()
        step["expectEach"]?.let { each ->
            for (outcome in outcomes) {
                val misses = each.mapNotNull { runCatching { expect(it, outcome) }.exceptionOrNull()?.message }
                if (misses.size == each.size()) throw Exception("one of ${outcomes.size}\n${misses.joinToString("\n")}")
            }
        }
        val counts = outcomes.groupingBy {
            it.result?.path("outcome")?.textValue() ?: it.error?.get("kind")?.textValue() ?: "result"
        }.eachCount()
        step["expectCount"]?.let { compare(it, toJson(counts)) }
        step["tookMs"]?.let { compare(it, toJson(took.inWholeMilliseconds)) }
    }

    private fun control(what: String, body: JsonNode) {
        when (what) {
            "faults" -> sandbox.addFaults(body.toString())
            "state" -> sandbox.setState(body.toString())
            else -> sandbox.markUsed((body["email"] ?: body["id"]).textValue())
        }
    }

    /** The scenario's client, made by the first call that needs it, or one of its own for options of its own. */
    private fun clientFor(own: JsonNode?): InviteClient {
        client?.takeIf { own == null }?.let { return it }
        val options = (file["client"]?.deepCopy<ObjectNode>() ?: json.createObjectNode())
        (own as? ObjectNode)?.let { options.setAll<ObjectNode>(it) }
        val built = build(options)
        made += built
        if (own == null) client = built
        return built
    }

    private fun build(told: JsonNode): InviteClient {
        val port = URI(sandbox.baseUrl).port.toString()
        val key = told["apiKey"] ?: file["sandbox"]["apiKey"]
        val organization = told["organizationId"] ?: file["sandbox"]["organizationId"]
        return InviteClient(
            key?.textValue() ?: Sandbox.API_KEY,
            organization?.textValue() ?: Sandbox.ORGANIZATION_ID,
        ) {
            baseUrl = sandbox.baseUrl
            skipWaits = file.path("waits").textValue() != "real"
            take(told)
            baseUrl = baseUrl?.replace("{port}", port)
        }
    }

    private suspend fun outcome(run: suspend () -> Any?): Ended = try {
        Ended(toJson(run()), null)
    } catch (error: InviteException) {
        Ended(null, toJson(error))
    }

    /** Puts the last invite's fields where a scenario says `$lastInvite.FIELD`. */
    private fun fillIn(value: JsonNode): JsonNode = when {
        value.isTextual && value.textValue().startsWith("\$lastInvite.") ->
            lastInvite.path(value.textValue().removePrefix("\$lastInvite.")).takeUnless { it.isMissingNode }
                ?: NullNode.instance
        value.isArray -> json.valueToTree(value.map(::fillIn))
        value.isObject -> json.valueToTree(value.properties().associate { (key, inner) -> key to fillIn(inner) })
        else -> value
    }

    /** The invite that a result is or has; of a list the last. */
    private fun inviteIn(result: JsonNode): JsonNode? {
        val invite = when {
            result.isArray -> result.lastOrNull()
            result.has("outcome") -> result["invite"]
            else -> result
        }
        return invite?.takeIf { it.path("expiresAt").isTextual }
    }

    private fun expect(expected: JsonNode, outcome: Ended) {
        val (pattern, found) = when {
            outcome.result != null -> expected["result"] to outcome.result
            else -> expected["error"] to outcome.error
        }
        if (pattern == null || found == null) {
            throw Exception("expected $expected\nfound ${outcome.result ?: "the error ${outcome.error}"}")
        }
        compare(pattern, found)
    }

    private fun compare(expected: JsonNode, actual: JsonNode) = try {
        Pattern.check(expected, actual)
    } catch (miss: Mismatch) {
        val shown = (actual as? ObjectNode)?.deepCopy()?.apply { if (has("log")) put("log", "see below") } ?: actual
        throw Exception("expected $expected\nfound    $shown\n${miss.message}", miss)
    }

    private fun report(): JsonNode = json.readTree(sandbox.report())
}
