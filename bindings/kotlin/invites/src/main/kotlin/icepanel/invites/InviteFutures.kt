package icepanel.invites

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.future.future
import java.util.concurrent.CompletableFuture
import java.util.function.Consumer
import kotlin.time.toKotlinDuration

/**
 * The calls of an [InviteClient] for Java. Each is documented there under the same name.
 *
 * ```java
 * try (var client = InviteClient.fromEnv()) {
 *     var guest = new NewInvite("ada@example.com", Permission.of("read"), Duration.ofDays(14));
 *     Ensured ensured = client.futures().ensure(guest).join();
 * }
 * ```
 *
 * Dependent stages of a future (`thenApply`) run on threads of this package, and may wait for other calls; or they run
 * on the executor that was passed to [InviteClient.futures].
 *
 * A future fails with an [InviteException], which `join` and `get` wrap. Cancelling a future stops its request; after a
 * cancelled create an invite may exist.
 */
public class InviteFutures internal constructor(private val client: InviteClient, private val dispatcher: CoroutineDispatcher) {
    /** See [InviteClient.list]. */
    @JvmOverloads
    public fun list(filter: InviteFilter = InviteFilter()): CompletableFuture<List<Invite>> = start { list(filter) }

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

    /** See [InviteClient.updateMember]. */
    @JvmOverloads
    public fun updateMember(
        member: String,
        permission: Permission,
        landscapePermissions: Map<String, Boolean>? = null,
    ): CompletableFuture<Member> = start { updateMember(member, permission, landscapePermissions) }

    /** See [InviteClient.removeMember]: null if there is no such member. */
    public fun removeMember(member: String): CompletableFuture<Member?> = start { removeMember(member) }

    /** See [InviteClient.seats]. */
    public fun seats(): CompletableFuture<Seats> = start { seats() }

    /** See [InviteClient.plan]. */
    @JvmOverloads
    public fun plan(roster: Roster, options: PlanOptions = PlanOptions()): CompletableFuture<Plan> =
        start { plan(roster, options) }

    /** See [InviteClient.apply]. */
    @JvmOverloads
    public fun apply(
        plan: Plan,
        options: ApplyOptions = ApplyOptions(),
        onProgress: Consumer<Progress>? = null,
    ): CompletableFuture<Report> = start { apply(plan, options, onProgress?.let { it::accept }) }

    /** See [InviteClient.dump]. */
    @JvmOverloads
    public fun dump(membersExpire: Expiry? = null): CompletableFuture<Roster> = start { dump(membersExpire) }

    /** See [InviteClient.renew]. */
    public fun renew(target: String, expiry: Expiry): CompletableFuture<Renewed> = start { renew(target, expiry) }

    /** See [InviteClient.renew]. */
    public fun renew(target: String, expiresIn: java.time.Duration): CompletableFuture<Renewed> =
        renew(target, Expiry.In(expiresIn.toKotlinDuration()))

    // Not a shared scope: the failure of one call must not affect other calls.
    private fun <T> start(run: suspend InviteClient.() -> T): CompletableFuture<T> =
        CoroutineScope(dispatcher).future { client.run() }
}
