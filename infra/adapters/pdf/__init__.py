"""Certificates as PDF: laid out by typst with fonts from a wheel, no system library."""

from infra.adapters.pdf.certificate import TypstPrinter
from infra.adapters.pdf.report import TypstReports

__all__ = ["TypstPrinter", "TypstReports"]
