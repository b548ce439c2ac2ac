package icepanel.invites

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.future
import java.util.concurrent.CompletableFuture

/**
 * The calls of an [InviteClient] for Java. Each says what its namesake there says.
 *
 * ```java
 * try (var client = InviteClient.fromEnv()) {
 *     var guest = new NewInvite("ada@example.com", Permission.of("read"), Duration.ofDays(14));
 *     Ensured ensured = client.futures().ensure(guest).join();
 * }
 * ```
 *
 * A future that fails does so with an [InviteException], which `join` and `get` wrap as they do. Cancelling a future stops
 * its request; of a create that was stopped, an invite may exist.
 */
public class InviteFutures internal constructor(private val client: InviteClient) {
    /** See [InviteClient.list]. */
    @JvmOverloads
    public fun list(filter: InviteFilter = InviteFilter()): CompletableFuture<List<Invite>> =
        start { list(filter) }

    /** See [InviteClient.findActive]: null if there is none. */
    public fun findActive(email: String): CompletableFuture<Invite?> = start { findActive(email) }

    /** See [InviteClient.create]. */
    public fun create(invite: NewInvite): CompletableFuture<Invite> = start { create(invite) }

    /** See [InviteClient.ensure]. */
    public fun ensure(invite: NewInvite): CompletableFuture<Ensured> = start { ensure(invite) }

    /** See [InviteClient.revoke]. */
    public fun revoke(inviteId: String): CompletableFuture<Invite> = start { revoke(inviteId) }

    /** See [InviteClient.revokeActive]. */
    public fun revokeActive(email: String): CompletableFuture<List<Invite>> = start { revokeActive(email) }

    /** See [InviteClient.members]. */
    public fun members(): CompletableFuture<List<Member>> = start { members() }

    /** See [InviteClient.seats]. */
    public fun seats(): CompletableFuture<Seats> = start { seats() }

    // Not a scope that is kept: a call that fails is its future's affair, and no other call's.
    private fun <T> start(run: suspend InviteClient.() -> T): CompletableFuture<T> =
        CoroutineScope(Dispatchers.Default).future { client.run() }
}
