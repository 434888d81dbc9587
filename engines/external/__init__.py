"""Heavy libraries and the Hugging Face cache, imported when they are used."""
