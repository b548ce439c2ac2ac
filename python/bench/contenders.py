"""The same work done by this package and by each HTTP client with `json`, as people write it."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

KEY = "sandbox:5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5"
HEADERS = {"x-api-key": KEY}
IN_FLIGHT = 64


def invites_url(base_url: str) -> str:
    return f"{base_url}/organizations/sandbox/users/invites"


def body(number: int) -> dict[str, str]:
    end = datetime.now(timezone.utc) + timedelta(days=7)
    return {"email": f"user-{number}@example.com", "permission": "read", "expiresAt": end.isoformat()}


def ours(base_url: str) -> Any:
    from icepanel_invites import InviteClient

    return InviteClient(KEY, "sandbox", base_url=base_url, pacing="none")


def get_with(peer: str, base_url: str) -> Any:
    """A function that reads the list as dicts, on a connection that is open."""
    url = invites_url(base_url)
    if peer == "aiohttp":
        import aiohttp

        loop = asyncio.new_event_loop()

        async def session() -> Any:
            return aiohttp.ClientSession(headers=HEADERS)

        client = loop.run_until_complete(session())

        async def read() -> Any:
            async with client.get(url) as answer:
                answer.raise_for_status()
                return (await answer.json())["organizationUserInvites"]

        return lambda: loop.run_until_complete(read())
    client = session_of(peer)

    def get() -> Any:
        answer = client.get(url)
        answer.raise_for_status()
        return answer.json()["organizationUserInvites"]

    return get


def session_of(peer: str) -> Any:
    if peer == "requests":
        import requests
        from requests.adapters import HTTPAdapter

        session = requests.Session()
        session.mount("http://", HTTPAdapter(pool_maxsize=IN_FLIGHT))
        session.headers.update(HEADERS)
        return session
    import httpx

    limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
    return httpx.Client(headers=HEADERS, limits=limits, timeout=30)


def create_with(who: str, base_url: str) -> Any:
    """A function that creates the n-th invite and waits."""
    if who == "icepanel_invites":
        client = ours(base_url)
        week = timedelta(days=7)
        return lambda number: client.create(f"user-{number}@example.com", "read", week)
    url = invites_url(base_url)
    session = session_of(who)

    def create(number: int) -> Any:
        answer = session.post(url, json=body(number))
        answer.raise_for_status()
        return answer.json()["organizationUserInvite"]

    return create


def one_after_another(who: str, base_url: str, calls: int) -> float:
    """Seconds a create."""
    if who == "aiohttp" or who == "icepanel_invites, asyncio":
        return asyncio.run(in_tasks(who, base_url, calls, 1)) / calls
    create = create_with(who, base_url)
    create(0)
    began = time.perf_counter()
    for number in range(calls):
        create(number)
    return (time.perf_counter() - began) / calls


def in_threads(who: str, base_url: str, calls: int) -> float:
    """Creates a second, 64 at a time."""
    create = create_with(who, base_url)
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(create, range(IN_FLIGHT)))
        began = time.perf_counter()
        list(pool.map(create, range(calls)))
        return calls / (time.perf_counter() - began)


async def in_tasks(who: str, base_url: str, calls: int, at_once: int) -> float:
    """Seconds for this number of creates."""
    url = invites_url(base_url)
    if who.startswith("icepanel_invites"):
        from icepanel_invites import AsyncInviteClient

        client: Any = AsyncInviteClient(KEY, "sandbox", base_url=base_url, pacing="none")
        week = timedelta(days=7)

        async def create(number: int) -> Any:
            return await client.create(f"user-{number}@example.com", "read", week)

    elif who == "aiohttp":
        import aiohttp

        client = aiohttp.ClientSession(
            headers=HEADERS, connector=aiohttp.TCPConnector(limit=IN_FLIGHT)
        )

        async def create(number: int) -> Any:
            async with client.post(url, json=body(number)) as answer:
                answer.raise_for_status()
                return (await answer.json())["organizationUserInvite"]

    else:
        import httpx

        limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
        client = httpx.AsyncClient(headers=HEADERS, limits=limits, timeout=30)

        async def create(number: int) -> Any:
            answer = await client.post(url, json=body(number))
            answer.raise_for_status()
            return answer.json()["organizationUserInvite"]

    await asyncio.gather(*map(create, range(at_once)))
    numbers = iter(range(calls))

    async def worker() -> None:
        for number in numbers:
            await create(number)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    took = time.perf_counter() - began
    await (client.close() if who == "aiohttp" else client.aclose())
    return took


def resident(field: str) -> float:
    """MiB: `VmRSS` now, or `VmHWM` at most."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    raise LookupError(field)


def main(arguments: list[str]) -> None:
    """One measurement in this process; prints JSON."""
    what, who, base_url = arguments[:3]
    if what == "import":
        began = time.perf_counter()
        __import__(who)
        print(json.dumps([time.perf_counter() - began]))
        return
    if who.startswith("icepanel_invites"):
        client = ours(base_url)
        client.members()
        last = f"user-{arguments[3]}@example.com"

        def get() -> Any:
            return client.find_active(last) if what == "find" else client.list()

        def use(found: Any) -> None:
            if what == "find":
                assert found.email == last
            elif what == "read":
                for invite in found:
                    for name in FIELDS:
                        getattr(invite, name)

    else:
        get = get_with(who, base_url)

        def use(found: Any) -> None:
            if what == "find":
                active = [one for one in found if one["email"] == last]
                assert len(active) == 1 and not active[0].get("usedAt")

        last = f"user-{arguments[3]}@example.com"
    before = resident("VmRSS")
    began = time.perf_counter()
    found = get()
    use(found)
    took = time.perf_counter() - began
    print(json.dumps([took, resident("VmHWM") - before]))


FIELDS = (
    "id organization_id email permission landscape_permissions status expires_at created_at created_by "
    "created_by_id revoked_at revoked_by revoked_by_id used_at used_by_user_id"
).split()

if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
