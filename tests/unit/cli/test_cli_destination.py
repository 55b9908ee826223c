"""Where a command goes: never where it costs money without being told to."""

import pytest
from video_service import serving

from dalang.cli.destination import CLOUD_URL, cloud, find, find_or_refuse
from dalang.config import client_environment
from dalang.errors import ConfigError

CLOUD = {"DASHSCOPE_HTTP_BASE_URL": "https://cloud.test/api/v1", "DASHSCOPE_API_KEY": "sk-cloud"}


def data_folder(path, url, key="sk-local"):
    path.mkdir()
    (path / "server.json").write_text(f'{{"url": "{url}", "pid": 1}}')
    (path / "env").write_text(
        f"export DASHSCOPE_HTTP_BASE_URL={url}/api/v1\nexport DASHSCOPE_API_KEY={key}\n" if key else ""
    )
    return path


def environment(tmp_path, **variables):
    return client_environment({"DALANG_DATA": str(tmp_path / "data"), **variables})


def test_the_named_server_goes_first(tmp_path):
    with serving("PENDING") as service:
        data_folder(tmp_path / "data", service.url)
        place = find(environment(tmp_path, DALANG_URL="http://named.test", DALANG_API_KEY="sk-named"), None)
    assert (place.url, place.key) == ("http://named.test", "sk-named")


def test_a_named_server_needs_its_own_key(tmp_path):
    with pytest.raises(ConfigError, match="DALANG_API_KEY"):
        find(environment(tmp_path, DALANG_URL="http://named.test", **CLOUD), None)


def test_then_the_server_that_runs_on_the_data_folder(tmp_path):
    with serving("PENDING") as service:
        data_folder(tmp_path / "data", service.url)
        place = find(environment(tmp_path, **CLOUD), None)
        assert (place.url, place.key) == (service.url, "sk-local")


def test_a_folder_that_is_named_beats_the_default_one(tmp_path):
    with serving("PENDING") as service:
        other = data_folder(tmp_path / "other", service.url, key="sk-other")
        assert find(environment(tmp_path), other).key == "sk-other"


def test_a_killed_servers_leavings_are_no_server(tmp_path):
    with serving("PENDING") as service:
        data_folder(tmp_path / "data", service.url)
    assert find(environment(tmp_path), None) is None


def test_the_cloud_is_never_found_by_itself(tmp_path):
    assert find(environment(tmp_path, **CLOUD), None) is None


def test_the_cloud_on_demand(tmp_path):
    place = cloud(environment(tmp_path, **CLOUD))
    assert (place.url, place.key) == ("https://cloud.test/api/v1", "sk-cloud")
    assert "price" in place.words
    assert cloud(environment(tmp_path, DASHSCOPE_API_KEY="sk-cloud")).url == CLOUD_URL
    with pytest.raises(ConfigError, match="DASHSCOPE_API_KEY"):
        cloud(environment(tmp_path))


def test_no_server_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match="dalang serve"):
        find_or_refuse(environment(tmp_path), None)
