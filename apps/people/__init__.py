"""Learners, managers and units of one enterprise; sign-in and import."""
