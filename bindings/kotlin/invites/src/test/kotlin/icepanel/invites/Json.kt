package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper

internal val json = ObjectMapper()

/** Results and errors as `tests/scenarios` writes them. */
internal fun toJson(value: Any?): JsonNode = json.valueToTree(plain(value))

private fun plain(value: Any?): Any? = when (value) {
    Unit -> emptyMap<String, Any>()
    is List<*> -> value.map(::plain)
    is Invite -> mapOf(
        "id" to value.id,
        "organizationId" to value.organizationId,
        "email" to value.email,
        "permission" to value.permission.text,
        "landscapePermissions" to value.landscapePermissions,
        "status" to value.status.text,
        "expiresAt" to value.expiresAt.toString(),
        "createdAt" to value.createdAt.toString(),
        "createdBy" to value.createdBy.text,
        "createdById" to value.createdById,
        "revokedAt" to value.revokedAt?.toString(),
        "revokedBy" to value.revokedBy?.text,
        "revokedById" to value.revokedById,
        "usedAt" to value.usedAt?.toString(),
        "usedByUserId" to value.usedByUserId,
    )
    is Member -> mapOf(
        "userId" to value.userId,
        "email" to value.email,
        "permission" to value.permission.text,
        "name" to value.name,
        "jobRole" to value.jobRole,
        "lastActiveAt" to value.lastActiveAt?.toString(),
        "landscapePermissions" to value.landscapePermissions,
    )
    is Seats -> mapOf(
        "paid" to value.paid,
        "taken" to value.taken,
        "promised" to value.promised,
        "free" to value.free,
    )
    is Ensured.Created -> mapOf("outcome" to "created", "invite" to plain(value.invite))
    is Ensured.Existing -> mapOf("outcome" to "existing", "invite" to plain(value.invite))
    is Ensured.AlreadyMember -> mapOf("outcome" to "member", "member" to plain(value.member))
    is Roster, is Plan -> json.readTree(if (value is Plan) value.toJson() else (value as Roster).toJson())
    is Renewed -> json.readTree(writeRenewed(value))
    is Report -> mapOf(
        "complete" to value.isComplete,
        "stopped" to value.isStopped,
        "counts" to value.counts.mapKeys { (outcome, _) -> outcome.text },
        "lines" to plain(value.lines),
    )
    is ReportLine -> mapOf(
        "email" to value.email,
        "action" to value.action.text,
        "outcome" to value.outcome.text,
        "note" to value.note,
        "invite" to plain(value.invite),
        "error" to plain(value.error),
        "requestId" to value.requestId,
        "reasonCode" to value.reasonCode?.text,
    )
    is InviteException -> mapOf(
        "kind" to value.kind,
        "message" to value.reason,
        "advice" to value.advice,
        "status" to value.status,
        "code" to value.code,
        "errors" to value.errors,
        "requestId" to value.requestId,
        "attempts" to value.attempts,
        "retryable" to value.isRetryable,
        "retryAfterMs" to value.retryAfterMillis,
        "inviteMayExist" to value.inviteMayExist,
    )
    else -> value
}
