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
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/** What came out of a call: its result or its error, in JSON. */
private class Outcome(val result: JsonNode?, val error: JsonNode?)

/** One file of `tests/scenarios`, on a sandbox of its own. */
internal class Scenario(private val file: JsonNode) : AutoCloseable {
    private val sandbox = Sandbox(file["sandbox"].toString())
    private val made = mutableListOf<InviteClient>()
    private var client: InviteClient? = null
    private var lastInvite: JsonNode = NullNode.instance

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
            step.has("pauseMs") -> delay(step["pauseMs"].longValue())
            else -> control(step["control"].textValue(), step["body"])
        }
    }

    private suspend fun alone(step: JsonNode) {
        val began = TimeSource.Monotonic.markNow()
        val outcome = outcome { call(clientFor(step["client"]), step["call"].textValue(), step.path("args")) }
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
                async { outcome { call(client, step["call"].textValue(), numbered(step.path("args"), n)) } }
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
            baseUrl = told["baseUrl"]?.textValue()?.replace("{port}", port) ?: sandbox.baseUrl
            timeout = told["timeoutMs"]?.longValue()?.milliseconds
            connectTimeout = told["connectTimeoutMs"]?.longValue()?.milliseconds
            readTimeout = told["readTimeoutMs"]?.longValue()?.milliseconds
            retry = told["maxAttempts"]?.let { RetryPolicy(it.intValue()) }
            maxBodyBytes = told["maxBodyBytes"]?.longValue()
            userAgentSuffix = told["userAgentSuffix"]?.textValue()
            skipWaits = file.path("waits").textValue() != "real"
        }
    }

    private suspend fun call(client: InviteClient, name: String, args: JsonNode): Any? = when (name) {
        "client" -> Unit
        "list" -> client.list(filter(args))
        "find_active" -> client.findActive(args["email"].textValue())
        "create" -> client.create(newInvite(args))
        "ensure" -> client.ensure(newInvite(args))
        "revoke" -> client.revoke(args["id"].textValue())
        "revoke_active" -> client.revokeActive(args["email"].textValue())
        "members" -> client.members()
        "seats" -> client.seats()
        else -> throw AssertionError("there is no call $name")
    }

    private fun filter(args: JsonNode) = InviteFilter(
        status = args["status"]?.let { InviteStatus.of(it.textValue()) },
        email = args["email"]?.textValue(),
        permission = args["permission"]?.let { Permission.of(it.textValue()) },
        createdBy = args["createdBy"]?.let { Actor.of(it.textValue()) },
    )

    private fun newInvite(args: JsonNode) = NewInvite(
        args["email"].textValue(),
        Permission.of(args["permission"].textValue()),
        args["expiresAt"]?.let { Expiry.At(Pattern.time(it.textValue())) }
            ?: Expiry.In(args["expiresInMs"].longValue().milliseconds),
        args["landscapePermissions"]?.properties()?.associate { (id, allowed) -> id to allowed.booleanValue() },
    )

    private suspend fun outcome(run: suspend () -> Any?): Outcome = try {
        Outcome(toJson(run()), null)
    } catch (error: InviteException) {
        Outcome(null, toJson(error))
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

    /** The arguments of the n-th of many calls: `{n}` is its number. */
    private fun numbered(args: JsonNode, n: Int): JsonNode = args.deepCopy<JsonNode>().also { copy ->
        args["email"]?.let { (copy as ObjectNode).put("email", it.textValue().replace("{n}", "$n")) }
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

    private fun expect(expected: JsonNode, outcome: Outcome) {
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
