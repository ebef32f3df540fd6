"""Pages of plans: the learner's home, the manager's console, the archive."""
