"""Study sessions, beats and the credit engine."""
