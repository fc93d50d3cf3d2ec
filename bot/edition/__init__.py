"""What to read now: rank stories, choose among them, quote them. Pure; the desk and the deliverer read and call."""
