"""Passwords: what is refused and why, what is not; the rest after five wrong ones and how it is lifted."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.people.models import Change
from tenants.api import Credential
from tenants.scope import enterprise_scope

from .conftest import LEARNER, OWNER, browser, sign_in


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    "password",
    ["short1!", "12345678901", "password", "woaini1314", "Zhang19900307", "qwertyui", "1qaz2wsx", "aaaaaaaa", "abcdefgh", "87654321",
     "anquan@2026", "Admin!2026", "iloveyou520", "!!password!!"],
)  # fmt: skip
def test_what_everybody_takes_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "车间门口那只橘猫很胖", "tiger-climbs-9", "xk7#mQ2p", "我家住在三楼左边8号", "a-long-password"],
)
def test_long_ones_are_taken_whatever_signs_they_are_made_of(password):
    validate_password(password)


@pytest.mark.parametrize(
    "password",
    ["x13800000001x", "my-00000001-x", "330106199003070014!", "birthday19900307", "学员甲的密码是它", "xueyuanjia-9-x"],
)
def test_the_own_name_and_numbers_are_refused(staff, in_jia, password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, Credential.objects.by_login(LEARNER))
    assert "password_own" in {error.code for error in refusal.value.error_list}


def test_a_manager_whose_number_is_kept_nowhere_cannot_use_it_either(staff, in_jia):
    owner = Credential.objects.by_login(OWNER)
    with pytest.raises(ValidationError):
        validate_password(f"x{OWNER}x", owner)
    validate_password("x13800009999x", owner)


def test_a_refused_password_is_not_set_and_the_page_says_why(learner, jia, staff):
    words = {"old": "a-long-password", "new_password": "woaini1314", "repeat": "woaini1314"}
    answer = learner.post("/password", words)
    assert answer.status_code == 422
    assert "太常见" in answer.content.decode()
    assert sign_in(browser(jia), LEARNER).status_code == 302


def wrong(jia, times, mobile=LEARNER):
    return [sign_in(browser(jia), mobile, "wrong-password") for _ in range(times)][-1]


@pytest.mark.req("R2.1")
def test_the_sixth_try_says_how_long_the_password_rests(staff, jia):
    assert wrong(jia, 5).status_code == 422
    answer = sign_in(browser(jia), LEARNER)
    assert answer.status_code == 429
    assert "还要 15 分钟" in answer.content.decode()
    assert 880 <= int(answer["Retry-After"]) <= 900


@pytest.mark.req("R5.7")
def test_a_manager_lifts_it_and_history_tells(staff, jia, manager, neighbour):
    wrong(jia, 6)
    way_in = f"/console/people/{staff.uuid}/way-in"
    assert "已暂停" in manager.get(way_in).content.decode()
    assert neighbour.post(f"{way_in}/do", {"do": "unlock"}).status_code == 404
    assert sign_in(browser(jia), LEARNER).status_code == 429
    assert manager.post(f"{way_in}/do", {"do": "unlock"}).status_code == 302
    assert sign_in(browser(jia), LEARNER).status_code == 302
    with enterprise_scope(jia):
        change = Change.objects.get(action="unlocked")
        assert (change.by.name, change.changes) == ("安全员", {"sign_in": ["locked", "open"]})


def test_lifting_where_nothing_is_locked_writes_nothing(staff, jia, manager):
    wrong(jia, 2)
    manager.post(f"/console/people/{staff.uuid}/way-in/do", {"do": "unlock"})
    with enterprise_scope(jia):
        assert not Change.objects.filter(action="unlocked").exists()
