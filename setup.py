"""Ships `conf/`, which lies beside the package, within it; the rest is in setup.cfg."""

import os

from setuptools import find_packages, setup

# whose workflow builds it, there is its home; no other address is known to be its own
home = "/".join(os.environ.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))

setup(
    packages=[*find_packages(include=["pokecolor*"]), "pokecolor.conf"],
    package_dir={"pokecolor.conf": "conf"},
    project_urls={}
    if home == "/"
    else {
        "Source": home,
        "Changelog": f"{home}/blob/main/CHANGELOG.md",
        "Issues": f"{home}/issues",
    },
)
