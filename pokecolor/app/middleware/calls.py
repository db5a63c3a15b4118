"""Calls of Gradio's functions: each fits a function, and its answer is for who called."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from pokecolor.app.answers import Answers
from pokecolor.app.middleware.asgi import headers_of, refuse, replay, send_event, send_json
from pokecolor.app.refusals import Refusal
from pokecolor.app.visitors import COOKIE, read_cookies, visitor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import gradio as gr

    from pokecolor.app.middleware.asgi import App, Receive, Scope, Send

_PATH = re.compile(
    r"(?P<home>|/ko)/gradio_api/"
    r"(?:(?P<what>queue/join|queue/data|cancel)|heartbeat/(?P<session>[\w-]+)"
    r"|(?P<how>run|call/v2|call)/(?P<name>\w+)(?:/(?P<event>\w*))?)",
    re.ASCII,
)
_SESSION = re.compile(r"[\w-]{1,64}", re.ASCII)
SESSION_NOT_FOUND = {
    "msg": "unexpected_error", "message": "404: ", "success": False, "session_not_found": True,
}  # fmt: skip
"""What Gradio tells its page of a session that it does not know, before it logs an error."""
_SEAL = 32
"""Hexadecimal digits at the end of an event's id that show whose it is."""


class Calls:
    """Refuses calls that fit no function, and binds what is answered to the caller's cookie.

    Gradio knows its clients by a session that they name themselves: who knew another's could read
    and end what they asked for. Here, a session is named by the visitor and what they called it,
    so that the same name is another session for another visitor. A call without a session is
    answered by the id of its event: that gets a seal, without which it is not there.

    Args:
        app: Gradio's pages.
        pages: each page by where it is, without the last slash.
    """

    def __init__(self, app: App, pages: Mapping[str, gr.Blocks]) -> None:
        self._app = app
        self._functions = {home: Functions(page) for home, page in pages.items()}
        self._answers = {home: Answers(page) for home, page in pages.items()}
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        called = _PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if not called:
            await self._app(scope, receive, send)
            return
        cookies = read_cookies(headers_of(scope).get("cookie", ""))
        visitor = visitor_of(cookies.get(COOKIE)) or ""
        try:
            if scope["method"] == "POST":
                body = (await receive()).get("body", b"")
                await self._call(called, visitor, body, scope, receive, send)
            else:
                await self._listen(called, visitor, scope, receive, send)
        except Refusal as refusal:
            await refuse(refusal, send)

    async def _call(
        self,
        called: re.Match,
        visitor: str,
        body: bytes,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        call = _read(body)
        functions, answers = self._functions[called["home"]], self._answers[called["home"]]
        session = None
        if called["how"] == "call/v2":
            functions.check_named(called["name"], call)
        else:
            session = call.get("session_hash")
            if session is not None:
                if not isinstance(session, str) or not _SESSION.fullmatch(session):
                    raise Refusal("call")
                session = call["session_hash"] = self._session(visitor, session)
            if called["what"] == "cancel":
                if not answers.waits_for(session, call.get("event_id")):
                    raise Refusal("not_found")
            else:
                functions.check(called["how"], called["name"], call)

        def finish(status: int, answer: Any) -> tuple[int, Any]:
            if status == 200 and called["how"] in ("call", "call/v2"):
                event = answer["event_id"]
                answers.expect(session or event)
                return status, {"event_id": event + self._seal(visitor, event)}
            if session is not None:
                answers.expect(session)
            if status == 500 and isinstance(answer, dict) and answer.get("error"):
                # only a refusal comes with words for the visitor
                return 422, answer
            return status, answer

        raw = json.dumps(call).encode()
        headers = [item for item in scope["headers"] if item[0] != b"content-length"]
        headers.append((b"content-length", str(len(raw)).encode()))
        scope = {**scope, "headers": headers}
        await self._app(scope, replay(raw, receive), _finishing(send, finish))

    async def _listen(
        self, called: re.Match, visitor: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        answers = self._answers[called["home"]]
        if called["event"]:
            event, seal = called["event"][:-_SEAL], called["event"][-_SEAL:]
            if not hmac.compare_digest(seal, self._seal(visitor, event)):
                raise Refusal("not_found")
            session = answers.session_of(event)
            if not answers.knows(session):
                raise Refusal("not_found")
            path = scope["path"].removesuffix(seal)
            scope = {**scope, "path": path, "raw_path": path.encode()}
        elif called["session"]:
            session = self._session(visitor, called["session"])
            path = f"{called['home']}/gradio_api/heartbeat/{session}"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        else:
            named = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0]
            if not _SESSION.fullmatch(named):
                raise Refusal("call")
            session = self._session(visitor, named)
            if not answers.knows(session):
                await send_event(SESSION_NOT_FOUND, send)
                return
            query = urlencode({"session_hash": session}).encode()
            scope = {**scope, "query_string": query}
        with answers.heard(session):
            await self._app(scope, receive, send)

    def _session(self, visitor: str, named: str) -> str:
        return self._seal(visitor, f"session {named}")

    def _seal(self, visitor: str, text: str) -> str:
        message = f"{visitor} {text}".encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:_SEAL]


class Functions:
    """What of a page can be called, and with what."""

    def __init__(self, page: gr.Blocks) -> None:
        self._by_index = {
            index: function for index, function in page.fns.items() if function.fn is not None
        }
        self._by_name = {function.api_name: function for function in self._by_index.values()}
        self._parameters = {
            name.removeprefix("/"): {
                given["parameter_name"]: given["parameter_has_default"]
                for given in endpoint["parameters"]
            }
            for name, endpoint in page.get_api_info()["named_endpoints"].items()
        }

    def check(self, how: str | None, name: str | None, call: dict[str, Any]) -> None:
        """Refuse a call that Gradio would fail on.

        Args:
            how: "call" by the path's name; "run" by the body's index, or else by name, with the
                answer at once; None by index, with the answer in the session's stream.
            name: the path's name of a function.
            call: the body.

        Raises:
            Refusal: there is no such function, or it takes other arguments.
        """
        index = None if how == "call" else call.get("fn_index")
        if index is None:
            function = self._by_name.get(name) if how else None
        else:
            # True would be 1
            function = self._by_index.get(index) if type(index) is int else None
        if function is None or (how == "run" and function.queue):
            raise Refusal("not_found")
        data = call.get("data")
        if not isinstance(data, list) or len(data) != len(function.inputs):
            raise Refusal("call")

    def check_named(self, name: str, call: dict[str, Any]) -> None:
        """Refuse a call whose body is the arguments by name.

        Raises:
            Refusal: there is no such function, or it takes other arguments.
        """
        parameters = self._parameters.get(name)
        if parameters is None:
            raise Refusal("not_found")
        needed = {name for name, has_default in parameters.items() if not has_default}
        if not needed <= call.keys() <= parameters.keys():
            raise Refusal("call")


def _read(body: bytes) -> dict[str, Any]:
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal("call") from None
    if not isinstance(call, dict):
        raise Refusal("call")
    return call


def _finishing(send: Send, finish: Callable[[int, Any], tuple[int, Any]]) -> Send:
    """Sends an answer of JSON when it is whole, as `finish` leaves its status and content."""
    status, parts = 0, []

    async def answer(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            return
        parts.append(message.get("body", b""))
        if message.get("more_body", False):
            return
        try:
            content = json.loads(b"".join(parts))
        except ValueError:  # "Internal Server Error"
            content = {"error": None}
        await send_json(*finish(status, content), send)

    return answer
