import contextlib
import os
import random

import pytest

from pokecolor.core.errors import UserError
from pokecolor.core.tables import column_names, read_csv, read_json_lines, read_table


def write(folder, text, name="t.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_rows_have_the_lines_they_begin_in(tmp_path):
    # a byte order mark, blank lines, spaces, a quoted comma, a text of two lines, an empty row
    rows = ['a,b,"x, y"', "", "  ", 'c,, "one', 'two" ', ",,", "d,e,f"]
    text = "\r\n".join(["\ufeff", "sketch, color ,caption", *rows])
    table = read_csv(write(tmp_path, text))
    assert table.columns == ("sketch", "color", "caption")
    assert table.rows == (
        (3, {"sketch": "a", "color": "b", "caption": "x, y"}),
        (6, {"sketch": "c", "color": "", "caption": "one\ntwo"}),
        (9, {"sketch": "d", "color": "e", "caption": "f"}),
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,b,green, with red eyes", r"line 4: 4 cells where the header has 3; put a text"),
        ("a,b", r"line 4: 2 cells where the header has 3; add what is missing"),
        ('a,b,"green\nc,d,red', r"line 4: a quote is opened here and never closed"),
        ('a,b,"green\nc,d,"red, too"', r"line 4: a quote is opened in this row, and what closes"),
        ('a,b,"a "big" cat"', r"line 4: a quote is opened in this row"),
        ("a,b," + 200_000 * "x", r"line 4: not a row of a CSV \(field larger"),
    ],
)
def test_a_row_that_is_not_whole_is_refused_with_its_line(tmp_path, rows, message):
    path = write(tmp_path, f"sketch,color,caption\ngood,one,\n\n{rows}\ne,f,blue\n")
    with pytest.raises(UserError, match=rf"t\.csv: {message}") as error:
        read_csv(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_cells_are_separated_by_what_the_header_has_most_of(tmp_path, separator, name):
    rows = [["", ""], ['"a, b; c"', "d"], ['"1, 2; 3\t4"', "e"]]
    lines = [separator.join(row) for row in rows]
    path = write(tmp_path, "\ufeff" + "\r\n".join(lines), "t.tsv")
    assert read_table(path).columns == column_names(path) == ("a, b; c", "d")
    assert read_table(path).rows == ((3, {"a, b; c": "1, 2; 3\t4", "d": "e"}),)
    for row, hint in (("1", f"cell by a {name}"), (separator.join("123"), f"{name}s in quotes")):
        with pytest.raises(UserError, match=rf"line 2: \d cells where the header has 2; .*{hint}"):
            read_csv(write(tmp_path, f"a{separator}b\n{row}\n"))


def test_a_column_alone_and_one_without_a_name_are_read(tmp_path):
    assert read_csv(write(tmp_path, "file_name\na;b.png\n")).rows == (
        (2, {"file_name": "a;b.png"}),
    )
    assert read_csv(write(tmp_path, ";color\n0;a\n")).rows == ((2, {"": "0", "color": "a"}),)


def test_columns_that_a_spreadsheet_leaves_empty_are_none(tmp_path):
    table = read_csv(write(tmp_path, "color,caption,,\na,b,,\n,,,\n"))
    assert table.columns == ("color", "caption")
    assert table.rows == ((2, {"color": "a", "caption": "b"}),)
    with pytest.raises(UserError, match="line 3: 4 cells where the header has 2"):
        read_csv(write(tmp_path, "color,caption,,\na,b,,\na,green, with red eyes,\n"))


def test_a_column_of_numbers_without_a_name_is_read(tmp_path):
    assert read_csv(write(tmp_path, ",color\n0,a\n")).rows == ((2, {"": "0", "color": "a"}),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("피카츄".encode("cp949"), "not a CSV in UTF-8"),
        ("a,b\n".encode("utf-16"), "not a CSV in UTF-8"),
        ("", "no rows below the header"),
        ("sketch,color\n", "no rows below the header"),
        (",,\n,,\n", "no rows below the header"),
        ("a,b,a\n1,2,3\n", "line 1: two columns are named a; rename one"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, message):
    with pytest.raises(UserError, match=message):
        read_csv(write(tmp_path, content))


def test_what_is_no_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"t\.csv: no such file"):
        read_csv(tmp_path / "t.csv")
    with pytest.raises(UserError, match="a folder, not a CSV"):
        read_csv(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(UserError, match=r"pipe\.csv: a pipe or a device, not a CSV"):
        read_csv(tmp_path / "pipe.csv")


def test_json_lines(tmp_path):
    text = '{"file_name": "a.png", "text": " red\u2028 "}\n\n{"file_name": "b.png", "n": 3}\n'
    table = read_table(write(tmp_path, text, "metadata.JSONL"))
    assert table.columns == ("file_name", "text", "n")
    assert table.rows == (
        (1, {"file_name": "a.png", "text": "red", "n": ""}),
        (3, {"file_name": "b.png", "text": "", "n": "3"}),
    )
    assert table.nested == set()
    nested = '{"a": [1], "b": {}, "c": null}\n'
    assert read_json_lines(write(tmp_path, nested)).nested == {"a", "b"}


@pytest.mark.parametrize(
    "line",
    [
        '{"a": 1', "[1]", "3", '"a"', '{"a": 1, "a": 2}', r'{"a": "\ud800"}', "[" * 5000,
        '{"a": ' + 5000 * "9" + "}",
    ],
)  # fmt: skip
def test_a_line_that_is_no_object_is_refused_with_its_number(tmp_path, line):
    path = write(tmp_path, f'{{"a": "b"}}\n\n{line}\n', "t.jsonl")
    with pytest.raises(UserError, match=r"t\.jsonl: line 3: not (a JSON object|JSON in UTF-8)"):
        read_json_lines(path)


def test_json_lines_without_rows_are_refused(tmp_path):
    with pytest.raises(UserError, match="no rows in it"):
        read_json_lines(write(tmp_path, "\n\n"))


PIECES = ['"', '""', ",", "\n", "\r", "\r\n", "\0", "\ufeff", "{", "}", "\\u", ":", " ", "\ud55c"]
SAMPLES = {
    "t.csv": 'sketch,color,caption\ns0.png,c0.png,"red, with ""eyes"""\ns1.png,c1.png,파랑\n',
    "t.jsonl": '{"file_name": "c0.png", "text": "red \\u0041"}\n{"file_name": "c1.png"}\n',
}


@pytest.mark.parametrize("name", SAMPLES)
def test_whatever_is_in_a_file_only_our_own_error_is_raised(tmp_path, name):
    assert len(read_table(write(tmp_path, SAMPLES[name], name)).rows) == 2
    rng = random.Random(7)
    read = 0
    for _ in range(1500):
        data = bytearray(SAMPLES[name].encode())
        for _ in range(rng.randrange(1, 4)):
            place = rng.randrange(len(data))
            if rng.random() < 0.5:
                data[place : place + rng.randrange(3)] = rng.choice(PIECES).encode()
            else:
                data[place] = rng.randrange(256)
        with contextlib.suppress(UserError):
            read += len(read_table(write(tmp_path, bytes(data), name)).rows) > 0
    assert read > 100
