"""The published contract, version 1: JSON Schema, XSD, WSDL and examples, as files that partners are given. Written by hand, never generated at run time."""

from functools import lru_cache
from pathlib import Path

from lxml import etree

from infra.kit.exchange.documents import BadDocument

FOLDER = Path(__file__).parent
TYPES = {".json": "application/json", ".xml": "application/xml", ".xsd": "application/xml", ".wsdl": "text/xml"}


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the names of all files, e.g. ``records-1.schema.json`` and ``examples/records-1.json``."""
    found = (path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in TYPES)
    return tuple(sorted(found))


def read(name: str) -> bytes:
    """Return one file.

    :raises KeyError: there is none of this name
    """
    if name not in names():
        raise KeyError(name)
    return (FOLDER / name).read_bytes()


@lru_cache(maxsize=1)
def xsd() -> etree.XMLSchema:
    """Return the XSD, read once."""
    return etree.XMLSchema(etree.fromstring((FOLDER / "exchange-1.xsd").read_bytes()))


def validate(root: etree._Element) -> None:
    """Let an XML document pass that the XSD allows.

    :raises BadDocument: it does not; names the first place, never a value
    """
    schema = xsd()
    if not schema.validate(root):
        first = schema.error_log[0]
        raise BadDocument(f"line {first.line}: {first.type_name}")
