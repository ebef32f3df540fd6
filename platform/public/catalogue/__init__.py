"""Courses, immutable versions, courseware, media and the law's training hours."""
