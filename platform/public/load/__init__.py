"""How much of its design load the platform carries, with warnings from 70 % on (clause 五.3)."""
