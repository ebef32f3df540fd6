"""How questions and papers do: difficulty, discrimination, reliability, answers that are too much alike."""
