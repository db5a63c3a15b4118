"""The names that a service answers to."""

import asyncio
import socket

import httpx
import pytest
from running_service import paint, running
from test_attacks import raw

from pokecolor.app.limits import Limits
from pokecolor.app.middleware.hosts import Hosts

OWN = socket.gethostname()


def status(host, names=(), reachable=False, came_in_by="127.0.0.1"):
    """How a request with this `Host` is answered."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200})

    async def send(message):
        sent.append(message)

    headers = [] if host is None else [(b"host", host.encode())]
    scope = {"type": "http", "server": (came_in_by, 7860), "headers": headers}
    asyncio.run(Hosts(app, names, reachable)(scope, None, send))
    return sent[0]["status"]


UNKNOWN = (
    "evil.example", "evil.example:7860", "localhost.evil.example", "127.0.0.1.nip.io", "", None,
    "127.0.0.1@evil.example", "6.6.6.6", "[2606:4700::1]", "local host",
)  # fmt: skip


@pytest.mark.parametrize("host", UNKNOWN, ids=str)
@pytest.mark.parametrize("reachable", [False, True])
def test_an_unknown_name_is_refused(host, reachable):
    assert status(host, reachable=reachable) == 421


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:7860", "localhost.", "127.0.0.1:7860", "[::1]:7860"]
)
def test_this_machine_calls_itself_as_it_likes(host):
    assert status(host) == 200


@pytest.mark.parametrize("host", ["192.168.1.5:7860", "10.0.0.2", OWN, f"{OWN}.local:7860"])
def test_a_phone_in_the_house_reaches_a_service_that_is_open_to_it(host):
    assert status(host, reachable=True, came_in_by="172.17.0.2") == 200
    assert status(host) == 421


def test_the_address_that_a_request_came_in_by_is_known():
    assert status("203.0.113.7:7860", came_in_by="203.0.113.7") == 200
    assert status("[2606:4700::1]:7860", came_in_by="2606:4700::1") == 200
    assert status("203.0.113.7", came_in_by="::ffff:203.0.113.7") == 200


def test_the_operator_names_others():
    assert status("Colors.example:443", names=["colors.example"]) == 200
    assert status("other.example", names=["colors.example"]) == 421


def test_the_service_refuses_before_it_does_anything_else(service):
    for path in ("/", "/healthy", "/api/session"):
        answer = httpx.get(service.url + path, headers={"host": "evil.example"})
        assert (answer.status_code, answer.json()) == (421, {"error": "unknown_host"})
        assert "set-cookie" not in answer.headers


def test_what_anybody_says_of_hosts_is_in_no_page(service):
    said = (
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: https",
        "Forwarded: host=evil.example",
    )
    with service.visitor() as visitor:
        made = paint(visitor)
        shared = visitor.put(f"/api/creations/{made['id']}/share", json={"public": True}).json()
    page = raw(service, f"GET /shared/{shared['share']}", *said)
    assert b" 200 " in page and b"evil.example" not in page and b"https:" not in page


def test_forwarded_addresses_do_not_lift_the_rate_limit(tmp_path):
    with running(tmp_path, limits=Limits(free_bytes=0, requests_per_minute=10)) as service:
        answers = [
            httpx.get(f"{service.url}/healthy", headers={"x-forwarded-for": f"1.2.3.{number}"})
            for number in range(20)
        ]
    assert answers[-1].status_code == 429


def test_a_refused_name_is_logged_once_and_not_without_end(caplog):
    hosts = Hosts(None)

    async def send(message):
        pass

    for name in ("a.example", "a.example", *(f"{number}.example" for number in range(100))):
        scope = {"type": "http", "server": None, "headers": [(b"host", name.encode())]}
        asyncio.run(hosts(scope, None, send))
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 20 and sum("'a.example'" in line for line in told) == 1
    assert "--allow-host" in told[0]
