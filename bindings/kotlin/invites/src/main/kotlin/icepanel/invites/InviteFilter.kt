package icepanel.invites

import icepanel.invites.ffi.InviteFilter as NativeFilter

/**
 * Which invites [InviteClient.list] returns. What is null lets all through.
 *
 * @property status only invites that stand here, by the service's clock
 * @property email only invites of this address; letter case does not count
 * @property permission only invites with this permission
 * @property createdBy only invites made by this kind of actor
 */
public data class InviteFilter @JvmOverloads constructor(
    val status: InviteStatus? = null,
    val email: String? = null,
    val permission: Permission? = null,
    val createdBy: Actor? = null,
) {
    internal fun toNative(): NativeFilter =
        NativeFilter(status?.toNative(), email, permission?.toNative(), createdBy?.toNative())
}
