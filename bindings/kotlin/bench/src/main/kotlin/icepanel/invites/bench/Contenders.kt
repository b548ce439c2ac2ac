package icepanel.invites.bench

import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule
import com.fasterxml.jackson.module.kotlin.jacksonObjectMapper
import com.fasterxml.jackson.module.kotlin.readValue
import icepanel.invites.InviteClient
import icepanel.invites.NewInvite
import icepanel.invites.Pacing
import icepanel.invites.Permission
import icepanel.invites.testing.Sandbox
import kotlinx.coroutines.future.await
import java.io.IOException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.time.Instant
import java.time.temporal.ChronoUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.days

/** The same work, done by the client and by hand. */
interface Contender : AutoCloseable {
    val name: String

    suspend fun list(): Int

    suspend fun findActive(email: String): Boolean

    suspend fun create(email: String)

    suspend fun members(): Int
}

class Ours(sandbox: Sandbox) : Contender {
    override val name = "icepanel-invites"
    private val client = InviteClient(Sandbox.API_KEY, Sandbox.ORGANIZATION_ID) {
        baseUrl = sandbox.baseUrl
        pacing = Pacing.NONE
    }

    override suspend fun list() = client.list().size

    override suspend fun findActive(email: String) = client.findActive(email) != null

    override suspend fun create(email: String) {
        client.create(NewInvite(email, Permission.Read, 7.days))
    }

    override suspend fun members() = client.members().size

    override fun close() = client.close()
}

/** `java.net.http` with Jackson, as one would write it: typed, with instants, and without a retry. */
class Peer(sandbox: Sandbox) : Contender {
    override val name = "java.net.http, Jackson"
    private val organization = "${sandbox.baseUrl}/organizations/${Sandbox.ORGANIZATION_ID}"
    private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
    private val json: ObjectMapper = jacksonObjectMapper()
        .registerModule(JavaTimeModule())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)

    data class Invite(
        val id: String,
        val organizationId: String,
        val email: String,
        val permission: String,
        val expiresAt: Instant,
        val createdAt: Instant,
        val createdBy: String,
        val createdById: String,
        val landscapePermissions: Map<String, Boolean>? = null,
        val revokedAt: Instant? = null,
        val revokedBy: String? = null,
        val revokedById: String? = null,
        val usedAt: Instant? = null,
        val usedByUserId: String? = null,
    )

    data class Invites(val organizationUserInvites: List<Invite>)

    data class Made(val organizationUserInvite: Invite)

    data class Member(val email: String, val permission: String)

    data class Members(val organizationUsers: Map<String, Member>)

    private fun request(path: String) = HttpRequest.newBuilder(URI("$organization$path")).header("x-api-key", Sandbox.API_KEY)

    /** How often a request failed for no reason of the server's. */
    val sentAgain = AtomicInteger()

    private suspend fun <T> send(request: HttpRequest, body: HttpResponse.BodyHandler<T>): T {
        val answer = try {
            http.sendAsync(request, body).await()
        } catch (_: IOException) {
            // Now and then it takes a connection from its pool that it is just closing.
            sentAgain.incrementAndGet()
            http.sendAsync(request, body).await()
        }
        check(answer.statusCode() == 200) { "${answer.statusCode()}" }
        return answer.body()
    }

    private suspend fun all(): List<Invite> = send(request("/users/invites").build(), BodyHandlers.ofInputStream())
        .use { json.readValue<Invites>(it) }.organizationUserInvites

    override suspend fun list() = all().size

    override suspend fun findActive(email: String): Boolean {
        val now = Instant.now()
        return all().any {
            it.email.equals(email, ignoreCase = true) && it.usedAt == null && it.revokedAt == null && it.expiresAt > now
        }
    }

    override suspend fun create(email: String) {
        val expiresAt = Instant.now().plus(7, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS).toString()
        val body = json.writeValueAsString(mapOf("email" to email, "permission" to "read", "expiresAt" to expiresAt))
        val request = request("/users/invites")
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build()
        json.readValue<Made>(send(request, BodyHandlers.ofByteArray()))
    }

    override suspend fun members(): Int =
        json.readValue<Members>(send(request("/users").build(), BodyHandlers.ofByteArray())).organizationUsers.size

    override fun close() = Unit
}
