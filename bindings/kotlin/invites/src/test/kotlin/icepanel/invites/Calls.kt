package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.flow.onEach
import java.time.OffsetDateTime
import java.util.concurrent.ConcurrentSkipListSet
import kotlin.time.Duration.Companion.milliseconds

/** Options as `tests/scenarios` writes them. Absent ones remain unchanged. */
internal fun ClientOptions.take(options: JsonNode) {
    // Written by `cargo xtask options`: read.
    options["baseUrl"]?.let { baseUrl = it.textValue() }
    options["timeoutMs"]?.let { timeout = it.longValue().milliseconds }
    options["connectTimeoutMs"]?.let { connectTimeout = it.longValue().milliseconds }
    options["readTimeoutMs"]?.let { readTimeout = it.longValue().milliseconds }
    options["caCertificatePem"]?.let { caCertificatePem = it.textValue() }
    options["userAgentSuffix"]?.let { userAgentSuffix = it.textValue() }
    options["maxBodyBytes"]?.let { maxBodyBytes = it.longValue() }
    options["idleTimeoutMs"]?.let { idleTimeout = it.longValue().milliseconds }
    // Written by `cargo xtask options` to here.
    options["maxAttempts"]?.let { retry = RetryPolicy(it.intValue()) }
    options["proxy"]?.let { proxy = it.textValue() }
    options["clientCertificatePem"]?.let { clientCertificatePem = it.textValue() }
    options["skipWaits"]?.let { skipWaits = it.booleanValue() }
    options["pacing"]?.let { pacing = pacingOf(it) }
}

/** `"none"`, or a limit for each of `reads` and `writes`; null is the default. */
private fun pacingOf(options: JsonNode): Pacing? = when {
    options.isNull -> null
    options.isTextual -> Pacing.NONE
    else -> Pacing(rateLimit(options.path("reads")), rateLimit(options.path("writes")))
}

private fun rateLimit(options: JsonNode): RateLimit? = when {
    options.isMissingNode || options.isNull -> null
    options.isTextual -> RateLimit.NONE
    else -> RateLimit(options["requests"].intValue(), options["windowMs"].longValue().milliseconds)
}

/** Makes the call of `tests/scenarios` that has this name. */
internal suspend fun make(client: InviteClient, call: String, args: JsonNode): Any? = when (call) {
    "close" -> client.close()

    "list" -> client.list(filter(args))

    "find_active" -> client.findActive(args["email"].textValue())

    "create" -> client.create(newInvite(args))

    "ensure" -> newInvite(args).let { asked -> client.ensure(asked).let { Compared(it, it.differsFrom(asked)) } }

    "revoke" -> client.revoke(args["id"].textValue())

    "revoke_active" -> client.revokeActive(args["email"].textValue())

    "members" -> client.members()

    "update_member" -> client.updateMember(
        args["member"].textValue(),
        Permission.of(args["permission"].textValue()),
        landscapes(args),
    )

    "remove_member" -> client.removeMember(args["member"].textValue())

    "seats" -> client.seats()

    "plan" -> planned(client, args)

    "apply" -> applied(client, args["plan"]?.let { Plan.fromJson(it.toString()) } ?: planned(client, args), args)

    "dump" -> client.dump(args["membersExpireInMs"]?.let { Expiry.In(it.longValue().milliseconds) })

    "renew" -> client.renew(args["target"].textValue(), expiry(args))

    else -> throw AssertionError("there is no call $call")
}

/** How an ensure left things, and how that differs from what was asked for. */
internal class Compared(val ensured: Ensured, val differs: List<Difference>)

private suspend fun planned(client: InviteClient, args: JsonNode): Plan {
    val margin = args["marginMs"]?.longValue()?.milliseconds
    val options = PlanOptions(
        margin,
        args.path("prune").booleanValue(),
        args.path("skipRevoked").booleanValue(),
        args["maxInvites"]?.intValue(),
        args.path("allowEmpty").booleanValue(),
        args.path("manageMembers").booleanValue(),
        args.path("pruneMembers").booleanValue(),
        args.path("protect").map { it.textValue() },
        args["minAdmins"]?.intValue(),
        args["allowDomains"]?.map { it.textValue() },
        args["expiringWithinMs"]?.longValue()?.milliseconds,
        args.path("noInvites").booleanValue(),
    )
    val roster = args["roster"]?.let { Roster.fromJson(it.toString()) } ?: Roster(args["people"].map(::newInvite))
    return client.plan(roster, options)
}

/** Also looks whether each step of the plan had an event. */
private suspend fun applied(client: InviteClient, plan: Plan, args: JsonNode): Report {
    val stop = Stop()
    val guard = args["pruneAtMost"]?.let { PruneGuard.AtMost(it.longValue()) }
        ?: args["pruneShare"]?.let { PruneGuard.Share(it.doubleValue()) }
    val removeGuard = args["removeAtMost"]?.let { PruneGuard.AtMost(it.longValue()) }
        ?: args["removeShare"]?.let { PruneGuard.Share(it.doubleValue()) }
    val options = ApplyOptions(
        args.path("partial").booleanValue(),
        guard,
        stop,
        removeGuard,
        args["inviteAtMost"]?.longValue(),
        args["adminsAtMost"]?.longValue(),
    )
    val steps = ConcurrentSkipListSet<Int>()
    val stopAfter = args["stopAfter"]?.intValue()
    // The two ways to follow a run, alternating.
    val report = when (stopAfter) {
        null -> client.applying(plan, options)
            .onEach { if (it is Applying.Step) steps += it.progress.index }
            .last().let { (it as Applying.Ended).report }

        else -> client.apply(plan, options) {
            steps += it.index
            if (it.done == stopAfter) stop.stop()
        }
    }
    if (steps.size != plan.steps.size) throw AssertionError("events for ${steps.size} people only")
    return report
}

private fun filter(args: JsonNode) = InviteFilter(
    status = args["status"]?.let { InviteStatus.of(it.textValue()) },
    email = args["email"]?.textValue(),
    permission = args["permission"]?.let { Permission.of(it.textValue()) },
    createdBy = args["createdBy"]?.let { Actor.of(it.textValue()) },
    expiringWithin = args["expiringWithinMs"]?.longValue()?.milliseconds,
)

private fun newInvite(args: JsonNode) = NewInvite(
    args["email"].textValue(),
    Permission.of(args["permission"].textValue()),
    expiry(args),
    landscapes(args),
    args["until"]?.let { OffsetDateTime.parse(it.textValue()).toInstant() },
)

private fun expiry(args: JsonNode): Expiry =
    args["expiresAt"]?.let { Expiry.At(OffsetDateTime.parse(it.textValue()).toInstant()) }
        ?: Expiry.In(args["expiresInMs"].longValue().milliseconds)

private fun landscapes(args: JsonNode): Map<String, Boolean>? =
    args["landscapePermissions"]?.properties()?.associate { (id, allowed) -> id to allowed.booleanValue() }
