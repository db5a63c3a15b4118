"""Takes jobs in, keeps them until they are done, and stores what comes of them."""

from __future__ import annotations

import logging
import re
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pokecolor.app import uploads
from pokecolor.app.creation import SKETCH
from pokecolor.app.jobs import Base, JobRecord, Jobs
from pokecolor.app.orders import OrderValidator
from pokecolor.app.painting import Painting
from pokecolor.app.refusals import Refusal
from pokecolor.app.subscribers import Subscribers
from pokecolor.core.images.conversion import load_image

if TYPE_CHECKING:
    from PIL import Image

    from pokecolor.app.collection import Collection
    from pokecolor.app.creation import Creation
    from pokecolor.app.library import Library
    from pokecolor.app.limits import Limits
    from pokecolor.app.worker import JobProgress, PaintingWorker
    from pokecolor.model_files.sampling import Sampling

_IN_LIBRARY = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Model:
    """What is said of the model."""

    name: str
    small: bool
    """Whether it knows few words and paints simple colors, as mini does."""


class Studio:
    """A library to start from, a painter, a collection.

    Jobs that another process has left in the collection's folder are taken up.

    Args:
        defaults: the settings that the model has by itself.
    """

    def __init__(
        self,
        library: Library,
        painter: PaintingWorker,
        collection: Collection,
        defaults: Sampling,
        limits: Limits,
        model: Model,
    ) -> None:
        self.library, self.painter, self.collection = library, painter, collection
        self.limits, self.model = limits, model
        self.validator = OrderValidator(limits, defaults)
        self.jobs = Jobs(collection)
        self.subscribers = Subscribers()
        painter.on_change(self.subscribers.notify)
        for record in self.jobs.resume():
            try:
                self._submit(record, self.jobs.sketch(record.id), resumed=True)
            except Exception:
                _log.exception("a job that was left could not be taken up")
                self.jobs.end(record.id, "failed", "failed")

    def close(self) -> None:
        """Stop painting, what waits is left for the next start, and let go of the collection."""
        self.painter.close()
        self.collection.close()

    def start(
        self,
        visitor: str,
        sketch: object = None,
        again: Base | None = None,
        keep: Base | None = None,
        mask: object = None,
        **settings: object,
    ) -> JobRecord:
        """Have a sketch colored.

        Args:
            visitor: whose collection the creation goes to.
            sketch: a `data:image/...;base64,` URL, an upload, or the id of one in the library.
            again: in its place, a picture of one of the visitor's creations; with `only`, that
                picture changes in that part alone.
            keep: the picture of the same sketch that the pixels of a mask are kept of.
            mask: an image, white there, as for `sketch`.
            **settings: of `OrderValidator.order`.

        Raises:
            Refusal: something is not as it should be, or there is no room.
        """
        order = self.validator.order(**settings)
        self.painter.require_room(visitor)
        self.collection.require_room(visitor)
        if again is None:
            drawn, base = self.read_sketch(sketch), None
            if isinstance(sketch, str) and _IN_LIBRARY.fullmatch(sketch):
                order = replace(order, sketch_id=sketch)
        else:
            if sketch is not None:
                raise Refusal("value", field="sketch")
            creation = self._picture(visitor, again, "again")
            drawn = load_image(self.collection.folder_of(creation) / SKETCH, keep_alpha=True)
            order = replace(order, parent=creation.id, sketch_id=creation.order.sketch_id)
            base = again if again.only is not None else None
        kept = None
        if keep is not None:
            base, kept = self._read_mask(visitor, keep, mask, drawn.size, base)
        record = self.jobs.add(visitor, order, drawn, base, kept)
        try:
            self._submit(record, drawn)
        except Refusal:
            self.jobs.drop(record.id)
            raise
        return record

    def progress_of(self, record: JobRecord) -> JobProgress | None:
        """Where a job stands that has not ended."""
        return self.painter.progress_of(record.id) if record.state == "waiting" else None

    def cancel(self, visitor: str, job_id: str) -> None:
        """Give a job up; forget it if it has ended.

        Raises:
            Refusal: the visitor has no such job.
        """
        if self.jobs.get(visitor, job_id).state != "waiting":
            self.jobs.drop(job_id)
            return
        self.jobs.end(job_id, "canceled")
        self.painter.cancel(visitor, job_id)

    def read_sketch(self, sketch: object) -> Image.Image:
        """See `start`."""
        if isinstance(sketch, str) and _IN_LIBRARY.fullmatch(sketch):
            return load_image(self.library.picture(sketch, 768))
        return self.read_image(sketch)

    def read_image(self, image: object) -> Image.Image:
        """A `data:image/...;base64,` URL, or an upload.

        Raises:
            Refusal: it is no such image.
        """
        if isinstance(image, uploads.Upload):
            return image.read(self.limits)
        if not isinstance(image, str) or not image:
            raise Refusal("image_missing")
        return uploads.read_data_url(image, self.limits)

    def _picture(self, visitor: str, base: Base, field: str) -> Creation:
        creation = self.collection.get(visitor, base.creation)
        if not 0 <= base.number < len(creation.pictures):
            raise Refusal("value", field=field)
        return creation

    def _read_mask(
        self,
        visitor: str,
        keep: Base,
        mask: object,
        size: tuple[int, int],
        base: Base | None,
    ) -> tuple[Base, Image.Image]:
        self._picture(visitor, keep, "keep")
        if base is not None and (base.creation, base.number) != (keep.creation, keep.number):
            raise Refusal("value", field="keep")
        read = self.read_image(mask).convert("L")
        if read.size != size:
            raise Refusal("value", field="mask")
        return base or keep, read

    def _submit(self, record: JobRecord, sketch: Image.Image, resumed: bool = False) -> None:
        painting = Painting(self.collection, record, sketch, self.jobs.mask(record.id))
        job = self.painter.submit(
            record.visitor,
            sketch,
            record.order,
            painting.finish,
            begin=lambda: self.jobs.begin(record.id),
            token=record.id,
            resumed=resumed,
        )
        job.result.add_done_callback(lambda done: self._ended(record, done))

    def _ended(self, record: JobRecord, done: Future[Creation]) -> None:
        error = done.exception()
        if self.painter.closed and error is not None:
            return  # it goes on at the next start
        if error is None:
            self.jobs.end(record.id, "done")  # which the collection has noted before
        elif not isinstance(error, Refusal):
            self.jobs.end(record.id, "failed", "failed")
        elif error.kind == "canceled":
            self.jobs.end(record.id, "canceled")
        else:
            self.jobs.end(record.id, "failed", error.kind)
        self.subscribers.notify([record.visitor])
