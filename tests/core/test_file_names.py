import os
from pathlib import Path

from pokecolor.core.file_names import printable


def test_what_is_no_text_is_shown_as_bytes():
    assert printable(Path("그림/é.png")) == "그림/é.png"
    assert printable(os.fsdecode(b"\xb1\xd7.png")) == r"\xb1\xd7.png"
