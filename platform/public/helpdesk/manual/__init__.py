"""The manual: one folder of markdown for each language, ``zh/learner/study.md``; which chapters there are stands in `chapters`."""
