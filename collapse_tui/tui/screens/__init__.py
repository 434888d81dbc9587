"""The screens, one file each, with their texts and actions."""
