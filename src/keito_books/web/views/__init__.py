"""Pages of Keito's own side, one file per place."""
