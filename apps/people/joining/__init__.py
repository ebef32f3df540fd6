"""How people come in and stay in: invite links, registration, sign-in by other systems, devices, a new phone."""
