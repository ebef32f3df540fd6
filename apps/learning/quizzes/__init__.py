"""Quizzes within courses: lessons that ask, and points at which a film stops until it was answered."""
