"""`pokecolor serve`: the web service."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import ipaddress
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pokecolor.app.studio import Studio


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("serve", help="a page in the browser: draw, say how, get it")
    parser.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 lets others in (default: this machine alone)"
    )
    parser.add_argument("--port", type=_port, default=7860)
    parser.add_argument(
        "--model", default="mini", help="mini, or a pipeline: its folder, file or hub id"
    )
    parser.add_argument(
        "--data-dir", type=Path, default=Path("served"), help="where what is made is kept"
    )
    parser.add_argument(
        "--collection",
        type=Path,
        metavar="DIR",
        help="your own sketches to start from: a folder with sketches.csv, in Sketch2Pokemon's "
        "layout, or with images",
    )
    parser.add_argument(
        "--allow-host",
        type=_name,
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which browsers call the service, such as colors.example; may be repeated",
    )
    parser.add_argument(
        "--proxy",
        type=_network,
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a reverse proxy, or a network of them, whose X-Forwarded-For, -Proto and -Host are "
        "believed; may be repeated",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    if os.environ.get("FORWARDED_ALLOW_IPS"):
        print("FORWARDED_ALLOW_IPS is not read; name the proxy by --proxy", file=sys.stderr)
    print("Starting ...", file=sys.stderr, flush=True)
    from pokecolor.app.listening import listen

    with contextlib.ExitStack() as stack:
        # what is quick to fail comes first
        bound = stack.enter_context(listen(options.host, options.port))
        studio = build_studio(options.model, options.data_dir, options.collection)
        stack.callback(studio.close)
        from pokecolor.app.server import build_server, serve

        server = build_server(
            studio,
            hosts=[options.host, *options.allow_host],
            reachable=not ipaddress.ip_address(
                bound.getsockname()[0].partition("%")[0]
            ).is_loopback,
            proxies=options.proxy,
        )
        host = f"[{options.host}]" if ":" in options.host else options.host
        print(f"Open http://{host}:{bound.getsockname()[1]}  (Ctrl-C ends it)", flush=True)
        serve(server, bound)


def build_studio(model: str, data_dir: Path, own: Path | None) -> Studio:
    """Put the service's parts together.

    Args:
        model: of `Colorizer.from_pretrained`.
        data_dir: where the collection is kept.
        own: a folder of sketches to start from, in place of the bundled ones.

    Raises:
        UserError: a folder cannot be used.
    """
    from pokecolor.app.collection import Collection
    from pokecolor.app.limits import Limits
    from pokecolor.app.studio import Model, Studio
    from pokecolor.app.worker import PaintingWorker
    from pokecolor.coloring.colorizer import FULL_VOCABULARY, Colorizer
    from pokecolor.commands.own_sketches import folder_library
    from pokecolor.commands.starting_sketches import default_library

    limits = Limits()
    library = folder_library(own) if own else default_library()
    with contextlib.ExitStack() as undo:
        collection = Collection(data_dir, limits)
        undo.callback(collection.close)
        colorizer = Colorizer.from_pretrained(model)
        undo.pop_all()
    own_sampling = colorizer.sampling
    limits = dataclasses.replace(  # what a model has by itself is never out of range
        limits,
        steps=max(limits.steps, own_sampling.steps),
        guidance=max(limits.guidance, own_sampling.guidance, own_sampling.image_guidance),
    )
    return Studio(
        library=library,
        collection=collection,
        painter=PaintingWorker(
            colorizer, batch_size=4 if colorizer.engine.on_gpu else 1, limits=limits
        ),
        defaults=own_sampling,
        limits=limits,
        model=Model(
            # no path of this machine is told to visitors
            model.rstrip("/\\").replace("\\", "/").rpartition("/")[2],
            colorizer.engine.vocabulary <= FULL_VOCABULARY,
        ),
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: 0 to 65535")
    return int(text)


def _name(text: str) -> str:
    if not re.fullmatch(r"[\w.-]+|[0-9a-fA-F:.]+", text, re.ASCII):
        raise argparse.ArgumentTypeError(
            f"{text} is not a name: it goes without a scheme, a port and a path"
        )
    return text


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is not an address or a network: 10.0.0.2 or 10.0.0.0/24"
        ) from None
