"""The portal of authorities: figures of the own division, what is behind them, rectification notices."""
