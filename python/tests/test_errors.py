"""The exceptions: a class a kind, with fields, and the key in none."""

from __future__ import annotations

import copy
import errno
import json
import pickle
import re
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import icepanel_invites
from icepanel_invites import (
    ClosedError,
    InvalidInputError,
    InviteClient,
    InviteConnectionError,
    InviteError,
    InviteTimeoutError,
    RateLimitedError,
    RejectedError,
    SeatsExhaustedError,
    ServerError,
)
from icepanel_invites.testing import Sandbox

CORE = Path(__file__).parents[2] / "crates" / "icepanel-invites" / "src"
WEEK = timedelta(days=7)
KEY = "tester:00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee"


def classes() -> dict[str, type[InviteError]]:
    every = [getattr(icepanel_invites, name) for name in icepanel_invites.__all__]
    errors = [each for each in every if isinstance(each, type) and issubclass(each, InviteError)]
    return {each.kind: each for each in errors if each is not InviteError}


def test_every_kind_of_the_core_has_a_class() -> None:
    source = (CORE / "error.rs").read_text()
    kinds = re.findall(r'Self::\w+ => "(\w+)"', source)
    assert len(kinds) >= 15 and set(kinds) == set(classes())


def test_the_classes_stand_under_pythons_own() -> None:
    assert issubclass(InvalidInputError, ValueError)
    assert issubclass(InviteTimeoutError, TimeoutError)
    assert issubclass(InviteConnectionError, ConnectionError)
    assert issubclass(ClosedError, RuntimeError)
    assert all(issubclass(each, InviteError) for each in classes().values())
    assert all(each.__doc__ for each in classes().values())


def test_the_fields_of_an_error() -> None:
    fault = {
        "fault": "status",
        "on": "create",
        "status": 422,
        "body": {"message": "Unprocessable", "code": "bad", "errors": ["email", "permission."]},
    }
    with Sandbox({"faults": [fault]}) as sandbox, sandbox.client() as client:
        with pytest.raises(RejectedError) as caught:
            client.create("ada@example.com", "read", WEEK)
    error = caught.value
    assert (error.kind, error.status, error.code) == ("rejected", 422, "bad")
    assert error.errors == ("email", "permission.")
    assert error.request_id and error.attempts == 1 and not error.retryable
    assert error.retry_after is None and not error.invite_may_exist
    assert str(error) == f"{error.message}. {error.advice}" == error.to_dict()["full"]
    assert error.message.endswith("permission") and ".." not in str(error)


def test_a_wait_is_a_timedelta() -> None:
    fault = {"fault": "status", "status": 429, "headers": {"retry-after": "7"}, "times": None}
    with Sandbox({"faults": [fault]}) as sandbox, sandbox.client(timeout=5) as client:
        with pytest.raises(RateLimitedError) as caught:
            client.members()
    assert caught.value.retry_after == timedelta(seconds=7) and caught.value.retryable


def failures() -> list[InviteError]:
    found: list[InviteError] = []
    with Sandbox({"seats": 0}) as sandbox, sandbox.client(max_attempts=1) as client:
        for fault, permission in (
            (None, "write"),
            ({"fault": "status", "status": 503, "on": "list", "times": None}, "read"),
            ({"fault": "cut", "on": "list", "times": None}, "read"),
            ({"fault": "hang", "on": "list", "times": None}, "read"),
        ):
            if fault is not None:
                sandbox.set_state({"faults": [fault]})
            try:
                hangs = fault is not None and fault["fault"] == "hang"
                each = client.with_options(timeout=0.2 if hangs else 60)
                each.list() if fault else each.create("ada@example.com", permission, WEEK)
            except InviteError as error:
                found.append(error)
    return found


def test_errors_can_be_pickled_and_copied() -> None:
    errors = failures()
    assert [type(error) for error in errors] == [
        SeatsExhaustedError,
        ServerError,
        InviteConnectionError,
        InviteTimeoutError,
    ]
    for error in errors:
        for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert type(twin) is type(error) and str(twin) == str(error)
            assert twin.to_dict() == error.to_dict() and twin.args == error.args


def test_an_error_can_be_made_by_hand() -> None:
    error = SeatsExhaustedError("no seat left")
    assert str(error) == "no seat left" and error.kind == "seats_exhausted"
    assert error.to_dict()["errors"] == [] and not error.retryable


def test_connection_refused_is_a_connection_error() -> None:
    with Sandbox() as sandbox:
        gone = sandbox.base_url
    with InviteClient(KEY, "sandbox", base_url=gone, max_attempts=1) as client:
        with pytest.raises(ConnectionError):
            client.seats()


def test_the_key_is_nowhere() -> None:
    half = KEY.split(":")[1]
    faults = [
        {"fault": "status", "status": 500, "body": {"message": f"no {KEY}"}},
        {"fault": "html"},
        {"fault": "redirect"},
    ]
    texts = []
    with Sandbox({"apiKey": KEY, "faults": faults}) as sandbox:
        client = InviteClient(KEY, "sandbox", base_url=sandbox.base_url, max_attempts=1)
        texts += [repr(client), str(client), repr(vars(client)), repr(client.with_options())]
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(client)
        for _ in faults:
            with pytest.raises(InviteError) as caught:
                client.list()
            texts.append(with_locals(caught.value, half))
    for wrong in ({"base_url": "ftp://example.com"}, {"timeout": 0}, {"timeout": "soon"}, {"x": 1}):
        try:
            secret = [KEY]
            InviteClient(*secret, "sandbox", **wrong)  # type: ignore[arg-type]
        except (InviteError, TypeError) as error:
            # The frame of this test has the key; those below it must not.
            texts.append(with_locals(error, half, skip=1))
    for key in ("", "two words", KEY + "\nx"):
        with pytest.raises(InvalidInputError) as refused:
            InviteClient(key, "sandbox")
        texts.append(str(refused.value) + repr(refused.value))
    assert len(texts) == 14
    assert all(half not in text for text in texts)


def test_the_key_of_a_certificate_is_nowhere() -> None:
    secret = "c2VjcmV0c2VjcmV0"
    pem = f"-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n"
    for given in (pem, pem.encode()):
        with pytest.raises(InvalidInputError, match="client certificate") as refused:
            InviteClient(KEY, "sandbox", client_certificate=given)
        assert secret not in with_locals(refused.value, secret)


def with_locals(error: BaseException, half: str, skip: int = 1) -> str:
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = list(told.stack)[skip:]
    return str(error) + repr(error) + repr([frame.locals for frame in frames]) + repr(vars(error))


def test_the_cause_of_a_broken_connection_is_there() -> None:
    with InviteClient(KEY, "sandbox", base_url="http://127.0.0.1:9/v1", max_attempts=1) as client:
        with pytest.raises(InviteConnectionError) as refused:
            client.list()
    cause = refused.value.__cause__
    while cause is not None and cause.__cause__ is not None:
        cause = cause.__cause__
    assert isinstance(cause, ConnectionRefusedError) and cause.errno == errno.ECONNREFUSED


def test_no_secret_is_in_what_the_package_shows(sandbox: Sandbox) -> None:
    shown = []
    wrong: tuple[dict[str, Any], ...] = (
        {},
        {"timeout": KEY},
        {"max_attempts": KEY},
        {"pacing": KEY},
        {"base_url": [KEY]},
        {"apikey": KEY},
        {"proxy": "http://user:c0ffee@127.0.0.1:9"},
        {"proxy": ["c0ffee"]},
        {"client_certificate": "c0ffee"},
        {"client_certificate": ["c0ffee"]},
    )
    for options in wrong:
        try:
            client = InviteClient(KEY, "sandbox", **{"base_url": sandbox.base_url, **options})
            shown += [repr(client), repr(vars(client)), repr(client.with_options(timeout=5))]
        except InviteError as error:
            shown.append(repr(error) + json.dumps(error.to_dict()))
    assert len(shown) == len(wrong) + 2
    assert all("c0ffee" not in text for text in shown)
