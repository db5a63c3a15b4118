"""Writes packages of icons such as `npm pack @iconify-json/...` leaves."""

import io
import json
import tarfile


def save_package(path, icons, chars, width=24):
    """Icons by name, their SVG elements or all of them, and the name of each by its code points."""
    entries = {
        name: {"body": icon} if isinstance(icon, str) else icon for name, icon in icons.items()
    }
    files = {
        "icons": {"width": width, "icons": entries},
        "chars": chars,
        "package": {"version": "1.0"},
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            text = json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/{name}.json")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
