"""Plugs that see faces, and plugs that know whose they are. OpenCV is loaded on the first look, never by the web."""

from apps.people.ports import Authority
from infra.adapters.face import wire
from infra.adapters.face.aliyun import AliyunAuthority
from infra.adapters.face.none import NoAuthority
from infra.adapters.face.tencent import TencentAuthority


def authority_of(url: str, *, timeout_s: float = wire.TIMEOUT_S) -> Authority:
    """Return the plug that ``FACE_AUTHORITY_URL`` names; an empty one means that nobody is asked.

    :raises ValueError: an unknown vendor, or a part is missing
    """
    if not url:
        return NoAuthority()
    who = wire.account(url)
    vendors: dict[str, type[AliyunAuthority | TencentAuthority]] = {"aliyun": AliyunAuthority, "tencent": TencentAuthority}
    if who.vendor not in vendors:
        raise ValueError(f"FACE_AUTHORITY_URL names an unknown vendor: {who.vendor}")
    return vendors[who.vendor](who, timeout_s=timeout_s)
