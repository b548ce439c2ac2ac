package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.logging.ConsoleHandler
import java.util.logging.Level
import java.util.logging.Logger
import kotlin.time.Duration.Companion.milliseconds

/**
 * The package, driven from outside: requests come as lines of JSON and so do the answers, in any order. For what is tried
 * in every language alike, with the calls and forms of `tests/scenarios`.
 */
internal fun main(): Unit = runBlocking(Dispatchers.Default) {
    val driver = Driver(if (System.getenv("PROVE_TALKATIVE") == "1") Talk() else null)
    withContext(Dispatchers.IO) {
        for (request in generateSequence(::readlnOrNull).map(json::readTree)) {
            when {
                // A client is there, or gone, before the next request is read.
                request.has("options") || request.has("close") -> driver.answer(request)
                else -> this@runBlocking.launch { driver.answer(request) }
            }
        }
    }
}

private class Client(val handle: InviteClient) {
    val calls = Calls()
}

private class Driver(private val talk: Talk?) {
    private val clients = ConcurrentHashMap<String, Client>()

    suspend fun answer(request: JsonNode) {
        val outcome = try {
            mapOf("result" to perform(request))
        } catch (error: InviteException) {
            talk?.about(error)
            mapOf("error" to toJson(error))
        } catch (crash: Throwable) {
            talk?.about(crash)
            mapOf("crash" to crash.stackTraceToString())
        }
        val line = json.writeValueAsString(mapOf("id" to request["id"]) + outcome)
        synchronized(this) { println(line) }
    }

    private suspend fun perform(request: JsonNode): Any {
        request["close"]?.let {
            clients.remove(it.textValue())?.handle?.close()
            return emptyMap<String, Any>()
        }
        val name = request["client"].textValue()
        request["options"]?.let { options ->
            clients.put(name, Client(open(options)))?.handle?.close()
            return emptyMap<String, Any>()
        }
        val client = checkNotNull(clients[name]) { "there is no client $name" }
        val args = request.path("args")
        val call: suspend (JsonNode) -> Any? = { client.calls.make(client.handle, request["call"].textValue(), it) }
        request["repeat"]?.let { return repeated(request, it.intValue()) { n -> call(numbered(args, n)) } }
        val result = cancelling(request["cancelAfterMs"]) { call(args) }
        talk?.about(result)
        return toJson(result)
    }

    private fun open(options: JsonNode): InviteClient {
        val key = options["apiKey"]?.textValue() ?: Sandbox.API_KEY
        val organization = options["organizationId"]?.textValue() ?: Sandbox.ORGANIZATION_ID
        val client = InviteClient(key, organization) {
            take(options)
            talk?.let { onEvent = it::about }
        }
        talk?.about(client)
        return client
    }

    /** Cancels the call's coroutine after a while, and throws what that left behind. */
    private suspend fun cancelling(after: JsonNode?, call: suspend () -> Any?): Any? = coroutineScope {
        if (after == null) return@coroutineScope call()
        var cancelled: CancellationException? = null
        var result: Any? = null
        // At once: a coroutine that is cancelled before it has begun would tell nothing.
        val running = launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                result = call()
            } catch (cancellation: CancellationException) {
                cancelled = cancellation
            }
        }
        val timer = launch {
            delay(after.longValue().milliseconds)
            running.cancel()
        }
        running.join()
        timer.cancel()
        cancelled?.let {
            talk?.about(it)
            throw it.invite ?: cancelled("a call that had not begun")
        }
        result
    }

    /** Makes a call so many times, so many at once. */
    private suspend fun repeated(request: JsonNode, times: Int, call: suspend (Int) -> Any?): Any {
        val from = request.path("from").intValue()
        val (next, ok, errors) = Triple(AtomicInteger(), AtomicInteger(), ConcurrentHashMap<String, Int>())
        suspend fun worker() {
            while (true) {
                val n = next.getAndIncrement().takeIf { it < times } ?: break
                try {
                    call(from + n)
                    ok.incrementAndGet()
                } catch (error: InviteException) {
                    talk?.about(error)
                    errors.merge(error.kind, 1, Int::plus)
                }
            }
        }
        coroutineScope { repeat(request["inFlight"].intValue()) { launch { worker() } } }
        return mapOf("ok" to ok.get(), "errors" to errors)
    }
}

/** Prints to stderr all that the language can show of a value: for the search for the key. */
private class Talk {
    init {
        val handler = ConsoleHandler().apply { level = Level.ALL }
        Logger.getLogger("").apply { level = Level.ALL }.addHandler(handler)
    }

    fun about(value: Any?) {
        val text = listOf(value.toString(), (value as? Throwable)?.stackTraceToString().orEmpty(), fields(value, 4))
        synchronized(this) { text.forEach(System.err::println) }
    }

    /** The fields of a value, private ones and their fields too. */
    private fun fields(value: Any?, depth: Int): String {
        val type = value?.javaClass
        if (type == null || depth == 0 || !type.name.startsWith("icepanel.")) return value.toString()
        val all = generateSequence<Class<*>>(type) { it.superclass }.flatMap { it.declaredFields.asSequence() }
        return all.filter { it.declaringClass.name.startsWith("icepanel.") }.joinToString(prefix = "${type.name}{", postfix = "}") {
            it.isAccessible = true
            "${it.name}=${fields(it.get(value), depth - 1)}"
        }
    }
}
