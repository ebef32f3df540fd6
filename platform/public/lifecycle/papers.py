"""Papers as answers: pictures may be shown inside a page, everything else is a download, nothing is ever run."""

from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.lifecycle.models import Paper
from public.uploads import api as uploads


def given(paper: Paper) -> FileResponse:
    """Return a paper.

    :raises DomainError: 404 where the store has lost it
    """
    try:
        file = uploads.open_upload(paper.upload)
    except FileNotFoundError as error:
        raise DomainError("not_found", _("没有找到这份扫描件，请联系企业重新上传。"), status=404) from error
    response = FileResponse(file, as_attachment=not paper.is_picture, filename=paper.file_name)
    response["Content-Type"] = paper.content_type or "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
