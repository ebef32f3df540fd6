"""What reaches the emergency-management authority: records, certificates, signed feeds."""
