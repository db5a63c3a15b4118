"""A running service that the tests of a file share."""

import pytest
from running_service import running


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with running(tmp_path_factory.mktemp("served")) as started:
        yield started
