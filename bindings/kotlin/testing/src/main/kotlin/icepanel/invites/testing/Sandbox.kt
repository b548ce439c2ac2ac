package icepanel.invites.testing

import icepanel.invites.ClientOptions
import icepanel.invites.InviteClient
import icepanel.invites.testing.ffi.SandboxFailure
import icepanel.invites.testing.ffi.SandboxServer
import icepanel.invites.testing.ffi.sandboxApiKey
import icepanel.invites.testing.ffi.sandboxOrganizationId
import java.util.function.Consumer

/**
 * A local server that responds as the documented API does, with faults on request: for tests.
 *
 * ```
 * Sandbox("""{"seats": 3, "members": [{"email": "ada@example.com", "permission": "admin"}]}""").use { sandbox ->
 *     sandbox.client().use { client -> … }
 * }
 * ```
 *
 * States, faults and reports are JSON, as in the sandbox's control API (`docs/control-api.md` there).
 *
 * @param state the state to start from; `{}` is an empty organization
 * @throws IllegalArgumentException if the state is invalid
 */
public class Sandbox @JvmOverloads constructor(state: String = "{}") : AutoCloseable {
    private val server = accepted { SandboxServer.start(state) }

    /** The base URL of the API. */
    public val baseUrl: String = accepted { server.baseUrl() }

    /**
     * A client of the sandbox, with the key [API_KEY] and the organization [ORGANIZATION_ID]. Its waits between
     * attempts take no time, unless the options set [skipWaits][ClientOptions.skipWaits] to false.
     */
    @JvmSynthetic
    public fun client(configure: ClientOptions.() -> Unit): InviteClient {
        val options = ClientOptions()
        options.baseUrl = baseUrl
        options.skipWaits = true
        return InviteClient(API_KEY, ORGANIZATION_ID, options.apply(configure))
    }

    /** As the other, with the default options. */
    public fun client(): InviteClient = client { }

    /** As the other, for Java. */
    public fun client(configure: Consumer<ClientOptions>): InviteClient = client { configure.accept(this) }

    /** Deletes its data and starts from this state. */
    public fun setState(state: String): Unit = accepted { server.setState(state) }

    /** Adds faults, a JSON list, after the existing ones. */
    public fun addFaults(faults: String): Unit = accepted { server.addFaults(faults) }

    /** Marks the newest active invite with this address, or the invite with this id, as used. */
    public fun markUsed(emailOrId: String): Unit = accepted { server.markUsed(emailOrId) }

    /** What happened since the state was set, in JSON. */
    public fun report(): String = accepted { server.report() }

    /** Ends the server and closes its connections. */
    override fun close(): Unit = accepted { server.stop() }

    public companion object {
        /** The API key of a sandbox unless its state has another. */
        @JvmField
        public val API_KEY: String = sandboxApiKey()

        /** The organization that a sandbox has unless its state has another. */
        @JvmField
        public val ORGANIZATION_ID: String = sandboxOrganizationId()

        private fun <T> accepted(run: () -> T): T = try {
            run()
        } catch (refused: SandboxFailure.Refused) {
            throw IllegalArgumentException(refused.reason, refused)
        }
    }
}
