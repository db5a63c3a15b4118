"""What tests ask of a studio."""

from __future__ import annotations

import time

import numpy as np
from running_service import sketch_url

from pokecolor.app.creation import file_of
from pokecolor.core.images.conversion import load_image

RED = "Turn it into a red box"


def ended(studio, record, seconds=20):
    """The job when it has ended."""
    end = time.monotonic() + seconds
    while record.state == "waiting":
        assert time.monotonic() < end
        time.sleep(0.005)
        record = studio.jobs.get(record.visitor, record.id)
    return record


def make(studio, visitor="anna", sketch=None, **settings):
    if "again" not in settings:
        sketch = sketch or sketch_url()
    record = ended(studio, studio.start(visitor, sketch, **{"prompt": RED} | settings))
    assert record.state == "done", record
    return studio.collection.get(visitor, record.creation)


def read(studio, creation, kind, number=0):
    path = studio.collection.folder_of(creation) / file_of(kind, number)
    return np.asarray(load_image(path, keep_alpha=True))
