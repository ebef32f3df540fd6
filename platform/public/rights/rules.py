"""What a version must have registered before people may see it (clause R3.2), as pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from public.catalogue.api import Gap, LessonKind
from public.rights.models import Kind, Licence, RightsAsset

NOTICE_DAYS = 60
"""How long before its end a term is called to mind."""
VISUAL = frozenset({Kind.VIDEO, Kind.ANIMATION, Kind.PICTURE})

NEEDED: dict[str, tuple[tuple[frozenset[str], Any], ...]] = {
    "VIDEO": (
        (frozenset(VISUAL), gettext_lazy("画面（视频、动画或图片）")),
        (frozenset({Kind.AUDIO}), gettext_lazy("声音（音频）")),
    ),
    "AUDIO": ((frozenset({Kind.AUDIO}), gettext_lazy("声音（音频）")),),
    "DOCUMENT": ((frozenset({Kind.TEXT}), Kind.TEXT.label),),
}
"""For each kind of media what must be registered: alternatives, and what people call them."""


@dataclass(frozen=True, slots=True)
class State:
    """Where one asset stands: ``code`` in OK, SOON, EXPIRED, EARLY, INCOMPLETE; ``problems`` in words."""

    code: str
    problems: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether the gate lets it pass."""
        return self.code in {"OK", "SOON"}


def state_of(asset: RightsAsset, on: date) -> State:
    """Return where an asset stands on a day."""
    problems = tuple(_problems(asset, on))
    if asset.valid_to is not None and asset.valid_to < on:
        return State("EXPIRED", problems)
    if asset.valid_from > on:
        return State("EARLY", problems)
    if problems:
        return State("INCOMPLETE", problems)
    soon = asset.valid_to is not None and asset.valid_to <= on + timedelta(days=NOTICE_DAYS)
    return State("SOON" if soon else "OK", ())


def _problems(asset: RightsAsset, on: date) -> Iterable[str]:
    if not asset.holder.strip():
        yield _("没有填写权利人")
    if asset.licence not in Licence.values:
        yield _("没有选择授权方式")
    if not asset.may_transmit:
        yield _("授权范围不含信息网络传播")
    if asset.evidence is None and not asset.statement:
        yield _("没有上传授权证明")
    if asset.valid_from > on:
        yield _("授权自 %(day)s 起才生效") % {"day": asset.valid_from.isoformat()}
    if asset.valid_to is not None and asset.valid_to < on:
        yield _("授权已于 %(day)s 到期") % {"day": asset.valid_to.isoformat()}


def missing(lessons: Sequence[LessonKind], assets: Sequence[RightsAsset], people_appear: bool | None, *, on: date) -> list[Gap]:
    """Return in words everything that the register of one version lacks on a day.

    :param assets: the current ones, without those that were replaced
    :param people_appear: the author's answer; None when nobody answered
    """
    found = [*_missing_kinds(lessons, assets), *_missing_portraits(assets, people_appear)]
    for asset in assets:
        state = state_of(asset, on)
        if state.problems:
            words = {"kind": Kind(asset.kind).label, "title": asset.title, "why": "；".join(state.problems)}
            found.append(Gap("rights_asset", _("%(kind)s“%(title)s”：%(why)s") % words, asset.courseware_id))
    return found


def _missing_kinds(lessons: Sequence[LessonKind], assets: Sequence[RightsAsset]) -> Iterable[Gap]:
    registered = {asset.kind for asset in assets}
    for kind in (Kind.TEXT, Kind.FONT):
        if kind not in registered:
            yield Gap("rights_kind", _("还没有登记%(kind)s的版权") % {"kind": kind.label})
    reported: set[frozenset[str]] = {frozenset({kind.value}) for kind in (Kind.TEXT, Kind.FONT) if kind not in registered}
    for lesson in lessons:
        for kinds, name in NEEDED.get(lesson.kind, ()):
            if kinds in reported:
                continue
            if not registered & kinds:
                reported.add(kinds)
                yield Gap("rights_kind", _("还没有登记%(kind)s的版权") % {"kind": name})
            elif not any(asset.kind in kinds and asset.courseware_id in {None, lesson.id} for asset in assets):
                words = {"title": lesson.title, "kind": name}
                yield Gap("rights_lesson", _("课件“%(title)s”没有登记%(kind)s的版权") % words, lesson.id)


def _missing_portraits(assets: Sequence[RightsAsset], people_appear: bool | None) -> Iterable[Gap]:
    if people_appear is None:
        yield Gap("rights_people", _("还没有回答“画面或声音里有没有可辨认的人”"))
    elif people_appear and not any(asset.kind == Kind.PORTRAIT for asset in assets):
        yield Gap("rights_portrait", _("有人出镜，但还没有登记肖像权人的同意"))
