"""Neural language models: what the engine `lm` does with torch and transformers.

Loading this package loads neither.
"""
