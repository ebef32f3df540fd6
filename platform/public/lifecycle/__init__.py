"""The life of an enterprise on the platform: verified, suspended, visited by leave, closed."""
