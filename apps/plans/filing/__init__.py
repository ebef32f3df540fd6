"""Files of learners and classes: what plans know of them, and the pages on which they are found, printed, corrected and packed."""
