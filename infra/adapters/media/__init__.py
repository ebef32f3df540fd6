"""Media work, file to file: slides, speech, lessons, subtitles, probing and encrypted HLS. No models, no settings."""
