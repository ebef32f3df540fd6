"""Who owns what a course is made of, and what the platform may do with it."""
