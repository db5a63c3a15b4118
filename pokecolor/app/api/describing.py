"""Jobs and creations as the API answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from pokecolor.app.api import schemas
from pokecolor.app.creation import KINDS, SKETCH, file_of
from pokecolor.app.prompts import names_of, understand

if TYPE_CHECKING:
    from pokecolor.app.creation import Creation, PictureInfo
    from pokecolor.app.jobs import JobRecord
    from pokecolor.app.paging import Page
    from pokecolor.app.studio import Studio


def numbers_of(page: Page) -> dict[str, int]:
    """The fields of `schemas.Listing`."""
    return {"page": page.number, "pages": page.pages, "total": page.total}


def describe_job(studio: Studio, record: JobRecord) -> schemas.Job:
    """A job with where it stands now."""
    progress = studio.progress_of(record)
    if progress is None and record.state == "waiting":  # it may have ended just now
        record = studio.jobs.get(record.visitor, record.id)
    running = progress is not None and progress.running
    seconds = progress.seconds if progress else None
    done = record.state == "done"
    return schemas.Job(
        id=record.id,
        state="running" if running else record.state,
        position=progress.position if progress else 0,
        progress=1.0 if done else round(progress.progress, 3) if progress else 0.0,
        eta_seconds=None if seconds is None else round(seconds, 1),
        prompt=record.order.prompt,
        name=record.order.name,
        created=record.created,
        creation=record.creation,
        error=record.error,
    )


def describe_creation(studio: Studio, creation: Creation) -> schemas.Creation:
    """A creation with the addresses of its files."""
    order = creation.order
    understood = understand(order.prompt)
    with Image.open(studio.collection.folder_of(creation) / SKETCH) as sketch:
        width, height = sketch.size
    unmeasured = [
        schemas.Verdict(**vars(asked), state="unmeasured", share=None) for asked in understood.parts
    ]
    return schemas.Creation(
        id=creation.id,
        name=order.name,
        prompt=order.prompt,
        understood=understood.understood,
        seeds=list(order.seeds),
        steps=order.steps,
        guidance_scale=order.guidance_scale,
        image_guidance_scale=order.image_guidance_scale,
        look=order.look,
        created=creation.created,
        parent=order.parent,
        sketch_id=order.sketch_id,
        share=creation.share,
        pictures=[
            schemas.Picture(
                **urls_of(creation, number),
                width=width,
                height=height,
                look=info.look,
                verdicts=unmeasured if info.verdicts is None else _verdicts(info),
                warnings=list(info.warnings),
            )
            for number, info in enumerate(creation.pictures)
        ],
    )


def urls_of(creation: Creation, number: int) -> dict[str, str]:
    """Where a picture's files are; their addresses change when they do."""
    home, version = f"/creations/{creation.id}", f"?v={round(1000 * creation.changed)}"
    files = {kind: f"{home}/{file_of(kind, number)}{version}" for kind in KINDS}
    return files | {"sketch": f"{home}/{SKETCH}{version}"}


def _verdicts(info: PictureInfo) -> list[schemas.Verdict]:
    return [
        schemas.Verdict(**vars(verdict), names=names_of(verdict.part)) for verdict in info.verdicts
    ]
