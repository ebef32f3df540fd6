"""One natural person across enterprises: the study lease and the day's allowance."""
