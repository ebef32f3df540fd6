"""The book of wrong answers: what a learner got wrong, practised until it sits; what a manager learns from all of them."""
