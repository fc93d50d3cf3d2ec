"""The composition root: the only place that wires; everything opened here is closed here."""
