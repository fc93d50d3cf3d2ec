"""Try mode in a browser: one local page that shows the stand-in as people would see Discord."""
