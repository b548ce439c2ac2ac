package icepanel.invites

import kotlinx.coroutines.flow.Flow

/**
 * The calls of an [InviteClient]. A program that uses this interface can be tested with a fake; the package
 * `icepanel-invites-testing` has a server that responds as the service does.
 *
 * A later version may add functions.
 */
public interface InviteOperations {
    /** The organization's id. */
    public val organizationId: String

    /** See [InviteClient.list]. */
    public suspend fun list(filter: InviteFilter = InviteFilter()): List<Invite>

    /** See [InviteClient.findActive]. */
    public suspend fun findActive(email: String): Invite?

    /** See [InviteClient.create]. */
    public suspend fun create(invite: NewInvite): Invite

    /** See [InviteClient.ensure]. */
    public suspend fun ensure(invite: NewInvite): Ensured

    /** See [InviteClient.revoke]. */
    public suspend fun revoke(inviteId: String): Invite

    /** See [InviteClient.revokeActive]. */
    public suspend fun revokeActive(email: String): List<Invite>

    /** See [InviteClient.members]. */
    public suspend fun members(): List<Member>

    /** See [InviteClient.updateMember]. */
    public suspend fun updateMember(
        member: String,
        permission: Permission,
        landscapePermissions: Map<String, Boolean>? = null,
    ): Member

    /** See [InviteClient.removeMember]. */
    public suspend fun removeMember(member: String): Member?

    /** See [InviteClient.seats]. */
    public suspend fun seats(): Seats

    /** See [InviteClient.plan]. */
    public suspend fun plan(roster: Roster, options: PlanOptions = PlanOptions()): Plan

    /** See [InviteClient.apply]. */
    public suspend fun apply(
        plan: Plan,
        options: ApplyOptions = ApplyOptions(),
        onProgress: ((Progress) -> Unit)? = null,
    ): Report

    /** See [InviteClient.applying]. */
    public fun applying(plan: Plan, options: ApplyOptions = ApplyOptions()): Flow<Applying>

    /** See [InviteClient.dump]. */
    public suspend fun dump(membersExpire: Expiry? = null): Roster

    /** See [InviteClient.renew]. */
    public suspend fun renew(target: String, expiry: Expiry): Renewed
}
