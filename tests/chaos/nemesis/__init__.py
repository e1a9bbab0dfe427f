"""What is done to a rig while parties talk; each function takes the scene and counts its effect."""
