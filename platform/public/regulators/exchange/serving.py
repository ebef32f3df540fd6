"""What partners ask of us: who they are, once and in time, and the three things they may do: take records, give receipts, settle a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from infra.kit.errors import DomainError
from infra.kit.exchange import documents, stamps
from infra.kit.exchange.documents import BadDocument
from infra.kit.exchange.stamps import Refused, Stamp
from infra.kit.exchange.suites import Keys
from infra.kit.labels import Label
from infra.kit.marking import PERSONS, PLAIN
from public.audit import api as audit
from public.regulators.exchange import parcels, receipts, reconciling, rules
from public.regulators.exchange.models import DayFile, Delivery, Partner
from public.regulators.exchange.partners import by_access_key, keys_of
from tenants import limits, valkey
from tenants.errors import Unavailable

PER_KEY, WRONG_PER_IP = "240/minute", "60/hour"
MOST_BYTES = 1024 * 1024
_WORDS = {
    "stamp_missing": _("请求缺少签名信息，或格式不对。请按接口文档带上全部签名头。"),
    "clock_skew": _("请求时间与服务器相差太多。请校准时钟，时间要带时区。"),
    "bad_signature": _("签名不对。请核对密钥、签名串和请求内容是否一致。"),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, with the stamp of the request."""

    partner: Partner
    keys: Keys
    stamp: Stamp
    ip: str

    def signed(self, body: bytes, *, what: str, at: datetime) -> Stamp:
        """Return the stamp of our answer; it names the request's nonce, so it fits no other request.

        :param what: HTTP status, or the SOAP element
        """
        own, nonce = self.partner.access_key, self.stamp.nonce
        return stamps.stamp(self.keys, method="ANSWER", path=what, key=own, body=body, nonce=nonce, at=at)


def caller(found: Stamp, *, method: str, path: str, query: str = "", body: bytes, ip: str, at: datetime) -> Caller:
    """Return who signed this request, now and for the first time.

    :raises DomainError: 401 ``unknown_key``, ``clock_skew``, ``bad_signature``; 409 ``replayed``
    :raises TooMany: too many requests of one key, or wrong ones from one address
    :raises Unavailable: Valkey does not answer: whether it is a repetition cannot be known
    """
    partner = by_access_key(found.key)
    if partner is None:
        limits.spend(WRONG_PER_IP, "exchange-ip", ip)
        raise DomainError("unknown_key", _("没有这个访问标识，或对接已停用。请联系平台运营。"), status=401)
    limits.spend(PER_KEY, "exchange", partner.access_key)
    keys = keys_of(partner, at=at)
    try:
        stamps.check(keys, found, method=method, path=path, query=query, body=body, at=at)
    except Refused as refusal:
        limits.spend(WRONG_PER_IP, "exchange-ip", ip)
        _turned_away(partner, refusal.code, ip, at)
        raise refused(refusal) from refusal
    if not _is_first(partner, found.nonce):
        limits.spend(WRONG_PER_IP, "exchange-ip", ip)
        _turned_away(partner, "replayed", ip, at)
        raise DomainError("replayed", _("这个请求已经处理过。请换一个随机串重新签名。"), status=409)
    return Caller(partner, keys, found, ip)


def refused(refusal: Refused) -> DomainError:
    """Return a refusal of a stamp as the edge answers it."""
    return DomainError(refusal.code, _WORDS[refusal.code], status=401)


def unreadable(error: BadDocument) -> DomainError:
    """Return a refusal of a document; the place is named, never a value."""
    return DomainError("bad_document", _("内容不符合接口文档，请按公布的模式检查。"), status=422, where=str(error)[:100])


def _turned_away(partner: Partner, why: str, ip: str, at: datetime) -> None:
    """Write down that somebody called in a partner's name and was not believed; at most as often as one address may be wrong."""
    target = f"partner:{partner.uuid}"
    audit.record("exchange.refused", actor="stranger", target=target, at=at, ip=ip or None, result=audit.Result.REFUSED, why=why)


def _is_first(partner: Partner, nonce: str) -> bool:
    """Remember a nonce for longer than any message may be old. Strangers never come so far, so nobody else can use one up."""
    life = 2 * stamps.WINDOW + timedelta(seconds=60)
    key = valkey.platform_key("exchange-nonce", partner.access_key, nonce)
    try:
        return bool(valkey.client().set(key, "1", nx=True, ex=life))
    except RedisError as error:
        raise Unavailable from error


@transaction.atomic
def take(who: Caller, *, after: int, limit: int, at: datetime) -> dict[str, Any] | None:
    """Return the next records behind number ``after``, and those that are to go out again; None where there are none.

    Asked again with the same ``after`` it gives the same records. What was waiting counts as sent until its receipt comes; what goes out
    again lies before ``after``, where nobody would look for it if this answer were lost: it is offered every few minutes until its receipt comes.

    :raises DomainError: 409 ``paused``
    """
    if who.partner.state == Partner.State.PAUSED:
        raise DomainError("paused", _("平台已暂停报送，记录会保留。恢复后请接着原来的序号取。"), status=409)
    size, partner, waits = max(1, min(limit, documents.MOST_RECORDS)), who.partner, Delivery.State.WAITING
    again = Q(state=waits) & (Q(told_at=None) | Q(told_at__lte=at - rules.OFFERED_AGAIN_AFTER))
    rows = list(
        Delivery.objects.filter(Q(seq__gt=after) | again, partner=partner).select_related("record").order_by("seq")[:size]
    )
    if not rows:  # who asks every few seconds is seen to be there, and fills no log
        Partner.objects.filter(pk=partner.pk).update(heard_at=at)
        return None
    waiting = Delivery.objects.filter(pk__in=[row.pk for row in rows if row.state == waits])
    waiting.update(told_at=at)
    waiting.filter(seq__gt=after).update(state=Delivery.State.SENT)
    _heard(who, "exchange.out.pull", at, what="records", rows=len(rows), label=PERSONS)
    companies = parcels.enterprises({row.record.schema_name for row in rows})
    return documents.parcel(
        [parcels.sent(row, companies) for row in rows],
        keys=who.keys,
        msg_id=str(uuid4()),
        sender=parcels.sender(),
        receiver=partner.code,
        at=parcels.stamp(at),
        enterprises=[parcels.company(row) for row in sorted(companies.values(), key=lambda row: row.pk)],
    )


@transaction.atomic
def give_receipts(who: Caller, document: object, *, at: datetime) -> int:
    """Write receipts down that come by themselves; return how many changed anything. Repeating is harmless.

    :raises DomainError: 422 ``bad_document``
    """
    try:
        msg_id, found = documents.read_receipts(document)
    except BadDocument as error:
        raise unreadable(error) from error
    changed = receipts.apply(who.partner, found, at=at)
    _heard(who, "exchange.in.receipts", at, what="receipts", rows=len(found), message=msg_id, changed=changed)
    return changed


def day(who: Caller, wanted: date, *, part: int, at: datetime) -> dict[str, Any]:
    """Return a day's file for the partner.

    :raises DomainError: 404 ``not_found``: the day is not over, or before the partner's first; 404 ``no_part``; 410 ``thinned``
    """
    row = DayFile.objects.select_related("partner").filter(partner=who.partner, day=wanted).first()
    _at_hand(row)
    said = reconciling.document(who.partner, wanted, part=part)
    _heard(who, "exchange.out.day", at, what="day", rows=len(said["lines"]), day=wanted.isoformat(), part=part)
    return said


def _at_hand(row: DayFile | None) -> DayFile:
    if row is None:
        raise DomainError("not_found", _("这一天还没有对账文件，次日凌晨生成。"), status=404)
    if reconciling.is_thinned(row):
        raise DomainError("thinned", _("这一天已经对账，逐条明细已过保存期限。"), status=410)
    return row


@transaction.atomic
def settle_day(who: Caller, wanted: date, document: object, *, at: datetime) -> int:
    """Take a partner's answer to a day's file, ``{"missing": [ids]}``; return how many records go out again.

    :raises DomainError: 404 ``not_found``, 410 ``thinned``, 422 ``bad_document``
    """
    row = (
        DayFile.objects.select_for_update(of=("self",)).select_related("partner").filter(partner=who.partner, day=wanted).first()
    )
    file = _at_hand(row)
    try:
        missing = documents.read_ids(document, "missing")
    except BadDocument as error:
        raise unreadable(error) from error
    _heard(who, "exchange.in.day", at, what="missing", rows=len(missing), day=wanted.isoformat())
    return reconciling.answer(file, missing, at=at)


def _heard(who: Caller, action: str, at: datetime, *, what: str, rows: int, label: Label = PLAIN, **facts: Any) -> None:
    """Write every request into the log of what goes in and out (clause 五.4). What a partner fetches goes out, whoever called."""
    partner = who.partner
    Partner.objects.filter(pk=partner.pk).update(heard_at=at)
    way = audit.Direction.OUT if action.startswith("exchange.out.") else audit.Direction.IN
    actor = target = f"partner:{partner.uuid}"
    audit.exchanged(action, way, actor=actor, target=target, at=at, ip=who.ip or None, party=partner.party, what=what, rows=rows,
                    label=label.code, nonce=who.stamp.nonce, **facts)  # fmt: skip
