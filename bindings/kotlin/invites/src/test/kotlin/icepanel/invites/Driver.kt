package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ObjectNode
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.io.BufferedReader
import java.io.PrintStream
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.logging.ConsoleHandler
import java.util.logging.Level
import java.util.logging.Logger
import kotlin.time.Duration.Companion.milliseconds

/** The driver as a program, for the proof. */
internal fun main() {
    val talk = if (System.getenv("PROVE_VERBOSE") == "1") Talk() else null
    val driver = Driver(PrintStream(System.out, true, Charsets.UTF_8), talk)
    runBlocking(Dispatchers.Default) { driver.drive(System.`in`.bufferedReader()) }
}

/**
 * Makes clients and calls as requests ask for them, a line of JSON each, and answers in lines of JSON, in any order:
 * `tests/prove/README.md` has their forms.
 */
internal class Driver(private val answers: PrintStream, private val talk: Talk? = null) {
    private val clients = ConcurrentHashMap<String, InviteClient>()

    /**
     * Answers requests until they end, or until the judge's verdict, which is returned. What is under way
     * then is cancelled.
     */
    suspend fun drive(requests: BufferedReader): JsonNode? = coroutineScope {
        val verdict = withContext(Dispatchers.IO) { read(requests, this@coroutineScope) }
        coroutineContext.cancelChildren()
        clients.values.forEach(InviteClient::close)
        verdict
    }

    private suspend fun read(requests: BufferedReader, calls: CoroutineScope): JsonNode? {
        for (request in requests.lineSequence().map(json::readTree)) {
            when {
                !request.has("id") -> return request

                // A client is there, or gone, before the next request is read.
                request.has("options") || request.has("close") -> answer(request)

                else -> calls.launch { answer(request) }
            }
        }
        return null
    }

    private suspend fun answer(request: JsonNode) {
        val outcome = try {
            "result" to perform(request)
        } catch (error: InviteException) {
            talk?.about(error)
            "error" to toJson(error)
        } catch (crash: Throwable) {
            talk?.about(crash)
            "crash" to crash.stackTraceToString()
        }
        val line = json.writeValueAsString(mapOf("id" to request["id"], outcome))
        synchronized(answers) { answers.println(line) }
    }

    private suspend fun perform(request: JsonNode): Any {
        request["close"]?.let {
            clients.remove(it.textValue())?.close()
            return emptyMap<String, Any>()
        }
        val name = request["client"].textValue()
        request["options"]?.let { options ->
            clients.put(name, open(options))?.close()
            return emptyMap<String, Any>()
        }
        val client = checkNotNull(clients[name]) { "there is no client $name" }
        val args = request.path("args")
        val call: suspend (JsonNode) -> Any? = { make(client, request["call"].textValue(), it) }
        request["repeat"]?.let { return repeated(request, it.intValue()) { n -> call(numbered(args, n)) } }
        val result = cancelling(request["cancelAfterMs"]) { call(args) }
        talk?.about(result)
        return toJson(result)
    }

    private fun open(options: JsonNode): InviteClient {
        val client = InviteClient(options["apiKey"].textValue(), options["organizationId"].textValue()) {
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

    /** Makes a call this number of times, at most `inFlight` at the same time. */
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

    /** The arguments of the n-th of many calls: `{n}` is its number. */
    private fun numbered(args: JsonNode, n: Int): JsonNode = args.deepCopy<JsonNode>().also { copy ->
        args["email"]?.let { (copy as ObjectNode).put("email", it.textValue().replace("{n}", "$n")) }
    }
}

/** Prints to stderr all that the language can show of a value: for the search for the key. */
internal class Talk {
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
        return all.filter {
            it.declaringClass.name.startsWith("icepanel.")
        }.joinToString(prefix = "${type.name}{", postfix = "}") {
            it.isAccessible = true
            "${it.name}=${fields(it.get(value), depth - 1)}"
        }
    }
}
