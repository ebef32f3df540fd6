"""What is printed, as PDF: laid out by typst with fonts from a wheel, no system library."""

from infra.adapters.pdf.archives import FilePress
from infra.adapters.pdf.certificate import TypstPrinter
from infra.adapters.pdf.classes import ClassPrinter
from infra.adapters.pdf.papers import PaperPress
from infra.adapters.pdf.poster import PosterPress
from infra.adapters.pdf.report import TypstReports
from infra.adapters.pdf.signing import PadesSigner

__all__ = ["ClassPrinter", "FilePress", "PadesSigner", "PaperPress", "PosterPress", "TypstPrinter", "TypstReports"]
