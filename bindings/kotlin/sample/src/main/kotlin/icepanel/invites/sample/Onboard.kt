package icepanel.invites.sample

import icepanel.invites.ClientOptions
import icepanel.invites.Ensured
import icepanel.invites.InviteClient
import icepanel.invites.InviteException
import icepanel.invites.NewInvite
import icepanel.invites.Permission
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.system.exitProcess
import kotlin.time.Duration.Companion.days

/**
 * Invites people, one line each: `onboard read ada@example.com grace@example.com`.
 *
 * Key and organization come from `ICEPANEL_API_KEY` and `ICEPANEL_ORGANIZATION_ID`. You can run it again with the same
 * people: nobody is invited twice. The exit code is 0 if everybody is a member or invited, 1 if somebody is not, 2 for
 * invalid arguments.
 */
fun main(arguments: Array<String>) {
    if (arguments.size < 2) {
        System.err.println("usage: onboard read|write|admin|billing ADDRESS…")
        exitProcess(2)
    }
    val code = try {
        InviteClient.fromEnv(ClientOptions().userAgentSuffix("onboard")).use { client ->
            runBlocking { onboard(client, Permission.of(arguments[0]), arguments.drop(1), System.out) }
        }
    } catch (error: InviteException) {
        System.err.println(error.message)
        2
    }
    exitProcess(code)
}

/** Invites everybody, all at the same time: the client respects the rate limits. */
suspend fun onboard(client: InviteClient, permission: Permission, people: List<String>, out: PrintStream): Int {
    val results = coroutineScope {
        people.map { email -> async { line(client, NewInvite(email, permission, 14.days)) } }.awaitAll()
    }
    results.forEach { (line, _) -> out.println(line) }
    val seats = client.seats()
    out.println("seats: ${seats.free} of ${seats.paid} free")
    return if (results.all { (_, done) -> done }) 0 else 1
}

/** The result for one person, and whether it is what was wanted. */
private suspend fun line(client: InviteClient, person: NewInvite): Pair<String, Boolean> = try {
    val what = when (val ensured = client.ensure(person)) {
        is Ensured.Created -> "invited until ${ensured.invite.expiresAt}"
        is Ensured.Existing -> "invited already, until ${ensured.invite.expiresAt}"
        is Ensured.AlreadyMember -> "already a member, with ${ensured.member.permission}"
    }
    "${person.email}: $what" to true
} catch (error: InviteException) {
    "${person.email}: ${error.message}" to false
}
