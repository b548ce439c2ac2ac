package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.delay
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

internal val guest = NewInvite("ada@example.com", Permission.Read, 7.days)

/** A client of a sandbox. */
internal fun clientOf(sandbox: Sandbox, configure: ClientOptions.() -> Unit = {}): InviteClient =
    InviteClient(Sandbox.API_KEY, Sandbox.ORGANIZATION_ID) {
        baseUrl = sandbox.baseUrl
        pacing = Pacing.NONE
        configure()
    }

/** Runs a test with a sandbox in this state and a client of it. */
internal fun <T> withSandbox(state: String = "{}", test: (Sandbox, InviteClient) -> T): T =
    Sandbox(state).use { sandbox -> clientOf(sandbox).use { test(sandbox, it) } }

internal fun Sandbox.reported(): JsonNode = json.readTree(report())

/** Less than the 30 seconds after which the client itself gives up waiting for an answer. */
internal val LESS_THAN_A_READ: Duration = 20.seconds

/** Waits until a number in the report is this, and says how long that took. */
internal suspend fun Sandbox.until(field: String, number: Int, within: Duration = LESS_THAN_A_READ): Duration {
    val began = TimeSource.Monotonic.markNow()
    while (reported()[field].intValue() != number) {
        check(began.elapsedNow() < within) { "$field is ${reported()[field]}, not $number" }
        delay(1.milliseconds)
    }
    return began.elapsedNow()
}

/** Waits until this many requests of an operation are under way, and no other: a create may read the organization first. */
internal suspend fun Sandbox.underWay(operation: String, count: Int = 1) {
    val began = TimeSource.Monotonic.markNow()
    while (reported().let { it["requests"][operation].intValue() != count || it["inFlight"].intValue() != count }) {
        check(began.elapsedNow() < LESS_THAN_A_READ) { report() }
        delay(1.milliseconds)
    }
}
