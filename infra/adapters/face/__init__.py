"""Plugs that see faces, and plugs that know whose they are. OpenCV is loaded on the first look, never by the web."""
