"""Files of questions as Chinese trainers write them: read into drafts, and written so that they read back the same.

Pure: no database, no clock. Read first: `opening.py` (which file is it), `paper.py` (numbered text), `table.py` (rows under headings).
"""

from public.questions.reading.opening import read, read_text
from public.questions.reading.shapes import MAX_BYTES, MAX_QUESTIONS, BadFile, Draft, Reading, Remark, refuse, remark_words
from public.questions.reading.wording import tidy, tidy_lines
from public.questions.reading.writing import DOCX, answer_text, document, workbook

__all__ = [
    "DOCX",
    "MAX_BYTES",
    "MAX_QUESTIONS",
    "BadFile",
    "Draft",
    "Reading",
    "Remark",
    "answer_text",
    "document",
    "read",
    "read_text",
    "refuse",
    "remark_words",
    "tidy",
    "tidy_lines",
    "workbook",
]
