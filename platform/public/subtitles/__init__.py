"""Subtitles: what is said in films and sounds, as timed text that people can read, correct and search."""
