"""What a command or the command line may ask for; no Discord types."""
