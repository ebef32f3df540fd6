"""Offline classes of the enterprise: its trainers and rooms, who sits in, who was there, what that counts."""
