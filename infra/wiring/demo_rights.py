"""The register of the demo courses: own words, slides and sound of the demo author, and the font's real licence as evidence."""

import io
import tempfile
import urllib.request
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from uuid import UUID

import typst

from infra.adapters.media.slides import font_folder
from public.catalogue import api as catalogue
from public.rights import api as rights
from public.rights.models import RightsAsset
from public.uploads import api as uploads
from public.uploads import checking
from public.uploads import services as parts
from public.uploads.models import Upload

FONTS = "pylopdf-fonts-zh-cn"
OFL_FILE = "SIL-OFL-1.1.pdf"
_DECLARED = "本素材由课程作者为本课程独立创作，未使用他人作品，用于平台演示。"
_OWN = (
    ("TEXT", "讲稿、课件文字与字幕", ""),
    ("PICTURE", "课件版面", ""),
    ("VIDEO", "讲解视频画面", "由本课程的课件版面合成"),
    ("AUDIO", "讲解旁白（合成语音）", "由 eSpeak NG 合成；软件许可为 GPL-3.0，合成出的声音不受其限制"),
)
_PAGE = """#set page(margin: 2cm)
#set text(font: "Noto Sans SC", size: 9pt)
#for line in read("licence.txt").split("\\n") [#line \\ ]
"""


def register(version_id: int, *, author_id: int, author_name: str, at: datetime) -> None:
    """Enter what a demo course uses, unless its register is in order already. Stands on the platform.

    :raises DomainError: the course cannot be written any more
    """
    if not rights.rights_gaps(version_id, at):
        return
    by, since = rights.Person(author_id, author_name), date(at.year, 1, 1)
    registered = {asset.kind for asset in rights.assets_of(version_id)}
    for kind, title, note in _OWN:
        if kind not in registered:
            facts = rights.Facts(
                kind=kind,
                title=title,
                holder=author_name,
                licence="OWN",
                licence_text=note,
                may_transmit=True,
                may_adapt=True,
                may_sublicense=True,
                statement=_DECLARED,
                valid_from=since,
            )
            rights.register(version_id=version_id, facts=facts, by=by, at=at)
    if "FONT" not in registered:
        rights.register(version_id=version_id, facts=_font(author_id, since, at), by=by, at=at)
    rights.answer_people(version_id=version_id, people_appear=False, by=by, at=at)


def complete_published(*, author_id: int, at: datetime) -> None:
    """Enter what demo courses still lack that were published before there was a register."""
    ids = [row.version_id for row in catalogue.standings(state="PUBLISHED", author_id=author_id)]
    for version_id, missing in rights.gaps_of(ids, at=at).items():
        if missing:
            register(version_id, author_id=author_id, author_name="课程作者", at=at)


def _font(author_id: int, since: date, at: datetime) -> rights.Facts:
    return rights.Facts(
        kind="FONT",
        title="思源黑体 Noto Sans SC",
        holder="Adobe、Google",
        licence="OPEN",
        licence_text="SIL Open Font License 1.1",
        may_transmit=True,
        may_adapt=True,
        may_sublicense=True,
        territory="全球",
        evidence=_licence_scan(author_id, at),
        valid_from=since,
    )


def _licence_scan(author_id: int, at: datetime) -> UUID:
    """Return the demo author's upload of the font's licence, made from the package once."""
    former = RightsAsset.objects.filter(kind="FONT", licence="OPEN", registered_by=author_id, evidence__isnull=False).first()
    if former is not None and former.evidence is not None:
        return former.evidence
    return upload(licence_pdf(), OFL_FILE, owner_id=author_id, at=at)


def upload(data: bytes, name: str, *, owner_id: int, at: datetime, provider_schema: str = "") -> UUID:
    """Bring a file in as somebody's evidence, checked."""
    begun = uploads.begin(
        owner_id=owner_id, provider_schema=provider_schema, purpose="evidence", file_name=name, size=len(data), at=at
    )
    _send(begun.uuid, data, at)
    # Checked here and now: the first courses are published before there is a worker.
    Upload.objects.filter(uuid=begun.uuid).update(state=Upload.State.CHECKING)
    checking.check(upload=begun.uuid, at=at)
    return begun.uuid


def _send(upload: UUID, data: bytes, at: datetime) -> None:
    link = parts.sign_part(upload=upload, number=1)
    if not link:
        parts.accept_part(upload=upload, number=1, body=io.BytesIO(data), declared=len(data), at=at)
        return
    asked = urllib.request.Request(link, data=data, method="PUT")  # noqa: S310 - our own object store's signed address
    urllib.request.urlopen(asked, timeout=60).close()  # noqa: S310


def licence_pdf() -> bytes:
    """Return the licence that came with the font package, as a PDF."""
    found = next(file for file in metadata.files(FONTS) or () if file.name == "LICENSE")
    return pdf_of(found.read_text("utf-8"))


def pdf_of(text: str) -> bytes:
    """Return a text as a PDF, line by line."""
    with tempfile.TemporaryDirectory(prefix="anxue-licence-") as folder:
        Path(folder, "licence.txt").write_text(text, "utf-8")
        page = Path(folder, "page.typ")
        page.write_text(_PAGE, "utf-8")
        compiler = typst.Compiler(input=str(page), font_paths=[str(font_folder())], ignore_system_fonts=True)
        made = compiler.compile(format="pdf")
    assert isinstance(made, bytes)  # noqa: S101 - one file was asked for
    return made
