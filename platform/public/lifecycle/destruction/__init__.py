"""Destroying what is kept of a closed enterprise when the legal periods are over: approved by two, step by step, certified (decision 0071)."""
