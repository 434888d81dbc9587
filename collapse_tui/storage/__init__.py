"""The durable run folder: nothing else writes there."""
