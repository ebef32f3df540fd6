"""A learner's file for an operator of the platform who was granted access for one complaint. Who may ask is decided there."""

from datetime import datetime
from uuid import UUID

from apps.people import api as people
from apps.records import api as records
from public.complaints import api as complaints

MOST_LINES = 50
"""Lines of each table: enough to judge one complaint by."""


class RecordsOfComplaints:
    """Fills `public.complaints` with the file of one learner of the enterprise one stands in."""

    def find(self, mobile: str) -> UUID | None:
        """Return the learner of a mobile number, or None."""
        found = people.search_learners(text=mobile, status="", limit=2)
        return found[0].uuid if len(found) == 1 else None

    def blocks(self, subject: UUID, *, at: datetime) -> list[complaints.Block]:
        """Return the file as the enterprise's managers see it, numbers masked.

        :raises DomainError: 404 ``not_found``
        """
        document = records.learner_file(subject, at=at).first(MOST_LINES)
        blocks = [complaints.Block(str(document.title), [(str(name), str(value)) for name, value in document.facts])]
        for section in document.sections:
            facts = [(str(name), str(value)) for name, value in section.facts]
            if facts:
                blocks.append(complaints.Block(str(section.title), facts))
            for table in section.tables:
                title = f"{section.title} · {table.title}" if table.title else str(section.title)
                rows = [[str(cell) for cell in row] for row in table.rows]
                blocks.append(complaints.Block(title, (), [str(head) for head in table.heads], rows))
        return blocks
