"""Public pages: landing, sign-up, certificate verification, supervision."""
