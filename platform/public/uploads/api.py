"""Front door of uploads."""

from public.uploads.attaching import Attached, Sender, attach, given, too_many
from public.uploads.forgetting import forget_of, handed_in, listed_of
from public.uploads.models import Upload
from public.uploads.queries import UploadView, local_upload, open_upload, own_upload, require_ready, unfinished, upload
from public.uploads.routes import Uploader, operator_uploader, upload_router
from public.uploads.services import abort, begin, complete

READY = Upload.State.READY

__all__ = [
    "READY",
    "Attached",
    "Sender",
    "UploadView",
    "Uploader",
    "abort",
    "attach",
    "begin",
    "complete",
    "forget_of",
    "given",
    "handed_in",
    "listed_of",
    "local_upload",
    "open_upload",
    "operator_uploader",
    "own_upload",
    "require_ready",
    "too_many",
    "unfinished",
    "upload",
    "upload_router",
]
