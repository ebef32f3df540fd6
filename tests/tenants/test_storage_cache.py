"""Files and cache entries carry the place in their name; standing nowhere there is no name."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenants import storage, valkey
from tenants.scope import NoScope, enterprise_scope, platform_scope, using


def test_storage_names_begin_with_the_place(jia, yi):
    with enterprise_scope(jia):
        mine = storage.key("imports/list.xlsx")
    with enterprise_scope(yi):
        theirs = storage.key("imports/list.xlsx")
    with platform_scope():
        public = storage.key("media/a.m4s")
    assert mine == f"enterprises/{jia.schema_name}/imports/list.xlsx"
    assert theirs == f"enterprises/{yi.schema_name}/imports/list.xlsx"
    assert public == "platform/media/a.m4s"


@pytest.mark.parametrize("path", ["../other/list.xlsx", "a/../../b", "/etc/passwd", ".."])
def test_a_storage_name_cannot_climb_out(jia, path):
    with enterprise_scope(jia), pytest.raises(ValueError, match="not a relative storage path"):
        storage.key(path)


def test_standing_nowhere_there_are_no_names(database):
    with using(None):
        for make in (storage.key, cache.get, valkey.key):
            with pytest.raises(NoScope):
                make("anything")


@pytest.mark.req("S2")
def test_a_file_of_one_enterprise_is_not_found_by_its_neighbour(jia, yi):
    with enterprise_scope(jia):
        name = default_storage.save(storage.key("trial/note.txt"), ContentFile(b"jia"))
        assert default_storage.exists(storage.key("trial/note.txt"))
    with enterprise_scope(yi):
        assert not default_storage.exists(storage.key("trial/note.txt"))
    with enterprise_scope(jia):
        default_storage.delete(name)


@pytest.mark.req("S2")
def test_every_way_into_the_cache_keeps_enterprises_apart(jia, yi):
    with enterprise_scope(jia):
        cache.set("one", "甲")
        cache.set_many({"two": "甲", "three": "甲"})
        cache.add("count", 1)
        cache.incr("count")
        cache.get_or_set("four", "甲")
    with enterprise_scope(yi):
        assert cache.get_many(["one", "two", "three", "four", "count"]) == {}
        assert not cache.has_key("one")
        assert cache.add("count", 1)
        assert not cache.delete("two")
    with platform_scope():
        assert cache.get("one") is None
    with enterprise_scope(jia):
        assert cache.get_many(["one", "two", "three", "four", "count"]) == {
            "one": "甲",
            "two": "甲",
            "three": "甲",
            "four": "甲",
            "count": 2,
        }


def test_a_platform_entry_is_the_same_from_everywhere(jia):
    with platform_scope():
        cache.set("platform:notice", "维护")
    for place in (enterprise_scope(jia), using(None)):
        with place:
            assert cache.get("platform:notice") == "维护"


def test_a_key_made_of_input_cannot_reach_a_neighbour(jia, yi):
    with enterprise_scope(yi):
        cache.set("secret", "乙")
    with enterprise_scope(jia):
        for key in (f"{yi.schema_name}:secret", f"../{yi.schema_name}:secret", f":1:{yi.schema_name}:secret"):
            assert cache.get(key) is None


def test_raw_keys_of_valkey_carry_the_place_too(jia, yi):
    with enterprise_scope(jia):
        mine = valkey.key("code", "138")
    with enterprise_scope(yi):
        theirs = valkey.key("code", "138")
    assert mine == f"anxue:{jia.schema_name}:code:138"
    assert mine != theirs
    with using(None):
        assert valkey.platform_key("outbox") == "anxue:platform:outbox"
