"""What codes of failures mean, and what somebody can do about them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PROBLEMS: dict[str, Any] = {
    "no_connection": gettext_lazy("对方没有应答。系统会自动重试，持续不通请联系对方。"),
    "no_such_host": gettext_lazy("找不到对方的域名。请核对地址。"),
    "address_refused": gettext_lazy("地址不在允许访问的网络内。政务内网请由运维在 EXCHANGE_NETWORKS 里登记。"),
    "busy": gettext_lazy("对方繁忙，稍后自动重试。"),
    "http_5xx": gettext_lazy("对方系统出错，稍后自动重试。"),
    "redirect": gettext_lazy("对方要求跳转到别的地址，已拒绝。请填写最终地址。"),
    "too_large": gettext_lazy("对方的答复太大，没有读取。"),
    "not_let_in": gettext_lazy("对方拒绝了我们的身份。请核对访问标识和公钥。"),
    "replayed": gettext_lazy("对方认为请求重复，换随机串后自动重试。"),
    "document_refused": gettext_lazy("对方拒绝了这批数据。请查看对方日志后重新报送。"),
    "unsigned_answer": gettext_lazy("对方的答复没有签名或签名不对，不能采信。请核对对方公钥。"),
    "bad_answer": gettext_lazy("对方的答复不符合接口文档。"),
    "no_receipts": gettext_lazy("对方没有给出全部回执，将重新报送。"),
    "no_answer_yet": gettext_lazy("对账文件已送出，等待对方结果。"),
    "bad_key": gettext_lazy("对方的公钥不能用来加密。请向对方重新索取。"),
    "store_down": gettext_lazy("文件存放处不能读写，稍后自动重试。"),
    "fault": gettext_lazy("对方的 WebService 报错，稍后自动重试。"),
    "no_channel": gettext_lazy("这种报送方式没有启用。"),
}


def problem(code: str) -> str:
    """Return a code in words; "" for none."""
    if not code:
        return ""
    known = PROBLEMS.get(code)
    return str(known) if known is not None else _("对方退回，原因代码 %(code)s") % {"code": code}
