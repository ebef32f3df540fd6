"""What a manager sees live: who studies now, alerts, and the replay of a sitting."""
