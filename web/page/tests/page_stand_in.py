"""A small stand-in for the page's HTTP API; for the page's tests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from pathlib import Path

import uvicorn
from page_kept import SWATCHES, Kept, image_of
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from pokecolor.app.listening import listen
from pokecolor.app.prompts import COLORS, PARTS, names_of

PAGE = Path(__file__).resolve().parents[2] / "pokecolor/app/static/page"
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
)


def build(kept: Kept) -> Starlette:
    changed = asyncio.Event()

    def tell():
        waiting = [job for job in kept.jobs.values() if job["state"] in ("waiting", "running")]
        for position, job in enumerate(waiting):
            job["position"], job["eta_seconds"] = position, kept.seconds * (position + 1)
        changed.set()
        changed.clear()

    async def work():
        while True:
            todo = [job for job in kept.jobs.values() if job["state"] in ("waiting", "running")]
            if not todo:
                await asyncio.sleep(0.02)
                continue
            job = todo[0]
            job["state"] = "running"
            for step in range(5):
                job["progress"] = step / 5
                tell()
                await asyncio.sleep(kept.seconds / 5)
                if job["state"] == "canceled":
                    break
            else:
                await asyncio.to_thread(kept.paint, job, kept.orders[job["id"]])
            tell()

    @contextlib.asynccontextmanager
    async def lifespan(app):
        task = asyncio.create_task(work())
        yield
        task.cancel()

    def refuse(kind, status, **values):
        return JSONResponse({"error": kind, **values}, status)

    def language_of(request):
        accepted = request.headers.get("accept-language", "")
        return request.cookies.get("language") or ("ko" if accepted.startswith("ko") else "en")

    async def page(request):
        known = request.url.path.split("/")[1] in ("", "create", "result", "sketches", "collection")
        html = (
            (PAGE / "index.html")
            .read_text()
            .replace('lang="en"', f'lang="{language_of(request)}"', 1)
        )
        return HTMLResponse(html, 200 if known else 404)

    async def session(request):
        library = kept.library
        return JSONResponse(
            {
                "version": "0",
                "model": {"name": "quick", "small": True},
                "language": language_of(request),
                "limits": {
                    "prompt_length": 300,
                    "name_length": 60,
                    "variants": 4,
                    "steps": 50,
                    "guidance": 20,
                    "side": 1536,
                },
                "defaults": {
                    "steps": 4,
                    "guidance_scale": 4.0,
                    "image_guidance_scale": 1.5,
                    "look": "clean",
                },
                "looks": ["clean", "flat", "soft"],
                "colors": [
                    {"term": term, "names": {"en": term, "ko": COLORS[term][1]}, "hex": hex_}
                    for term, hex_ in SWATCHES.items()
                ],
                "parts": [{"name": part, "names": names_of(part)} for part in PARTS],
                "categories": [
                    {"key": key, "names": names, "count": 3}
                    for key, names in library.categories.items()
                ],
                "credit": library.credit,
                "visitor": True,
            }
        )

    async def language(request):
        answer = Response(status_code=204)
        answer.set_cookie("language", (await request.json())["language"])
        return answer

    async def sketches(request):
        query = request.query_params
        found = kept.library.search(query["text"], query["category"], int(query["page"]), 24)
        return JSONResponse(
            {
                "page": found.number,
                "pages": found.pages,
                "total": found.total,
                "sketches": [
                    {
                        "id": one.id,
                        "names": one.names,
                        "categories": list(one.categories),
                        "finished": index % 2 == 0,
                    }
                    for index, one in enumerate(found.items)
                ],
            }
        )

    async def sketch(request):
        size = request.path_params["size"]
        return Response(
            kept.library.picture(request.path_params["id"], 192 if size == "color" else int(size)),
            media_type="image/png",
        )

    async def understand(request):
        return JSONResponse(kept.understand((await request.json())["prompt"]))

    async def jobs(request):
        if request.method == "GET":
            return JSONResponse({"jobs": list(kept.jobs.values())})
        order = await request.json()
        if order["prompt"] == "refuse":
            return refuse("text_length", 422, limit=3)
        identity = f"j{next(kept.count)}"
        kept.orders[identity] = order
        kept.jobs[identity] = {
            "id": identity,
            "state": "waiting",
            "position": 0,
            "progress": 0,
            "eta_seconds": None,
            "prompt": order["prompt"],
            "name": order["name"],
            "created": time.time(),
            "creation": None,
            "error": None,
        }
        tell()
        return JSONResponse(kept.jobs[identity], 202)

    async def job(request):
        one = kept.jobs.get(request.path_params["id"])
        if one is None:
            return refuse("not_found", 404)
        if one["state"] in ("waiting", "running"):
            one["state"] = "canceled"
            tell()
        kept.jobs.pop(one["id"])
        return Response(status_code=204)

    async def events(request):
        async def stream():
            yield "retry: 2000\n\n"
            while True:
                for one in list(kept.jobs.values()):
                    yield f"event: job\ndata: {json.dumps(one)}\n\n"
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), 5)

        return StreamingResponse(
            stream(), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    async def creations(request):
        words = request.query_params["text"].casefold()
        number = int(request.query_params["page"])
        all_ = [
            kept.creation(one)
            for one in reversed(kept.creations)
            if words in kept.creations[one]["prompt"].casefold()
        ]
        return JSONResponse(
            {
                "page": number,
                "pages": -(-len(all_) // 24) or 1,
                "total": len(all_),
                "creations": all_[(number - 1) * 24 : number * 24],
            }
        )

    async def creation(request):
        identity = request.path_params["id"]
        if identity not in kept.creations:
            return refuse("not_found", 404)
        if request.method == "DELETE":
            del kept.creations[identity]
            return Response(status_code=204)
        return JSONResponse(kept.creation(identity))

    async def share(request):
        one = kept.creations[request.path_params["id"]]
        one["share"] = f"token-{one['id']}" if (await request.json())["public"] else None
        return JSONResponse(kept.creation(one["id"]))

    async def regions(request):
        return Response(kept.files[f"{request.path_params['id']}/regions"], media_type="image/png")

    async def picture(request):
        identity, number = request.path_params["id"], request.path_params["number"]
        kept.write(identity, number, image_of((await request.json())["colors"]))
        kept.creations[identity]["version"] = next(kept.count)
        return JSONResponse(kept.creation(identity))

    async def file(request):
        return Response(kept.files["/".join(request.path_params.values())], media_type="image/png")

    async def asset(request):
        return FileResponse(PAGE / "assets" / request.path_params["name"])

    routes = [
        Route("/api/session", session),
        Route("/api/language", language, methods=["PUT"]),
        Route("/api/sketches", sketches),
        Route("/sketches/{id}/{size}.png", sketch),
        Route("/api/understand", understand, methods=["POST"]),
        Route("/api/jobs", jobs, methods=["GET", "POST"]),
        Route("/api/jobs/{id}", job, methods=["DELETE"]),
        Route("/api/events", events),
        Route("/api/creations", creations),
        Route("/api/creations/{id}", creation, methods=["GET", "DELETE"]),
        Route("/api/creations/{id}/share", share, methods=["PUT"]),
        Route("/api/creations/{id}/regions/{number:int}.png", regions),
        Route("/api/creations/{id}/pictures/{number:int}", picture, methods=["PUT"]),
        Route("/creations/{id}/{name}", file),
        Route("/assets/{name}", asset),
        Route("/{path:path}", page),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)

    async def policy(request, call_next):
        answer = await call_next(request)
        answer.headers["content-security-policy"] = POLICY
        return answer

    app.add_middleware(BaseHTTPMiddleware, dispatch=policy)
    return app


@contextlib.contextmanager
def serving(kept: Kept, port: int = 0):
    """Serve at a port of this machine until the block ends; yields the port."""
    bound = listen("127.0.0.1", port)
    server = uvicorn.Server(
        uvicorn.Config(build(kept), log_level="error", timeout_graceful_shutdown=0)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        bound.close()
