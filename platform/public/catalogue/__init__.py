"""Courses, immutable versions, courseware, media, shared questions and the law's training hours."""
