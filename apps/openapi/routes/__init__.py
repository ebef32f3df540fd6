"""Operations of the open interface, by subject."""
