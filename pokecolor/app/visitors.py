"""Identifies visitors by a random key in a cookie."""

from __future__ import annotations

import hashlib
import re
import secrets
from http.cookies import CookieError, SimpleCookie

COOKIE = "pokecolor"
"""Holds a visitor's key. `HttpOnly`, so that no script reads it, and `SameSite=Lax`, so that other
sites' forms and scripts do not send it."""
LASTING = 60 * 60 * 24 * 365
"""Seconds after which a browser forgets the key, and with it the collection."""
_KEY = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def new_key() -> str:
    """A key of 256 random bits."""
    return secrets.token_urlsafe(32)


def visitor_of(key: str | None) -> str | None:
    """The visitor that a cookie's value stands for; None if it is no key.

    The database knows only this digest, so that reading it does not give one anybody's key.
    """
    if key is None or not _KEY.fullmatch(key):
        return None
    return hashlib.sha256(key.encode("ascii")).hexdigest()[:40]


def read_cookies(header: str) -> dict[str, str]:
    """The cookies of a request's header; none if it is broken."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in cookies.items()}


def set_cookie(name: str, value: str, secure: bool) -> str:
    """A `Set-Cookie` header's value."""
    suffix = "; Secure" if secure else ""
    return f"{name}={value}; Path=/; Max-Age={LASTING}; HttpOnly; SameSite=Lax{suffix}"
