"""Sun to AC energy: arrays on a roof in some weather."""
