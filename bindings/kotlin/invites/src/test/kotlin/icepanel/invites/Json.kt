package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper

internal val json = ObjectMapper()

/** Results and errors as `tests/scenarios` writes them. */
internal fun toJson(value: Any?): JsonNode = json.valueToTree(plain(value))

private fun plain(value: Any?): Any? = when (value) {
    Unit -> emptyMap<String, Any>()
    is List<*> -> value.map(::plain)
    is Invite -> json.readTree(writeInvite(value))
    is Member -> json.readTree(writeMember(value))
    is Seats -> json.readTree(writeSeats(value))
    is Compared -> (plain(value.ensured) as Map<*, *>) + ("differs" to value.differs.map { it.text })
    is Ensured.Created -> mapOf("outcome" to "created", "invite" to plain(value.invite))
    is Ensured.Existing -> mapOf("outcome" to "existing", "invite" to plain(value.invite))
    is Ensured.AlreadyMember -> mapOf("outcome" to "member", "member" to plain(value.member))
    is Roster, is Plan -> json.readTree(if (value is Plan) value.toJson() else (value as Roster).toJson())
    is Renewed -> json.readTree(writeRenewed(value))
    is Report -> json.readTree(value.toJson())
    is InviteException -> json.readTree(writeError(value.parts()))
    else -> value
}
