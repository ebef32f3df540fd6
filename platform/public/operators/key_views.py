"""Pages about data keys; operations only."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.ports import KMS
from public.operators import data_keys
from public.operators.desk import Me, Role, desk_page, frame
from public.operators.ports import CLEAR_FILES
from tenants.addresses import client_ip

_SERVICES = {
    "file": gettext_lazy("密钥文件"),
    "secret": gettext_lazy("由主密码派生"),
    "aws": "AWS KMS",
    "sdf": gettext_lazy("密码机"),
}
"""What a key service is, by the first part of its name."""


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List whose keys there are, and how far a change of keys has come."""
    get = request.GET
    page, lines = data_keys.page(search=get.get("q", ""), state=get.get("state", ""), number=get.get("page", "1"))
    platform, service = data_keys.platform_line(), KMS.get().name
    context = {
        "page_title": _("加密密钥"),
        "page": page,
        "lines": lines,
        "platform": platform,
        "states": data_keys.STATES,
        "chosen": get,
        "open_count": data_keys.open_count(),
        "service": _SERVICES.get(service.partition(":")[0], service),
        "service_name": service,
        "algorithm": settings.SEALING_ALGORITHM,
        "files": CLEAR_FILES.get().standing(),
        "moves": any(line.rotation and line.rotation.is_open for line in (platform, *lines)),
    }
    return render(request, "desk/keys.html", {**frame(request, me, "desk-keys"), **context})


@require_POST
@desk_page(Role.OPERATIONS)
def rotate(request: HttpRequest, me: Me) -> HttpResponse:
    """Have one owner's key changed; no ``enterprise`` means the platform."""
    wanted = request.POST.get("enterprise", "")
    enterprise_id = int(wanted) if wanted.isascii() and wanted.isdigit() else None if not wanted else 0
    data_keys.ask(enterprise_id=enterprise_id, me=me, at=clock.now(), ip=client_ip(request))
    messages.success(request, _("已开始更换密钥，业务不受影响。离开这一页也会继续。"))
    return redirect("desk-keys")


@require_POST
@desk_page(Role.OPERATIONS)
def seal_files(request: HttpRequest, me: Me) -> HttpResponse:
    """Have files encrypted that came before such files were."""
    data_keys.seal_files(me=me, at=clock.now(), ip=client_ip(request))
    messages.success(request, _("已开始加密早期附件，业务不受影响。离开这一页也会继续。"))
    return redirect("desk-keys")


@require_POST
@desk_page(Role.OPERATIONS)
def rotate_all(request: HttpRequest, me: Me) -> HttpResponse:
    """Have everybody's key changed."""
    count = data_keys.ask_all(me=me, at=clock.now(), ip=client_ip(request))
    words = ngettext("%(n)s 把密钥已排队更换，业务不受影响。", "%(n)s 把密钥已排队更换，业务不受影响。", count) % {"n": count}
    messages.success(request, words)
    return redirect("desk-keys")
