"""Questions about a course, answers, and which of them all may read."""
