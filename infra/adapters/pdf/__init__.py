"""Certificates as PDF: laid out by typst with fonts from a wheel, no system library."""

from infra.adapters.pdf.certificate import TypstPrinter

__all__ = ["TypstPrinter"]
