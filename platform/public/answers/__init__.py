"""Good answers of enterprises, looked over by the platform and shown to all who have the course."""
