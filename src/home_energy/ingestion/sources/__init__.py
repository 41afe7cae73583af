"""One file per provider. A source knows its provider and `domain`, nothing else."""
