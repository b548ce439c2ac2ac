package icepanel.invites

import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native
import icepanel.invites.ffi.CancelHandle
import icepanel.invites.ffi.Failure
import icepanel.invites.ffi.InternalException
import icepanel.invites.ffi.uniffiRustFutureContinuationCallbackImpl
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.nio.charset.CharacterCodingException
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration
import kotlin.time.toKotlinDuration
import icepanel.invites.ffi.InviteClient as NativeClient

/**
 * A handle on the invites of one organization.
 *
 * ```
 * InviteClient.fromEnv().use { client ->
 *     when (val ensured = client.ensure(NewInvite("ada@example.com", Permission.Read, 14.days))) {
 *         is Ensured.Created -> println("invited until ${ensured.invite.expiresAt}")
 *         is Ensured.Existing -> println("invited already, until ${ensured.invite.expiresAt}")
 *         is Ensured.AlreadyMember -> println("a member already, with ${ensured.member.permission}")
 *     }
 * }
 * ```
 *
 * Make one and share it: its calls share connections, the view of the service's limits, and the memory of invites made
 * a moment ago. All its functions may be called from any thread, the main thread of an app too. From Java, see [futures].
 *
 * Every call throws an [InviteException] for what went wrong. Cancelling the coroutine of a call stops its request; of a
 * create that was stopped, [inviteMayExist][InviteException.inviteMayExist] says so, see [CancellationException.invite].
 */
public class InviteClient private constructor(private val native: NativeClient) : AutoCloseable {
    private val stop = CancelHandle()
    private val closed = AtomicBoolean()

    /** Checks the options and makes a client. Nothing is sent. The key is `<id>:<hex secret>`. */
    @JvmOverloads
    public constructor(apiKey: String, organizationId: String, options: ClientOptions = ClientOptions()) :
        this(made { NativeClient(apiKey, organizationId, options.toNative(), options.onEvent?.let(::Listener)) })

    /** The organization's id. */
    public val organizationId: String get() = open().organizationId()

    /** The same client with another limit for its whole calls. It shares all but [close]. */
    public fun withTimeout(limit: Duration): InviteClient =
        InviteClient(made { open().withTimeout(milliseconds("time-out", limit)) })

    /** The same client with another limit for its whole calls; for Java. */
    public fun withTimeout(limit: java.time.Duration): InviteClient = withTimeout(limit.toKotlinDuration())

    /** The same client with another retry policy. It shares all but [close]. */
    public fun withRetry(policy: RetryPolicy): InviteClient = InviteClient(made { open().withRetry(policy.toNative()) })

    /**
     * The invites that a filter lets through, in the service's order.
     *
     * The service has no paging: its answer has every invite there ever was. It is decoded while it comes, and only what
     * the filter lets through is kept.
     */
    public suspend fun list(filter: InviteFilter = InviteFilter()): List<Invite> = withContext(Dispatchers.Default) {
        call("list") { list(filter.toNative(), it) }.map(::Invite)
    }

    /**
     * The active invite of an address, letter case ignored, or null. If there are several, the one that was made first:
     * the one that [ensure] would return.
     */
    public suspend fun findActive(email: String): Invite? = call("find_active") { findActive(email, it) }?.let(::Invite)

    /**
     * Sends one invite, once. The service e-mails the person.
     *
     * Where the answer is lost, the client reads the list to find out whether the invite was made, and sends it again
     * only if it was not. It does not look whether the person is invited or a member already: [ensure] does.
     */
    public suspend fun create(invite: NewInvite): Invite = Invite(call("create") { create(invite.toNative(), it) })

    /**
     * Sees to it that the person is invited, by one invite and no more.
     *
     * A member is told as such and a person with an active invite gets that one back. Else one is made. If several
     * workers, on one machine or many, do this at once, all return the same invite and the others are revoked.
     */
    public suspend fun ensure(invite: NewInvite): Ensured =
        Ensured.of(call("ensure") { ensure(invite.toNative(), it) })

    /** Revokes an invite. One that is revoked already comes back as it is. */
    public suspend fun revoke(inviteId: String): Invite = Invite(call("revoke") { revoke(inviteId, it) })

    /** Revokes every active invite of an address, and returns them as revoked. None is no error. */
    public suspend fun revokeActive(email: String): List<Invite> =
        call("revoke_active") { revokeActive(email, it) }.map(::Invite)

    /** Who is in the organization, by user id. */
    public suspend fun members(): List<Member> = withContext(Dispatchers.Default) {
        call("members") { members(it) }.map(::Member)
    }

    /** Paid seats: bought, taken by members, promised to active invites, free. */
    public suspend fun seats(): Seats = Seats(call("seats") { seats(it) })

    /** The same client for Java: each call returns a [java.util.concurrent.CompletableFuture]. */
    public fun futures(): InviteFutures = InviteFutures(this)

    /**
     * Stops the calls that are under way, which throw [InviteException.Cancelled]. A call made afterwards throws an
     * [IllegalStateException]. More than once is no error.
     */
    override fun close() {
        if (closed.compareAndSet(false, true)) {
            stop.cancel()
            native.close()
        }
    }

    private fun open(): NativeClient {
        check(!closed.get()) { "the client is closed" }
        return native
    }

    private suspend fun <T> call(operation: String, run: suspend NativeClient.(CancelHandle) -> T): T {
        val client = open()
        return try {
            client.run(stop)
        } catch (cancellation: CancellationException) {
            // Still what coroutines know how to handle, with what it means for invites as its cause.
            val cause = cancelled(operation)
            cause.addSuppressed(cancellation)
            throw CancellationException(cause.message).initCause(cause)
        } catch (failure: Exception) {
            throw told(failure)
        }
    }

    public companion object {
        init {
            // Else each end of a call would attach a thread of the library to the JVM and detach it again.
            val threads = CallbackThreadInitializer(true, false, "icepanel-invites")
            Native.setCallbackThreadInitializer(uniffiRustFutureContinuationCallbackImpl, threads)
        }

        /** A client with options set in place: `InviteClient(key, organization) { timeout = 30.seconds }`. */
        @JvmSynthetic
        public inline operator fun invoke(
            apiKey: String,
            organizationId: String,
            configure: ClientOptions.() -> Unit,
        ): InviteClient = InviteClient(apiKey, organizationId, ClientOptions().apply(configure))

        /**
         * A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and `ICEPANEL_BASE_URL` if it
         * is set and the options do not say it.
         */
        @JvmStatic
        @JvmOverloads
        public fun fromEnv(options: ClientOptions = ClientOptions()): InviteClient =
            InviteClient(made { NativeClient.fromEnv(options.toNative(), options.onEvent?.let(::Listener)) })

        private fun made(make: () -> NativeClient): NativeClient = try {
            make()
        } catch (failure: Exception) {
            throw told(failure)
        }

        /** What the library threw, as this package tells it. */
        private fun told(failure: Exception): Exception = when (failure) {
            is Failure.Told -> InviteException.of(failure.error)
            is CharacterCodingException -> invalidInput("a text is not Unicode: it has half of a surrogate pair")
            is InternalException -> IllegalStateException("a bug in icepanel-invites: ${failure.message}", failure)
            else -> failure
        }
    }
}
