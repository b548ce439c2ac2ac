//! The JSON of the service's data.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    json::{Object, object, write_string},
    record::{MemberRecord, Record},
    state::Settings,
};

/// One invite.
pub(crate) fn invite(settings: &Settings, record: &Record) -> Vec<u8> {
    let behaviour = &settings.behaviour;
    object(behaviour.extra_fields, |o| {
        o.text("id", &record.id);
        o.text("organizationId", &settings.organization_id);
        o.text("email", &behaviour.write_email(&record.email));
        o.text("permission", &record.permission);
        landscapes(o, record.landscape_permissions.as_ref());
        o.text("expiresAt", &behaviour.write_time(record.expires_at));
        o.text("createdAt", &behaviour.write_time(record.created_at));
        o.text("createdBy", &record.created_by);
        o.text("createdById", &record.created_by_id);
        if let Some(at) = record.revoked_at {
            o.text("revokedAt", &behaviour.write_time(at));
            let by = record.revoked_by.as_ref();
            let (kind, id) = by.map_or(("api-key", settings.key_id()), |(kind, id)| (kind, id));
            o.text("revokedBy", kind);
            o.text("revokedById", id);
        }
        if let Some((at, user)) = &record.used {
            o.text("usedAt", &behaviour.write_time(*at));
            o.text("usedByUserId", user);
        }
    })
}

/// The answer to a create or a revoke.
pub(crate) fn one_invite(settings: &Settings, invite: &[u8]) -> Vec<u8> {
    object(settings.behaviour.extra_fields, |o| {
        o.raw("organizationUserInvite", invite);
    })
}

/// The response to a list.
pub(crate) fn all_invites<'a>(
    settings: &Settings,
    invites: impl Iterator<Item = &'a [u8]> + Clone,
) -> Vec<u8> {
    let size: usize = invites.clone().map(|invite| invite.len() + 1).sum();
    let mut body = Vec::with_capacity(size + 320);
    let mut answer = Object::open(&mut body, settings.behaviour.extra_fields);
    let out = answer.name("organizationUserInvites");
    out.push(b'[');
    for (at, invite) in invites.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(invite);
    }
    out.push(b']');
    answer.close();
    body
}

/// The response to a request for the members.
pub(crate) fn all_members(settings: &Settings, members: &[MemberRecord]) -> Vec<u8> {
    let behaviour = &settings.behaviour;
    let users = object(false, |users| {
        for member in members {
            let user = object(behaviour.extra_fields, |o| {
                o.text("email", &behaviour.write_email(&member.email));
                o.text("permission", &member.permission);
                landscapes(o, member.landscape_permissions.as_ref());
                o.text("lastActiveAt", &behaviour.write_time(member.last_active_at));
                for (name, value) in [("name", &member.name), ("jobRole", &member.job_role)] {
                    if let Some(value) = value {
                        o.text(name, value);
                    }
                }
            });
            users.raw(&member.user_id, &user);
        }
    });
    object(behaviour.extra_fields, |o| {
        o.raw("organizationUsers", &users);
    })
}

/// The answer to an update of a member.
pub(crate) fn one_member(settings: &Settings, member: &MemberRecord) -> Vec<u8> {
    let unknown_fields = settings.behaviour.extra_fields;
    let user = object(unknown_fields, |o| {
        o.text("permission", &member.permission);
        landscapes(o, member.landscape_permissions.as_ref());
    });
    object(unknown_fields, |o| o.raw("organizationUser", &user))
}

/// The answer to the removal of a member: documented as an object without fields.
pub(crate) fn nothing(settings: &Settings) -> Vec<u8> {
    object(settings.behaviour.extra_fields, |_| {})
}

/// The answer to a question for the organization.
pub(crate) fn organization(
    settings: &Settings,
    members: &[MemberRecord],
    made_at: DateTime<Utc>,
) -> Vec<u8> {
    let unknown_fields = settings.behaviour.extra_fields;
    let made_at = settings.behaviour.write_time(made_at);
    let users = object(false, |users| {
        for member in members {
            let user = object(unknown_fields, |o| {
                o.text("permission", &member.permission);
                landscapes(o, member.landscape_permissions.as_ref());
            });
            users.raw(&member.user_id, &user);
        }
    });
    let mut user_ids = vec![b'['];
    for (at, member) in members.iter().enumerate() {
        if at > 0 {
            user_ids.push(b',');
        }
        write_string(&mut user_ids, &member.user_id);
    }
    user_ids.push(b']');
    let organization = object(unknown_fields, |o| {
        o.text("id", &settings.organization_id);
        o.text("name", &settings.name);
        o.value("seats", &settings.seats);
        o.text("plan", "growth");
        o.text("status", "active");
        o.raw("autoInviteDomains", b"[]");
        o.raw("billingPaymentMethod", b"true");
        o.text("lineShapeDefault", "curved");
        o.raw("oauthLandscapeWriteEnabled", b"false");
        o.raw("shareLinkAuthDomains", b"[]");
        o.raw("shareLinksEnabled", b"true");
        for (at, by, id) in [
            ("createdAt", "createdBy", "createdById"),
            ("updatedAt", "updatedBy", "updatedById"),
        ] {
            o.text(at, &made_at);
            o.text(by, "service");
            o.text(id, "sandbox");
        }
        o.raw("userIds", &user_ids);
        o.raw("users", &users);
    });
    object(unknown_fields, |o| o.raw("organization", &organization))
}

fn landscapes(o: &mut Object<'_>, permissions: Option<&BTreeMap<String, bool>>) {
    if let Some(permissions) = permissions {
        o.value("landscapePermissions", permissions);
    }
}
