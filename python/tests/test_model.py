"""What the API says, as Python's objects."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from icepanel_invites import (
    Actor,
    AlreadyMember,
    Created,
    Ensured,
    Existing,
    InvalidInputError,
    Invite,
    InviteStatus,
    Member,
    NewInvite,
    Permission,
    Seats,
)
from icepanel_invites.testing import Sandbox

INVITE: dict[str, Any] = {
    "id": "invite-1",
    "organizationId": "sandbox",
    "email": "Ada@example.com",
    "permission": "write",
    "landscapePermissions": {"landscape-1": True},
    "status": "revoked",
    "expiresAt": "2031-01-15T09:30:00.123456789Z",
    "createdAt": "2030-01-15T09:30:00Z",
    "createdBy": "api-key",
    "createdById": "key-1",
    "revokedAt": "2030-02-01T00:00:00Z",
    "revokedBy": "robot",
    "revokedById": "user-1",
}
MEMBER: dict[str, Any] = {
    "userId": "user-1",
    "email": "grace@example.com",
    "permission": "admin",
    "name": "Grace",
    "lastActiveAt": "2030-01-15T09:30:00Z",
}
SEATS = {"paid": 5, "taken": 2, "promised": 1, "free": 2}


def objects() -> list[Any]:
    invite, member = Invite.from_dict(INVITE), Member.from_dict(MEMBER)
    return [
        invite,
        member,
        Seats.from_dict(SEATS),
        Created(invite),
        Existing(invite),
        AlreadyMember(member),
        NewInvite("ada@example.com", "read", timedelta(days=1, microseconds=1)),
        NewInvite(
            "ada@example.com",
            "observer",
            datetime(2031, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            landscape_permissions={"landscape-1": False},
        ),
    ]


names = [type(each).__name__ for each in objects()]


@pytest.mark.parametrize("at", range(len(names)), ids=names)
def test_an_object_equals_its_twin_and_no_other(at: int) -> None:
    one, twin = objects()[at], objects()[at]
    assert one == twin and hash(one) == hash(twin) and len({one, twin}) == 1
    assert one != "ada@example.com" and one is not None
    others = [other for number, other in enumerate(objects()) if number != at]
    assert all(one != other for other in others)


@pytest.mark.parametrize("at", range(len(names)), ids=names)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_an_object_can_be_pickled_and_copied(at: int, protocol: int) -> None:
    one = objects()[at]
    for copied in (pickle.loads(pickle.dumps(one, protocol)), copy.copy(one), copy.deepcopy(one)):
        assert copied == one and type(copied) is type(one) and copied.to_dict() == one.to_dict()


@pytest.mark.parametrize("at", range(len(names)), ids=names)
def test_an_object_is_immutable(at: int) -> None:
    one = objects()[at]
    with pytest.raises(AttributeError):
        one.email = "eve@example.com"
    with pytest.raises(AttributeError):
        one.something = 1
    with pytest.raises(TypeError):
        type("Sub", (type(one),), {})


@pytest.mark.parametrize("at", range(len(names)), ids=names)
def test_an_object_has_a_repr_and_a_dict_for_json(at: int) -> None:
    one = objects()[at]
    assert repr(one).startswith(f"{type(one).__name__}(") and repr(one).endswith(")")
    json.dumps(one.to_dict())


def test_reprs_tell_what_matters() -> None:
    assert repr(Invite.from_dict(INVITE)) == (
        "Invite(id='invite-1', email='Ada@example.com', permission='write', status='revoked', "
        "expires_at='2031-01-15T09:30:00.123456789Z')"
    )
    assert repr(Seats.from_dict(SEATS)) == "Seats(paid=5, taken=2, promised=1, free=2)"
    assert repr(NewInvite("ada@example.com", "read", timedelta(days=1))) == (
        "NewInvite(email='ada@example.com', permission='read', expires=datetime.timedelta(days=1))"
    )


def test_dicts_are_as_the_api_says() -> None:
    assert Invite.from_dict(INVITE).to_dict() == INVITE
    assert Member.from_dict(MEMBER).to_dict() == MEMBER
    assert Seats.from_dict(SEATS).to_dict() == SEATS


def test_the_fields_have_pythons_types() -> None:
    invite = Invite.from_dict(INVITE)
    assert invite.expires_at == datetime(2031, 1, 15, 9, 30, 0, 123456, tzinfo=timezone.utc)
    assert invite.expires_at.utcoffset() == timedelta(0)
    assert type(invite.permission) is Permission and invite.permission.is_paid
    assert type(invite.status) is InviteStatus and not invite.is_active
    assert type(invite.created_by) is Actor and invite.revoked_by == "robot"
    assert invite.landscape_permissions == {"landscape-1": True}
    assert invite.used_at is None and invite.used_by_user_id is None
    landscapes = invite.landscape_permissions
    landscapes.clear()
    assert invite.landscape_permissions == {"landscape-1": True}


def test_match() -> None:
    match Invite.from_dict(INVITE):
        case Invite(email=email, status=InviteStatus.REVOKED, permission="write"):
            assert email == "Ada@example.com"
        case _:
            pytest.fail("no match")
    match Existing(Invite.from_dict(INVITE)):
        case Created(_):
            pytest.fail("wrong match")
        case Existing(Invite(email, Permission.WRITE)):
            assert email == "Ada@example.com"
        case _:
            pytest.fail("no match")
    match Seats.from_dict(SEATS):
        case Seats(free=0):
            pytest.fail("wrong match")
        case Seats(paid, taken):
            assert (paid, taken) == (5, 2)


@pytest.mark.parametrize("kind", [Permission, InviteStatus, Actor])
def test_values_are_strings_and_open(kind: type[Permission]) -> None:
    for text in kind.KNOWN:
        value = getattr(kind, text.upper().replace("-", "_"))
        assert value == text and hash(value) == hash(text) and isinstance(value, str)
        assert value == kind(text.upper()) and {value: 1}[text] == 1
        assert f"{value}" == text and json.dumps(value) == f'"{text}"'
        assert repr(value) == f"{kind.__name__}({text!r})" and type(value.value) is str
    new = kind("Brand-New")
    assert new == "Brand-New" and pickle.loads(pickle.dumps(new)) == new
    assert type(pickle.loads(pickle.dumps(new))) is kind


def test_a_naive_datetime_is_refused_with_what_to_write() -> None:
    with pytest.raises(InvalidInputError, match=r"datetime\.now\(timezone\.utc\)") as refused:
        NewInvite("ada@example.com", "read", datetime(2031, 1, 1))
    assert isinstance(refused.value, ValueError) and refused.value.kind == "invalid_input"
    assert "2031-01-01" in str(refused.value)


@pytest.mark.parametrize("expires", ["2031-01-01", 14, None, datetime(2031, 1, 1).date()])
def test_what_is_no_end_is_a_type_error(expires: Any) -> None:
    with pytest.raises(TypeError, match="datetime or a timedelta"):
        NewInvite("ada@example.com", "read", expires)


def test_an_end_in_any_zone_is_that_instant(sandbox: Sandbox) -> None:
    end = datetime(2031, 7, 1, 12, tzinfo=timezone(timedelta(hours=-5)))
    with sandbox.client() as client:
        assert client.create("ada@example.com", "read", end).expires_at == end
        last = datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))
        with pytest.raises(InvalidInputError, match="too far off"):
            client.create("bob@example.com", "read", last)
        for span in (timedelta.max, timedelta(0), timedelta(days=-1)):
            with pytest.raises(InvalidInputError):
                client.create("bob@example.com", "read", span)


def test_a_dict_that_is_no_invite_is_refused() -> None:
    for wrong in ({}, {**INVITE, "expiresAt": "tomorrow"}, {**INVITE, "id": None}):
        with pytest.raises(InvalidInputError, match="the invite"):
            Invite.from_dict(wrong)


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 64, 5000])
def test_a_list_of_any_length_is_whole_and_in_order(count: int) -> None:
    state = {"generate": {"invites": count, "active": 0}} if count else {}
    with Sandbox(state) as sandbox, sandbox.client() as client:
        emails = [invite.email for invite in client.list()]
    assert emails == [f"user-{number}@example.com" for number in range(count)]


def test_ensured_is_one_of_three() -> None:
    invite, member = Invite.from_dict(INVITE), Member.from_dict(MEMBER)
    created, existing, already = Created(invite), Existing(invite), AlreadyMember(member)
    for each in (created, existing, already):
        assert isinstance(each, Ensured)
        assert each == pickle.loads(pickle.dumps(each)) and hash(each) == hash(type(each)(each.invite or each.member))
        with pytest.raises(AttributeError, match="cannot be changed"):
            each.invite = None  # type: ignore[misc, assignment]
    assert created != existing and created == Created(invite)
    assert [each.outcome for each in (created, existing, already)] == ["created", "existing", "member"]
    assert [each.created for each in (created, existing, already)] == [True, False, False]
    assert (created.invite, created.member) == (invite, None)
    assert (already.invite, already.member) == (None, member)
    assert existing.to_dict() == {"outcome": "existing", "invite": invite.to_dict()}
    assert already.to_dict() == {"outcome": "member", "member": member.to_dict()}
    assert repr(created).startswith("Created(Invite(id=")


def test_how_an_invite_differs_from_what_is_asked_for() -> None:
    invite, member = Invite.from_dict(INVITE), Member.from_dict(MEMBER)
    end = datetime(2031, 1, 15, 9, 30, tzinfo=timezone.utc)
    same = NewInvite("ada@example.com", "write", end)
    other = NewInvite("ada@example.com", "read", end + timedelta(days=1), landscape_permissions={"landscape-2": True})
    every = ["permission", "landscapePermissions", "expiresAt"]
    assert (invite.differs_from(same), invite.differs_from(other)) == ([], every)
    assert (Existing(invite).differs_from(same), Existing(invite).differs_from(other)) == ([], every)
    assert Created(invite).differs_from(other) == []
    assert AlreadyMember(member).differs_from(other) == ["permission"]
    # Half of a duration may be over, at the instant that is given.
    fortnight = NewInvite("ada@example.com", "write", timedelta(days=14))
    assert invite.differs_from(fortnight, end - timedelta(days=7)) == []
    assert invite.differs_from(fortnight, now=end - timedelta(days=6)) == ["expiresAt"]
    with pytest.raises(InvalidInputError, match="has no time zone"):
        invite.differs_from(same, datetime(2030, 1, 1))
    with pytest.raises(TypeError):
        invite.differs_from("ada@example.com")  # type: ignore[arg-type]
