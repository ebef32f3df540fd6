"""What is printed, as PDF: laid out by typst with fonts from a wheel, no system library. `signing` signs it and is imported where it is needed: it loads slowly."""

from infra.adapters.pdf.archives import FilePress
from infra.adapters.pdf.certificate import TypstPrinter
from infra.adapters.pdf.classes import ClassPrinter
from infra.adapters.pdf.papers import PaperPress
from infra.adapters.pdf.poster import PosterPress
from infra.adapters.pdf.report import TypstReports

__all__ = ["ClassPrinter", "FilePress", "PaperPress", "PosterPress", "TypstPrinter", "TypstReports"]
