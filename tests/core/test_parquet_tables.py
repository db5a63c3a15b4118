import builtins
import contextlib
import random

import pytest

from pokecolor.core.errors import UserError
from pokecolor.core.tables import column_names, read_table

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def write(folder, **columns):
    path = folder / "metadata.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_texts_and_numbers_are_read_and_nested_columns_are_told(tmp_path):
    path = write(
        tmp_path,
        file_name=["a.png", "b.png"],
        text=pa.array([" red ", None]).dictionary_encode(),
        n=[1, 2],
        image=[{"bytes": b"x"}, {"bytes": b"y"}],
    )
    table = read_table(path)
    assert table.columns == ("file_name", "text", "n", "image")
    assert table.nested == {"image"}
    assert table.rows == (
        (1, {"file_name": "a.png", "text": "red", "n": "1", "image": ""}),
        (2, {"file_name": "b.png", "text": "", "n": "2", "image": ""}),
    )
    assert column_names(path) == ("file_name", "text", "n")


def test_what_cannot_be_read_is_refused_in_one_line(tmp_path, monkeypatch):
    path = write(tmp_path, a=["x"])
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with pytest.raises(UserError, match=r"metadata\.parquet: not a readable Parquet file"):
        read_table(path)
    with pytest.raises(UserError, match="no rows in it"):
        read_table(write(tmp_path, a=pa.array([], pa.string())))
    with pytest.raises(UserError, match="a folder, not a Parquet file"):
        (tmp_path / "sub.parquet").mkdir()
        read_table(tmp_path / "sub.parquet")

    def without(name, *args, **kwargs):
        if name == "pyarrow":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UserError, match=r"needs pyarrow: pip install .*\[hub\]'"):
        read_table(path)


def test_whatever_is_in_a_file_only_our_own_error_is_raised(tmp_path):
    path = write(tmp_path, file_name=["a.png", "b.png"], text=["x", "y"])
    whole, rng = path.read_bytes(), random.Random(3)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rng.randrange(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data)
        with contextlib.suppress(UserError):
            read_table(path)
