"""What people are told about their personal information, and in which times their requests are answered."""
