package icepanel.invites

import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.runBlocking
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.seconds

/** The examples of README.md, in a process of their own, whose environment names key, organization and a sandbox. */
internal fun main(): Unit = runBlocking {
    // The first ten lines
    InviteClient.fromEnv().use { client ->
        when (val ensured = client.ensure(NewInvite("ada@example.com", Permission.Read, 14.days))) {
            is Ensured.Created -> println("invited until ${ensured.invite.expiresAt}")
            is Ensured.Existing -> println("invited already, until ${ensured.invite.expiresAt}")
            is Ensured.AlreadyMember -> println("already a member, with ${ensured.member.permission}")
        }
    }

    // Options in place
    val apiKey = System.getenv("ICEPANEL_API_KEY")
    val organizationId = System.getenv("ICEPANEL_ORGANIZATION_ID")
    InviteClient(apiKey, organizationId) {
        timeout = 30.seconds
        onEvent = { println("${it.operation}: ${it.status} in ${it.latency}") }
    }.close()

    // Many people
    InviteClient.fromEnv().use { client ->
        val roster = Roster(
            NewInvite("ada@example.com", Permission.Read, 30.days),
            NewInvite("grace@example.com", Permission.Write, 30.days),
        )
        val plan = client.plan(roster)
        println(plan)
        client.applying(plan, ApplyOptions(partial = true)).collect {
            when (it) {
                is Applying.Step -> println("${it.progress.done} of ${it.progress.total}: ${it.progress.line}")
                is Applying.Ended -> println("everybody is as wanted: ${it.report.isComplete}")
            }
        }
    }

    // Tests of your own
    Sandbox("""{"seats": 3, "faults": [{"fault": "act_then_cut", "on": "create"}]}""").use { sandbox ->
        sandbox.client().use { client ->
            client.ensure(NewInvite("ada@example.com", Permission.Read, 14.days))
        }
        check("\"invitesMadeTotal\":1" in sandbox.report())
    }
}
