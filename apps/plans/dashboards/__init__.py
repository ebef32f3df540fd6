"""Whether the enterprise is compliant: one sentence, then units, people, hours, exams and alerts."""
