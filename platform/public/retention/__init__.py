"""How long what must be kept, by which law; where old months lie; what may not be deleted, and who asked to see or take something."""
