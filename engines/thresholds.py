"""Thresholds of the diagnosis, and of the metric `alive`."""

STAGES = ("stable", "early", "late", "dispersing", "diverged")
"""The words themselves (`engines.metrics.diagnosis`)."""
LATE_VARIANCE = 0.25
"""Below this share of the source's variance a replicate has collapsed late."""
DISPERSING_VARIANCE = 1.5
"""Above this multiple of the source's variance it disperses."""
LATE_DIVERSITY = 0.5
"""Below this share of the states' heterozygosity a replicate has collapsed late."""
EARLY_TAILS = 0.5
"""Below this share of the source's tail mass (images: of D_0's latents) it has collapsed early."""
DISPERSING_ERROR = 1.0
"""Above this multiple of the noise variance a regression's excess test error disperses."""
EARLY_TOKENS = 0.9
"""Below this share of D_0's different tokens a language model has collapsed early."""
DISPERSING_TAIL = 0.1
"""Above this share of D_n's blocks in the 1 % tail of D_0's perplexities it disperses."""
ALIVE_SD = 0.1
"""A real law counts as alive while its sd is above this share of the source's."""
