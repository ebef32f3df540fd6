"""Training plans from the law's templates, course selection, assignments."""
