package icepanel.invites

import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.time.Instant
import java.util.concurrent.CancellationException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.seconds

/** The tests of rosters for Kotlin alone; their behaviour is in the scenarios. */
internal class RosterTest {
    private val grace = NewInvite("grace@example.com", Permission.Write, 30.days, mapOf("l" to true))
    private val roster = Roster(guest, grace)

    /** With a client that takes no time between the readings of a list. */
    private fun withSandbox(state: String = "{}", test: (Sandbox, InviteClient) -> Unit) = Sandbox(state).use { sandbox ->
        clientOf(sandbox) { skipWaits = true }.use { test(sandbox, it) }
    }
    private val oneIsIn = """{"members": [{"email": "ada@example.com", "permission": "admin"}]}"""

    @Test
    fun `a roster is a value and all problems with one are reported together`() {
        assertEquals(roster, Roster.fromJson(roster.toJson()))
        val (version, people) = json.readTree(roster.toJson()).let { it["formatVersion"].intValue() to it["people"] }
        assertEquals(1 to 2, version to people.size())
        assertEquals(roster, Roster.fromJson(people.toString()))
        assertEquals(roster.hashCode(), Roster(listOf(guest, grace)).hashCode())
        assertNotEquals(roster, Roster(grace, guest))
        assertEquals(roster.entries, listOf(guest, grace))
        val thrown = assertThrows<InviteException.InvalidInput> {
            Roster(guest, guest.copy(email = "ADA@example.com"), guest.copy(email = "nobody"))
        }
        assertEquals(2, thrown.errors.size, "${thrown.errors}")
        assertThrows<InviteException.InvalidInput> { Roster(guest.copy(email = "ada\ud800@example.com")) }
        assertThrows<InviteException.InvalidInput> { Roster.fromJson("[7]") }
        assertTrue(Roster().entries.isEmpty())
    }

    @Test
    fun `a plan prints, is a value and is applied later`() = withSandbox(oneIsIn) { _, client ->
        runBlocking {
            val plan = client.plan(roster)
            assertEquals(listOf(Action.Member, Action.Invite), plan.steps.map { it.action })
            assertEquals(Permission.Admin, plan.steps[0].held?.permission)
            assertEquals(grace, plan.steps[1].wanted)
            assertEquals(listOf(1, 1L, true), listOf(plan.count(Action.Invite), plan.seats.needed, plan.changesAnything))
            assertTrue(plan.estimate > Duration.ZERO && plan.plannedAt > Instant.EPOCH)
            val text = plan.toString()
            assertTrue("member  ada@example.com: " in text && "invite  grace@example.com: " in text, text)
            assertTrue("paid seats: 1 needed" in text, text)
            val read = Plan.fromJson(plan.toJson())
            assertEquals(plan, read)
            assertEquals(plan.steps, read.steps)
            val report = client.apply(read)
            assertTrue(report.isComplete && !report.isStopped)
            assertEquals(mapOf(Outcome.Done to 1, Outcome.Kept to 1), report.counts.filterValues { it > 0 })
            assertTrue("done    grace@example.com: " in report.toString(), "$report")
            assertTrue(report.toString().endsWith("\n1 done, 1 kept"), "$report")
            assertEquals(Permission.Write, report.lines[1].invite?.permission)
            val written = json.readTree(report.toJson())
            assertEquals(
                listOf(1, true, 2),
                listOf(written["formatVersion"].intValue(), written["complete"].booleanValue(), written["lines"].size()),
            )
            assertEquals(report.lines[1].invite?.id, written["lines"][1]["invite"]["id"].textValue())
        }
        val details = InviteException.Details("no", status = 404, retryAfterMillis = 5)
        val failed = ReportLine("ada@example.com", Action.Revoke, Outcome.Failed, "no", error = InviteException.NotFound(details))
        val line = json.readTree(Report(listOf(failed), isComplete = false, isStopped = true).toJson())["lines"][0]
        assertEquals(
            listOf("not_found", 404, 5),
            line["error"].let {
                listOf(it["kind"].textValue(), it["status"].intValue(), it["retryAfterMs"].intValue())
            },
        )
        assertEquals(setOf("email", "action", "outcome", "note", "error"), line.fieldNames().asSequence().toSet())
        assertThrows<InviteException.InvalidInput> { Plan.fromJson("{}") }
        for (read in listOf<(String) -> Any>(Plan::fromJson, Roster::fromJson)) {
            val newer = assertThrows<InviteException.InvalidInput> { read("{\"formatVersion\": 3}") }
            assertTrue("its formatVersion is 3, and this version of icepanel-invites reads" in newer.reason, newer.reason)
        }
    }

    @Test
    fun `a flow emits each step and ends with the report`() = withSandbox { _, client ->
        runBlocking {
            val events = client.applying(client.plan(roster)).toList()
            val steps = events.filterIsInstance<Applying.Step>().map { it.progress }
            assertEquals(setOf(0, 1), steps.map { it.index }.toSet())
            // The run still pauses before its last look at the list.
            assertEquals(listOf(2, 1.seconds), steps.last().let { listOf(it.done, it.left) })
            assertTrue((events.last() as Applying.Ended).report.isComplete)
        }
    }

    @Test
    fun `leaving a flow ends its run and drops the request`() = withSandbox(
        """{"faults": [{"fault": "hang", "on": "create", "times": null}]}""",
    ) { sandbox, client ->
        runBlocking(Dispatchers.Default) {
            val plan = client.plan(Roster(guest))
            val run = launch { client.applying(plan).last() }
            sandbox.underWay("create")
            run.cancelAndJoin()
            val gone = sandbox.until("abandoned", 1)
            assertTrue(gone < LESS_THAN_A_READ, "$gone")
        }
    }

    @Test
    fun `a flow may be left after its first step`() = withSandbox { _, client ->
        runBlocking {
            val plan = client.plan(roster)
            assertTrue(client.applying(plan).first() is Applying.Step)
            assertTrue(client.apply(plan).isComplete)
        }
    }

    @Test
    fun `a run that is cancelled says that an invite may exist`() = withSandbox(
        """{"faults": [{"fault": "act_then_hang", "on": "create"}]}""",
    ) { sandbox, client ->
        runBlocking(Dispatchers.Default) {
            val plan = client.plan(Roster(guest))
            var thrown: CancellationException? = null
            val run = launch {
                try {
                    client.apply(plan)
                } catch (cancellation: CancellationException) {
                    thrown = cancellation
                }
            }
            sandbox.until("invitesMadeTotal", 1)
            run.cancelAndJoin()
            assertEquals(true, thrown?.invite?.inviteMayExist)
            sandbox.until("abandoned", 1)
        }
        Unit
    }

    @Test
    fun `a run is stopped from outside and its listener may throw`() = withSandbox { sandbox, client ->
        runBlocking {
            val plan = client.plan(roster)
            val stop = Stop().apply { stop() }
            assertTrue(stop.isStopped)
            val report = client.apply(plan, ApplyOptions(stop = stop))
            assertTrue(report.isStopped && !report.isComplete)
            assertEquals(2, report.count(Outcome.Skipped))
            assertEquals(0, sandbox.reported()["invitesMadeTotal"].intValue())
            assertTrue(client.apply(plan) { error("on purpose") }.isComplete)
        }
    }

    @Test
    fun `closing the client ends a run`() = withSandbox(
        """{"faults": [{"fault": "hang", "on": "create"}]}""",
    ) { sandbox, client ->
        runBlocking(Dispatchers.Default) {
            val plan = client.plan(Roster(guest))
            val run = async { runCatching { client.apply(plan) }.exceptionOrNull() }
            sandbox.underWay("create")
            client.close()
            assertEquals(true, (run.await() as? InviteException.Closed)?.inviteMayExist)
        }
    }

    @Test
    fun `an invalid guard is refused before anything is sent`() = withSandbox { sandbox, client ->
        runBlocking {
            client.create(guest)
            val plan = client.plan(Roster(grace), PlanOptions(prune = true))
            for (guard in listOf(PruneGuard.Share(25.0), PruneGuard.Share(Double.NaN), PruneGuard.AtMost(-1))) {
                assertThrows<InviteException.InvalidInput>("$guard") {
                    runBlocking { client.apply(plan, ApplyOptions(pruneGuard = guard)) }
                }
            }
            assertThrows<InviteException.InvalidInput> {
                runBlocking { client.plan(roster, PlanOptions(margin = (-1).days)) }
            }
            assertThrows<InviteException.InvalidInput> {
                runBlocking { client.plan(roster, PlanOptions(maxInvites = -1)) }
            }
            assertEquals(0, sandbox.reported()["requests"]["revoke"].intValue())
            assertTrue(client.apply(plan, ApplyOptions(pruneGuard = PruneGuard.Share(1.0))).isComplete)
        }
    }

    @Test
    fun `a plan says what it prunes and whether it would be rejected`() = withSandbox { _, client ->
        runBlocking {
            listOf("a", "b").forEach { client.create(guest.copy(email = "$it@example.com")) }
            val plan = client.plan(Roster(grace), PlanOptions(prune = true, skipRevoked = true, maxInvites = 3))
            assertEquals(PlanPruning(people = 2, invited = 2, allowed = 1), plan.pruning)
            assertEquals(true to 3, plan.skipRevoked to plan.maxInvites)
            assertTrue("prune: 2 of the 2 people" in plan.toString(), "$plan")
            assertThrows<InviteException.InvalidInput> { plan.check() }
            plan.check(ApplyOptions(pruneGuard = PruneGuard.AtMost(2)))
            assertEquals(null, client.plan(Roster(grace)).pruning)
        }
    }

    @Test
    fun `a guest whose invite ends soon is found and renewed`() = withSandbox { _, client ->
        runBlocking {
            val old = client.create(guest)
            client.create(grace)
            val found = client.list(InviteFilter(expiringWithin = 10.days))
            assertEquals(listOf(old), found)
            val renewed = client.renew(found.single().email, 60.days)
            assertEquals(listOf(old.id), renewed.replaced.map { it.id })
            assertEquals(renewed.invite, client.renew(renewed.invite.id, Instant.now().plusSeconds(60)).invite)
            assertThrows<InviteException.InvalidInput> {
                runBlocking { client.list(InviteFilter(expiringWithin = -Duration.INFINITE)) }
            }
            assertEquals(2, client.list(InviteFilter(expiringWithin = Duration.INFINITE)).size)
            val dumped = client.dump()
            assertEquals(setOf(guest.email, grace.email), dumped.entries.map { it.email }.toSet())
            assertFalse(client.plan(dumped).changesAnything)
        }
    }
}
