"""What is measured: each name has one definition, whatever the engine."""
