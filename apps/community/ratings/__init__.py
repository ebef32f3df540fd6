"""How good a course was, said by those who have studied it."""
