"""Who a visitor is behind proxies, as a proxy that was named, or anybody, says."""

import asyncio
import ipaddress

import pytest

from pokecolor.app.middleware.proxies import Proxies

NAMED = [ipaddress.ip_network("10.0.0.0/24"), ipaddress.ip_network("2001:db8::1/128")]
SAYS = {
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "colors.example",
}


def seen(client, headers, named=NAMED):
    """What is behind sees: client, scheme, host, and the names of all headers."""
    passed = []

    async def app(scope, receive, send):
        passed.append(scope)

    pairs = [(name.encode(), value.encode()) for name, value in headers]
    scope = {
        "type": "http", "client": (client, 1234), "scheme": "http",
        "headers": [(b"host", b"10.0.0.9:7860"), *pairs],
    }  # fmt: skip
    asyncio.run(Proxies(app, named)(scope, None, None))
    headers = dict(passed[0]["headers"])
    return passed[0]["client"][0], passed[0]["scheme"], headers[b"host"].decode(), set(headers)


@pytest.mark.parametrize("client", ["203.0.113.9", "127.0.0.1", "10.0.1.1", "", "testclient"])
def test_nobody_else_is_believed_and_nothing_is_handed_on(client):
    lies = [*SAYS.items(), ("forwarded", "for=1.2.3.4"), ("x-forwarded-prefix", "/a")]
    assert seen(client, lies) == (client, "http", "10.0.0.9:7860", {b"host"})
    assert seen("10.0.0.1", lies, named=()) == ("10.0.0.1", "http", "10.0.0.9:7860", {b"host"})


@pytest.mark.parametrize("proxy", ["10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1"])
def test_a_named_proxy_is_believed(proxy):
    assert seen(proxy, SAYS.items()) == ("203.0.113.7", "https", "colors.example", {b"host"})
    assert seen(proxy, []) == (proxy, "http", "10.0.0.9:7860", {b"host"})


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("1.2.3.4, 203.0.113.7", "203.0.113.7"),  # the first was in what the visitor sent
        ("1.2.3.4, 203.0.113.7, 10.0.0.2", "203.0.113.7"),  # two proxies
        ("203.0.113.7:5000", "203.0.113.7"),
        ("[2001:db8:5::1]:5000", "2001:db8:5::1"),
        ("10.0.0.5", "10.0.0.1"),
        ("203.0.113.7, unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_of_a_chain_the_nearest_stranger_counts(said, client):
    assert seen("10.0.0.1", [("x-forwarded-for", said)])[0] == client


def test_what_a_visitor_sent_before_the_proxy_is_not_taken():
    said = [
        ("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-host", "evil.example, colors.example"), ("x-forwarded-proto", "https,gopher"),
    ]  # fmt: skip
    assert seen("10.0.0.1", said)[:3] == ("203.0.113.7", "http", "colors.example")
